//! Patterns of file sets, with the meaning that `mlcroissant` gives them.
//!
//! The specification says "glob pattern" and no more. `mlcroissant` 1.1.1 matches with
//! Python's `fnmatch` over the whole path: `*` and `?` match `/` too, `**` is `*` twice,
//! braces and backslashes are themselves, and letters keep their case. The crates for
//! globs mean other things by these, so this is our own.

use crate::json::Pointer;

/// Longest pattern in bytes that is tried; longer ones match nothing and say so.
pub(super) const LONGEST: usize = 4096;

/// A pattern of `includes` or `excludes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Where it is said.
    pub pointer: Pointer,
    /// As it was written.
    pub text: String,
}

/// A pattern, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matcher {
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// `*`.
    Any,
    /// `?`.
    One,
    /// A character.
    Character(char),
    /// `[…]`; ranges with both ends in them.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Token {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Character(known) => *known == character,
            Self::Class { negated, ranges } => {
                let inside = ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&character));
                inside != *negated
            }
        }
    }

    /// Comparisons that it takes at most.
    fn weight(&self) -> u64 {
        match self {
            Self::Class { ranges, .. } => u64::try_from(ranges.len()).unwrap_or(u64::MAX).max(1),
            _ => 1,
        }
    }
}

impl Matcher {
    /// Takes a pattern apart; none if it is longer than [`LONGEST`].
    pub(super) fn new(pattern: &str) -> Option<Self> {
        if pattern.len() > LONGEST {
            return None;
        }
        let characters: Vec<char> = pattern.chars().collect();
        let mut rest = characters.as_slice();
        let mut tokens = Vec::new();
        // Where one class is not closed, none after it is; they are not searched again.
        let mut closable = true;
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            tokens.push(match first {
                '*' => Token::Any,
                '?' => Token::One,
                '[' if closable => match class(after) {
                    Some((class, left)) => {
                        rest = left;
                        class
                    }
                    None => {
                        closable = false;
                        Token::Character('[')
                    }
                },
                character => Token::Character(*character),
            });
        }
        // Several stars in a row are one.
        tokens.dedup_by(|next, before| *next == Token::Any && *before == Token::Any);
        Some(Self { tokens })
    }

    /// True if the whole path fits. Takes from `budget` what was compared; none once
    /// it is used up, which is no answer.
    ///
    /// After a star that did not work out only the last star is tried again, so the work
    /// is at most the product of the lengths.
    pub(super) fn matches(&self, path: &str, budget: &mut u64) -> Option<bool> {
        let mut token = 0;
        let mut rest = path.chars();
        // Where to go on when it does not fit: after the last star, one character later.
        let mut resume: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let current = self.tokens.get(token);
            *budget = budget.checked_sub(current.map_or(1, Token::weight))?;
            if current == Some(&Token::Any) {
                token += 1;
                if token == self.tokens.len() {
                    return Some(true);
                }
                resume = Some((token, rest.clone()));
                continue;
            }
            let mut ahead = rest.clone();
            match (current, ahead.next()) {
                (None, None) => return Some(true),
                (Some(current), Some(character)) if current.takes(character) => {
                    token += 1;
                    rest = ahead;
                }
                // Nothing is left of the path; later starts leave even less.
                (Some(_), None) => return Some(false),
                _ => {
                    let Some((after_star, start)) = &mut resume else {
                        return Some(false);
                    };
                    if start.next().is_none() {
                        return Some(false);
                    }
                    token = *after_star;
                    rest = start.clone();
                }
            }
        }
    }
}

/// A class, from after its `[`; none if it is not closed, and then `[` is itself.
fn class(after: &[char]) -> Option<(Token, &[char])> {
    let negated = after.first() == Some(&'!');
    let inner = after.get(usize::from(negated)..)?;
    // A `]` in first place is a member.
    let end = inner.iter().skip(1).position(|member| *member == ']')? + 1;
    let (mut members, left) = inner.split_at_checked(end)?;
    let mut ranges = Vec::new();
    while let Some((low, rest)) = members.split_first() {
        match rest {
            // A range that runs backwards has no members.
            ['-', high, rest @ ..] => {
                ranges.push((*low, *high));
                members = rest;
            }
            _ => {
                ranges.push((*low, *low));
                members = rest;
            }
        }
    }
    Some((Token::Class { negated, ranges }, left.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Matcher::new(pattern)
            .unwrap()
            .matches(path, &mut 1_000_000)
            .unwrap()
    }

    /// Each answer is that of `re.match(fnmatch.translate(pattern), path)`, Python 3.11.
    #[test]
    fn as_fnmatch() {
        for (pattern, path, expected) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "b/a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("*.csv", "A.CSV", false),
            ("data/*.parquet", "data/x/y.parquet", true),
            ("**/*.jpg", "a.jpg", false),
            ("**/*.jpg", "d/a.jpg", true),
            ("train/**", "train/", true),
            ("a?b", "a/b", true),
            ("a?b", "ab", false),
            ("a?b", "aéb", true),
            ("{a,b}.csv", "a.csv", false),
            ("{a,b}.csv", "{a,b}.csv", true),
            ("a\\*", "a\\b", true),
            ("a\\*", "a*", false),
            ("[abc].txt", "b.txt", true),
            ("[!abc].txt", "b.txt", false),
            ("[!abc].txt", "d.txt", true),
            ("[^abc].txt", "^.txt", true),
            ("[^abc].txt", "d.txt", false),
            ("[a-c]", "b", true),
            ("[c-a]", "b", false),
            ("[!c-a]", "b", true),
            ("[]a]", "]", true),
            ("[]a]", "a", true),
            ("[!]a]", "]", false),
            ("[!]a]", "b", true),
            ("[a-]", "-", true),
            ("[--0]", ".", true),
            ("[a", "[a", true),
            ("[]", "[]", true),
            ("[!]", "[!]", true),
            ("[]-a]", "^", true),
            ("[a-c-e]", "-", true),
            ("[a-c-e]", "d", false),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "a1b2b3", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a\nb", "a\nb", true),
            ("a*", "a\nb", true),
            ("a", "a\n", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern:?} {path:?}");
        }
    }

    #[test]
    fn work_is_bounded_and_counted() {
        let pattern = Matcher::new(&"*a".repeat(2000)).unwrap();
        let path = format!("{}b", "a".repeat(4000));
        let mut budget = 20_000_000;
        assert_eq!(pattern.matches(&path, &mut budget), Some(false));
        assert_eq!(pattern.matches(&path, &mut 100), None);
        assert!(Matcher::new(&"*".repeat(LONGEST + 1)).is_none());
    }
}
