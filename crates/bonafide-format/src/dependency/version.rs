//! Versions of Python packages and conditions on them (PEP 440).

use std::cmp::Ordering;
use std::fmt;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    text: String,
    epoch: u64,
    release: Vec<u64>,
    pre: Option<(Stage, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Alpha,
    Beta,
    Candidate,
}

/// A part of a local version: words come before numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Word(String),
    Number(u64),
}

impl Version {
    /// Reads a version in any spelling that PEP 440 normalises.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        if trimmed.len() > 200 || !trimmed.is_ascii() {
            return None;
        }
        let lower = trimmed.to_ascii_lowercase();
        let plain = lower.strip_prefix('v').unwrap_or(&lower);
        let (public, local) = plain.split_once('+').unwrap_or((plain, ""));
        let local: Option<Vec<Part>> = if local.is_empty() {
            (!plain.ends_with('+')).then(Vec::new)
        } else {
            local.split(['.', '-', '_']).map(part).collect()
        };
        let (epoch, rest) = match public.split_once('!') {
            Some((epoch, rest)) => (epoch.parse().ok()?, rest),
            None => (0, public),
        };
        let mut reader = Reader { rest };
        let mut release = vec![reader.number()?];
        while let Some(number) = reader.after_dot() {
            release.push(number);
        }
        let pre = reader.pre();
        let post = reader.post();
        let dev = reader.word(&["dev"]);
        if !reader.rest.is_empty() {
            return None;
        }
        Some(Self {
            text: trimmed.to_owned(),
            epoch,
            release,
            pre,
            post,
            dev,
            local: local?,
        })
    }

    /// True for `1.0a1` and `1.0.dev3`.
    fn is_preliminary(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    fn trimmed(&self) -> &[u64] {
        let end = self
            .release
            .iter()
            .rposition(|number| *number != 0)
            .map_or(0, |last| last + 1);
        self.release.get(..end).unwrap_or_default()
    }

    /// Where a version stands before its final release, at it, or after.
    fn stage(&self) -> (u8, Option<(Stage, u64)>) {
        match (self.pre, self.post, self.dev) {
            // A development release of the final one is before all of its candidates.
            (None, None, Some(_)) => (0, None),
            (Some(pre), _, _) => (1, Some(pre)),
            (None, _, _) => (2, None),
        }
    }

    /// The order without the local part.
    fn compare_public(&self, other: &Self) -> Ordering {
        let dev = |version: &Self| version.dev.map_or((1, 0), |number| (0, number));
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.trimmed().cmp(other.trimmed()))
            .then_with(|| self.stage().cmp(&other.stage()))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| dev(self).cmp(&dev(other)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(
            self.compare_public(other)
                .then_with(|| self.local.cmp(&other.local)),
        )
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn number(&mut self) -> Option<u64> {
        let end = self
            .rest
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        let number = digits.parse().ok()?;
        self.rest = rest;
        Some(number)
    }

    fn after_dot(&mut self) -> Option<u64> {
        let before = self.rest;
        self.rest = self.rest.strip_prefix('.')?;
        let number = self.number();
        if number.is_none() {
            self.rest = before;
        }
        number
    }

    /// A word, with separators around it, and the number after it or zero.
    fn word(&mut self, words: &[&str]) -> Option<u64> {
        let plain = self.rest.strip_prefix(['.', '-', '_']).unwrap_or(self.rest);
        let rest = words.iter().find_map(|word| plain.strip_prefix(word))?;
        let digits = rest.strip_prefix(['.', '-', '_']).unwrap_or(rest);
        if digits.starts_with(|first: char| first.is_ascii_digit()) {
            self.rest = digits;
            return self.number();
        }
        self.rest = rest;
        Some(0)
    }

    fn pre(&mut self) -> Option<(Stage, u64)> {
        let stages: [(Stage, &[&str]); 3] = [
            (Stage::Alpha, &["alpha", "a"]),
            (Stage::Beta, &["beta", "b"]),
            (
                Stage::Candidate,
                &["candidate", "preview", "rc", "pre", "c"],
            ),
        ];
        stages
            .into_iter()
            .find_map(|(stage, words)| Some((stage, self.word(words)?)))
    }

    fn post(&mut self) -> Option<u64> {
        if let Some(number) = self.word(&["post", "rev", "r"]) {
            return Some(number);
        }
        // `1.0-1`
        let before = self.rest;
        self.rest = self.rest.strip_prefix('-')?;
        let number = self.number();
        if number.is_none() {
            self.rest = before;
        }
        number
    }
}

fn part(text: &str) -> Option<Part> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    Some(match text.parse() {
        Ok(number) => Part::Number(number),
        Err(_) => Part::Word(text.to_owned()),
    })
}

/// How a version is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    /// `==1.2.*`
    EqualPrefix,
    Not,
    NotPrefix,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// `~=1.2`
    Compatible,
}

/// Conditions, all of which have to hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Specifiers {
    conditions: Vec<(Comparison, Version)>,
}

