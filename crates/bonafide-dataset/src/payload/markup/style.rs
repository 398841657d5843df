//! Styles that hide text.

/// A colour, as far as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) [u8; 3]);

pub(super) const WHITE: Colour = Colour([255; 3]);

impl Colour {
    /// `#fff`, `#ffffff`, `ffffff`, `rgb(255, 255, 255)`, or one of the names that matter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches("!important").trim();
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "white" => return Some(WHITE),
            "black" => return Some(Self([0; 3])),
            "red" => return Some(Self([255, 0, 0])),
            "blue" => return Some(Self([0, 0, 255])),
            "yellow" => return Some(Self([255, 255, 0])),
            _ => {}
        }
        if let Some(numbers) = lower
            .strip_prefix("rgb(")
            .and_then(|rest| rest.strip_suffix(')'))
        {
            let mut parts = numbers
                .split(|character: char| character == ',' || character.is_whitespace())
                .filter(|part| !part.is_empty())
                .map(|part| part.parse::<u8>().ok());
            let mut part = || parts.next().flatten();
            return Some(Self([part()?, part()?, part()?]));
        }
        let digits = lower.strip_prefix('#').unwrap_or(&lower);
        let pair = |from: usize, length: usize| {
            let found = digits.get(from..from + length)?;
            let value = u8::from_str_radix(found, 16).ok()?;
            Some(if length == 1 { value * 17 } else { value })
        };
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        match digits.len() {
            3 => Some(Self([pair(0, 1)?, pair(1, 1)?, pair(2, 1)?])),
            6 => Some(Self([pair(0, 2)?, pair(2, 2)?, pair(4, 2)?])),
            _ => None,
        }
    }
}

/// What a `style` attribute says that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    /// The text is not shown, or too small or too far away to be seen.
    pub(super) hides: bool,
    pub(super) colour: Option<Colour>,
    pub(super) background: Option<Colour>,
    /// Something else is behind the text: an image, a colour that is not understood.
    pub(super) background_unknown: bool,
}

impl Style {
    /// Reads declarations as far as the first 4,096 bytes.
    pub(super) fn parse(text: &str) -> Self {
        let mut style = Self::default();
        let mut end = text.len().min(4_096);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        for declaration in text.get(..end).unwrap_or("").split(';') {
            if let Some((name, value)) = declaration.split_once(':') {
                style.declare(
                    &name.trim().to_ascii_lowercase(),
                    &value.trim().to_ascii_lowercase(),
                );
            }
        }
        style
    }

    fn declare(&mut self, name: &str, value: &str) {
        let value = value.trim_end_matches("!important").trim();
        match name {
            "display" => self.hides |= value == "none",
            "visibility" => self.hides |= value == "hidden",
            "opacity" => self.hides |= value.parse::<f64>().is_ok_and(|opacity| opacity < 0.05),
            "font-size" => self.hides |= length(value).is_some_and(|size| size <= 1.0),
            "text-indent" | "left" | "right" | "top" | "margin-left" => {
                self.hides |= length(value).is_some_and(|far| far <= -900.0);
            }
            "color" => self.colour = Colour::parse(value),
            "background" | "background-color" | "background-image" => {
                self.background = Colour::parse(value)
                    .or_else(|| value.split_whitespace().find_map(Colour::parse));
                self.background_unknown = value.contains("url(")
                    || value.contains("gradient")
                    || self.background.is_none();
            }
            _ => {}
        }
    }
}

/// A length in pixels, points counted as pixels; of other units only zero is known.
fn length(value: &str) -> Option<f64> {
    let number_end = value
        .find(|character: char| {
            !(character.is_ascii_digit() || matches!(character, '.' | '-' | '+'))
        })
        .unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(number_end)?;
    let number: f64 = number.parse().ok()?;
    match unit.trim() {
        "px" | "pt" => Some(number),
        "em" | "rem" => Some(number * 16.0),
        "" | "%" if number == 0.0 => Some(0.0),
        _ => None,
    }
}
