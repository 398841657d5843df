//! A defect, and the list of them, which has an end.

use std::fmt;

use bonafide_core::Severity;

use super::kind::DefectKind;
use crate::excerpt;
use crate::json::Pointer;

/// Most defects that are listed; then a marker says how many there are besides.
pub const MOST_DEFECTS: usize = 1_000;

/// Longest piece of a document in a sentence, in characters.
const EXCERPT: usize = 100;

/// Something that cannot be right, and where.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Defect {
    /// Where in the document.
    pub pointer: Pointer,
    /// What is wrong.
    pub kind: DefectKind,
}

impl fmt::Display for Defect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {}",
            excerpt(self.pointer.as_str(), 2 * EXCERPT),
            self.kind
        )
    }
}

/// Defects as they are found. Whoever fills the list with trifles does not push out what
/// is severe.
#[derive(Default)]
pub(super) struct Found {
    low: Vec<Defect>,
    medium: Vec<Defect>,
    high: Vec<Defect>,
    critical: Vec<Defect>,
    omitted: usize,
}

impl Found {
    pub(super) fn add(&mut self, pointer: &Pointer, kind: DefectKind) {
        let list = match kind.severity() {
            Severity::Low => &mut self.low,
            Severity::Medium => &mut self.medium,
            Severity::High => &mut self.high,
            Severity::Critical => &mut self.critical,
        };
        if list.len() < MOST_DEFECTS {
            list.push(Defect {
                pointer: pointer.clone(),
                kind,
            });
        } else {
            self.omitted += 1;
        }
    }

    pub(super) fn into_list(self) -> Vec<Defect> {
        let mut list = self.critical;
        list.extend(self.high);
        list.extend(self.medium);
        list.extend(self.low);
        let omitted = self.omitted + list.len().saturating_sub(MOST_DEFECTS);
        list.truncate(MOST_DEFECTS);
        if omitted > 0 {
            list.push(Defect {
                pointer: Pointer::root(),
                kind: DefectKind::More { omitted },
            });
        }
        list
    }
}

/// Text of the document as a sentence may hold it.
pub(super) fn quote(text: &str) -> String {
    excerpt(text, EXCERPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trifles_do_not_push_out_what_is_severe() {
        let mut found = Found::default();
        for _ in 0..3 * MOST_DEFECTS {
            found.add(&Pointer::root(), DefectKind::SerialNumberMissing);
        }
        let severe = DefectKind::AddressEscapes {
            address: quote("../\u{1b}[2J"),
        };
        found.add(&Pointer::root(), severe.clone());
        let list = found.into_list();
        assert_eq!(list.len(), MOST_DEFECTS + 1);
        assert_eq!(list.first().map(|defect| &defect.kind), Some(&severe));
        assert!(!severe.to_string().contains('\u{1b}'));
        let omitted = 2 * MOST_DEFECTS + 1;
        let last = list.last().map(|defect| &defect.kind);
        assert_eq!(last, Some(&DefectKind::More { omitted }));
    }
}