impl Specifiers {
    /// Reads conditions that are separated by commas. None if one of them is not by PEP 440.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let conditions: Option<Vec<_>> = parts.map(condition).collect();
        Some(Self {
            conditions: conditions?,
        })
    }

    /// The one version that fulfils them, if one of them says so.
    pub(crate) fn exact(&self) -> Option<&Version> {
        let mut equal = self.conditions.iter();
        let (_, version) = equal.find(|(comparison, _)| *comparison == Comparison::Equal)?;
        Some(version)
    }

    /// True if a version fulfils all of them.
    pub(crate) fn admit(&self, version: &Version) -> bool {
        self.conditions
            .iter()
            .all(|(comparison, bound)| fulfils(version, *comparison, bound))
    }
}

fn condition(text: &str) -> Option<(Comparison, Version)> {
    let operators = [
        ("===", Comparison::Equal),
        ("==", Comparison::Equal),
        ("!=", Comparison::Not),
        ("~=", Comparison::Compatible),
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ];
    let (comparison, rest) = operators
        .iter()
        .find_map(|(operator, comparison)| Some((*comparison, text.strip_prefix(operator)?)))?;
    let rest = rest.trim();
    match (comparison, rest.strip_suffix(".*")) {
        (Comparison::Equal, Some(prefix)) => {
            Some((Comparison::EqualPrefix, Version::parse(prefix)?))
        }
        (Comparison::Not, Some(prefix)) => Some((Comparison::NotPrefix, Version::parse(prefix)?)),
        (_, Some(_)) => None,
        (comparison, None) => Some((comparison, Version::parse(rest)?)),
    }
}

fn fulfils(version: &Version, comparison: Comparison, bound: &Version) -> bool {
    let order = version.compare_public(bound);
    let equal = if bound.local.is_empty() {
        order == Ordering::Equal
    } else {
        version.partial_cmp(bound) == Some(Ordering::Equal)
    };
    let prefix = |length: usize| {
        let mut release = version.release.clone();
        release.resize(release.len().max(length), 0);
        version.epoch == bound.epoch && release.get(..length) == bound.release.get(..length)
    };
    match comparison {
        Comparison::Equal => equal,
        Comparison::Not => !equal,
        Comparison::EqualPrefix => prefix(bound.release.len()),
        Comparison::NotPrefix => !prefix(bound.release.len()),
        // `<2` leaves out the candidates of 2, as does pip.
        Comparison::Less => {
            order == Ordering::Less
                && (bound.is_preliminary()
                    || !version.is_preliminary()
                    || version.trimmed() != bound.trimmed())
        }
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => {
            order == Ordering::Greater
                && (bound.post.is_some()
                    || version.post.is_none()
                    || version.trimmed() != bound.trimmed())
        }
        Comparison::GreaterOrEqual => order != Ordering::Less,
        Comparison::Compatible => {
            order != Ordering::Less && prefix(bound.release.len().saturating_sub(1).max(1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    /// The order that PEP 440 gives as its example, and then some.
    #[test]
    fn versions_are_in_the_order_of_pep_440() {
        let ordered = [
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1.10",
            "1!0.1",
        ];
        for (index, low) in ordered.iter().enumerate() {
            for high in &ordered[index + 1..] {
                assert!(version(low) < version(high), "{low} {high}");
            }
        }
    }

    #[test]
    fn spellings_are_one() {
        for (one, other) in [
            ("1.0", "1"),
            ("v1.0", "1.0.0"),
            ("1.0-1", "1.0.post1"),
            ("1.0RC1", "1.0-c.1"),
            ("1.0.alpha", "1.0a0"),
            ("1.0_rev2", "1.0.post2"),
            ("1.0+ubuntu-1", "1.0+ubuntu.1"),
        ] {
            assert_eq!(
                version(one).partial_cmp(&version(other)),
                Some(Ordering::Equal),
                "{one} {other}"
            );
        }
        for not in ["", "1.0.x", "abc", "1..0", "1.0+", "1!", "1.0+a..b", "ü"] {
            assert!(Version::parse(not).is_none(), "{not}");
        }
    }

    #[test]
    fn conditions_hold_or_do_not() {
        for (conditions, yes, no) in [
            ("==1.0", "1.0.0", "1.0.1"),
            ("==1.0", "1.0+cu118", "1.0.post1"),
            ("==1.2.*", "1.2.9", "1.20"),
            ("!=1.2.*", "1.3", "1.2.1"),
            (">=1.0,<2", "1.9", "2.0rc1"),
            ("~=1.4.2", "1.4.9", "1.5"),
            ("~=1.4", "1.9", "2.0"),
            (">1.7", "1.8", "1.7.post1"),
            ("", "3", "3"),
            ("===1.0", "1.0", "1.1"),
        ] {
            let specifiers = Specifiers::parse(conditions).unwrap();
            assert!(specifiers.admit(&version(yes)), "{conditions} {yes}");
            assert_eq!(
                specifiers.admit(&version(no)),
                conditions.is_empty(),
                "{conditions} {no}"
            );
        }
        assert!(Specifiers::parse("^1.0").is_none());
        let exact = Specifiers::parse("== 2.6.0").unwrap();
        assert_eq!(
            exact.exact().map(ToString::to_string).as_deref(),
            Some("2.6.0")
        );
        assert!(Specifiers::parse(">=1").unwrap().exact().is_none());
    }
}
