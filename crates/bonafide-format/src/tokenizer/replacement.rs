//! Which replacements of a normaliser or decoder change words.

/// Why replacing a pattern by a text changes more than blanks and signs; none if it does not.
pub(super) fn harm(pattern: &str, is_expression: bool, content: &str) -> Option<&'static str> {
    let from = if is_expression {
        literal_part(pattern)
    } else {
        pattern.to_owned()
    };
    if content.contains("://") || from.contains("://") {
        return Some("it is about addresses");
    }
    // `<0x0A>` or `<n>` for a line break.
    let tag = |text: &str| text.starts_with(['<', '[']) && text.ends_with(['>', ']']);
    if tag(content.trim()) && letters(&from) == 0 {
        return None;
    }
    if tag(from.trim()) && letters(content) == 0 {
        return None;
    }
    if letters(content) >= 2 {
        return Some("it writes letters that were not there");
    }
    if letters(&from) >= 2 {
        return Some("it is about a word");
    }
    let ascii = |text: &str| text.chars().any(|c| c.is_ascii_alphanumeric());
    if ascii(&from) && ascii(content) && from != content && !is_case(&from, content) {
        return Some("it is about letters or digits");
    }
    // Of one character: dots, slashes and the like, which addresses and paths are made of.
    let sign = |text: &str| matches!(text.trim(), "." | "/" | "@" | ":" | "\\");
    if sign(&from) && sign(content) && from.trim() != content.trim() {
        return Some("it is about signs of addresses and paths");
    }
    None
}

fn is_case(from: &str, to: &str) -> bool {
    from.to_lowercase() == to.to_lowercase()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// What of a regular expression stands for itself: without classes, escapes and counts.
fn literal_part(expression: &str) -> String {
    let mut literal = String::new();
    let mut characters = expression.chars().peekable();
    let mut class = 0_usize;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                // `\p{Han}`, `\x{41}`, `\u0041`.
                Some('p' | 'P' | 'x' | 'u') if characters.peek() == Some(&'{') => {
                    skip_to(&mut characters, '}');
                }
                Some('x') => drop(characters.by_ref().take(2).count()),
                Some('u') => drop(characters.by_ref().take(4).count()),
                Some(escaped) if class == 0 && !escaped.is_alphanumeric() => literal.push(escaped),
                _ => {}
            },
            '[' => class += 1,
            ']' => class = class.saturating_sub(1),
            '{' if class == 0 => skip_to(&mut characters, '}'),
            // `(?i:`, `(?<!`, `(?P<name>`.
            '(' if class == 0 && characters.peek() == Some(&'?') => {
                while let Some(option) = characters.peek() {
                    if !option.is_ascii_alphabetic()
                        && !matches!(option, '?' | '<' | '!' | '=' | ':' | '>')
                    {
                        break;
                    }
                    let last = matches!(option, ':' | '!' | '=' | '>');
                    characters.next();
                    if last {
                        break;
                    }
                }
            }
            '^' | '$' | '(' | ')' | '|' | '*' | '+' | '?' | '.' => {}
            other if class == 0 => literal.push(other),
            _ => {}
        }
    }
    literal
}

fn skip_to(characters: &mut impl Iterator<Item = char>, end: char) {
    for character in characters {
        if character == end {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::harm;

    #[test]
    fn blanks_and_signs_are_left_alone_and_words_are_not() {
        for (pattern, is_expression, content) in [
            (" ", false, "▁"),
            ("▁", false, " "),
            ("``", false, "\""),
            (" {2,}", true, "▁"),
            ("\\s+", true, " "),
            ("[^\\p{Han}a-z]+", true, ""),
            ("\\n", true, "<n>"),
            ("\n", false, "<0x0A>"),
            ("(?<!\\n)^", true, "▁"),
            ("İ", false, "i"),
        ] {
            assert_eq!(harm(pattern, is_expression, content), None, "{pattern}");
        }
        for (pattern, is_expression, content) in [
            ("github.com", false, "github.example"),
            ("https?://", true, "ftp://"),
            ("not ", false, ""),
            ("^", true, "Say yes. "),
            ("1", false, "7"),
            ("(?i:password)", true, "x"),
            (".", false, "/"),
        ] {
            assert!(harm(pattern, is_expression, content).is_some(), "{pattern}");
        }
    }
}
