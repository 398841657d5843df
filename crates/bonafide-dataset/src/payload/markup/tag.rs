//! A tag and its attributes.

use memchr::memmem;

/// Attributes of one tag that are looked at; a page has a dozen.
const MOST_ATTRIBUTES: usize = 64;

/// A tag that opens an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// Its name as written.
    pub(super) name: &'t str,
    /// Attributes by name as written, in their order.
    pub(super) attributes: Vec<(&'t str, &'t str)>,
    /// Ends with `/>`.
    pub(super) closed: bool,
}

impl<'t> Tag<'t> {
    pub(super) const fn new(name: &'t str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            closed: false,
        }
    }

    pub(super) fn push(&mut self, name: &'t str, value: &'t str) {
        if self.attributes.len() < MOST_ATTRIBUTES {
            self.attributes.push((name, value));
        }
    }

    /// The value of an attribute; the first counts, as in the standard.
    pub(super) fn attribute(&self, name: &str) -> Option<&'t str> {
        self.attributes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// True if the element has one of these names.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        names
            .iter()
            .any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// True for scripts, frames and embedded programs, for handlers of events, and for
    /// addresses that are programs.
    ///
    /// `object` and `embed` need an attribute that says what they load, because
    /// `List<object>` is no markup.
    pub(super) fn is_active(&self) -> bool {
        let has = |name: &str| self.attribute(name).is_some();
        if self.is(&["script"]) {
            return true;
        }
        if self.is(&["iframe", "frame", "embed"]) && (has("src") || has("srcdoc")) {
            return true;
        }
        if self.is(&["object", "applet"]) && (has("data") || has("classid") || has("code")) {
            return true;
        }
        self.attributes
            .iter()
            .any(|(name, value)| is_handler(name, value) || is_program(name, value))
    }
}

/// `onload="…"`. A handler without a program does nothing, and `on == 1` is a comparison.
fn is_handler(name: &str, value: &str) -> bool {
    let lower = name
        .get(..2)
        .is_some_and(|on| on.eq_ignore_ascii_case("on"));
    lower
        && name.len() > 3
        && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !value.trim().is_empty()
        && !value.starts_with('=')
}

const ADDRESSES: &[&str] = &[
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "data",
    "poster",
    "background",
    "to",
    "values",
];

fn is_program(name: &str, value: &str) -> bool {
    ADDRESSES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
        && is_program_address(value)
}

/// True for addresses that run something when they are followed: `javascript:`,
/// `vbscript:`, and `data:` with a page in it. Browsers pass over white space and controls
/// in them, and so does this.
pub(super) fn is_program_address(address: &str) -> bool {
    let start: String = address
        .chars()
        .filter(|character| !character.is_whitespace() && !character.is_control())
        .take(32)
        .collect::<String>()
        .to_ascii_lowercase();
    if let Some(program) = start.strip_prefix("javascript:") {
        // What pages write where a link does nothing.
        return !matches!(program, "" | ";" | "void(0)" | "void(0);" | "//");
    }
    start.starts_with("vbscript:")
        || start.starts_with("data:text/html")
        || start.starts_with("data:image/svg+xml")
            && memmem::find(&address.as_bytes().to_ascii_lowercase(), b"script").is_some()
}
