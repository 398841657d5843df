//! The patterns of the specification.

use std::sync::LazyLock;

use regex::Regex;

/// A pattern that a text must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// The media type of a component.
    MediaType,
    /// A digest in hexadecimal, of the length of some algorithm.
    Digest,
    /// A UUID as a URN, in lower case.
    SerialNumber,
    /// A link to a BOM.
    BomLinkDocument,
    /// A link to something in a BOM.
    BomLinkElement,
    /// A language, with a country or without.
    Locale,
    /// An identifier of the OWASP Common Requirements Enumeration.
    OpenCre,
    /// The number of a patent, of its application or publication.
    PatentNumber,
    /// The office that granted a patent.
    PatentJurisdiction,
}

impl Pattern {
    /// Every pattern, in the order of its discriminant.
    pub const ALL: [Self; 9] = [
        Self::MediaType,
        Self::Digest,
        Self::SerialNumber,
        Self::BomLinkDocument,
        Self::BomLinkElement,
        Self::Locale,
        Self::OpenCre,
        Self::PatentNumber,
        Self::PatentJurisdiction,
    ];

    /// The pattern as the specification writes it, in the dialect of ECMA 262.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MediaType => "^[-+a-z0-9.]+/[-+a-z0-9.]+$",
            Self::Digest => {
                "^([a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$"
            }
            Self::SerialNumber => {
                "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
            }
            Self::BomLinkDocument => {
                "^urn:cdx:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[1-9][0-9]*$"
            }
            Self::BomLinkElement => {
                "^urn:cdx:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[1-9][0-9]*#.+$"
            }
            Self::Locale => "^([a-z]{2})(-[A-Z]{2})?$",
            Self::OpenCre => "^CRE:[0-9]+-[0-9]+$",
            Self::PatentNumber => r"^[A-Za-z0-9][A-Za-z0-9\-/.()\s]{0,28}[A-Za-z0-9]$",
            Self::PatentJurisdiction => "^[A-Z]{2}$",
        }
    }

    /// What it stands for, in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::MediaType => "a media type in lower case, such as `application/zip`",
            Self::Digest => "32, 40, 64, 96 or 128 hexadecimal digits",
            Self::SerialNumber => "`urn:uuid:` and a UUID in lower case",
            Self::BomLinkDocument => "a link `urn:cdx:UUID/VERSION`",
            Self::BomLinkElement => "a link `urn:cdx:UUID/VERSION#REFERENCE`",
            Self::Locale => "a language such as `en` or `en-US`",
            Self::OpenCre => "an identifier such as `CRE:764-507`",
            Self::PatentNumber => "the number of a patent",
            Self::PatentJurisdiction => "two capital letters",
        }
    }

    /// Does the text have the pattern? `$` is the end of the text, not the place before
    /// its last line break.
    #[must_use]
    pub fn is_match(self, text: &str) -> bool {
        static COMPILED: LazyLock<Vec<Option<Regex>>> = LazyLock::new(|| {
            let compiled = Pattern::ALL.map(|pattern| Regex::new(&translated(pattern.as_str())));
            compiled.into_iter().map(Result::ok).collect()
        });
        // What cannot be held against its pattern does not have it; a test compiles them all.
        matches!(COMPILED.get(self as usize), Some(Some(regex)) if regex.is_match(text))
    }
}

/// The pattern in the dialect of the `regex` crate. There `\s` is the property
/// White_Space, which has U+0085 and lacks U+FEFF, and `.` is all but U+000A.
/// ECMA 262 §22.2.2.9 and §22.2.2.7 say otherwise.
fn translated(pattern: &str) -> String {
    const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";
    pattern
        .replace(r"\s", SPACE)
        .replace(".+", r"[^\n\r\u{2028}\u{2029}]+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_is_found_under_its_number() {
        let examples = [
            "application/vnd.x+json",
            "0123456789abcdefABCDEF0123456789",
            "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
            "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1",
            "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/10#a b",
            "en-US",
            "CRE:1-22",
            "US 1/2-(3).4",
            "EP",
        ];
        for (pattern, example) in Pattern::ALL.into_iter().zip(examples) {
            assert_eq!(Pattern::ALL[pattern as usize], pattern);
            assert!(pattern.is_match(example), "{pattern:?}");
            assert!(!pattern.is_match(&format!("{example}\n")), "{pattern:?}");
            assert!(!pattern.is_match(""), "{pattern:?}");
        }
    }

    #[test]
    fn space_and_dot_are_those_of_ecma_262() {
        assert!(Pattern::PatentNumber.is_match("1\u{feff}1"));
        assert!(Pattern::PatentNumber.is_match("1\u{2029}1"));
        assert!(!Pattern::PatentNumber.is_match("1\u{85}1"));
        let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#";
        assert!(Pattern::BomLinkElement.is_match(&format!("{link}\u{85}")));
        for line_break in ["\n", "\r", "\u{2028}", "\u{2029}"] {
            assert!(!Pattern::BomLinkElement.is_match(&format!("{link}a{line_break}")));
        }
        // No digit but these ten.
        assert!(!Pattern::OpenCre.is_match("CRE:\u{661}-1"));
    }
}
