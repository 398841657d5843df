//! Where in a text something was found.

use super::PayloadKind;

/// The first place of each kind, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Places([Option<usize>; PayloadKind::ALL.len()]);

impl Places {
    /// Notes a place, if it is the first of its kind.
    pub(super) fn note(&mut self, kind: PayloadKind, place: usize) {
        if let Some(first) = self.0.get_mut(kind.index()) {
            *first = Some(first.map_or(place, |known| known.min(place)));
        }
    }

    /// The first place of a kind.
    #[cfg(test)]
    pub(super) fn of(&self, kind: PayloadKind) -> Option<usize> {
        self.0.get(kind.index()).copied().flatten()
    }

    /// The places, ordered by kind.
    pub(super) fn iter(&self) -> impl Iterator<Item = (PayloadKind, usize)> {
        PayloadKind::ALL
            .into_iter()
            .zip(self.0)
            .filter_map(|(kind, place)| Some((kind, place?)))
    }

    /// The kinds alone.
    #[cfg(test)]
    pub(super) fn kinds(&self) -> Vec<PayloadKind> {
        self.iter().map(|(kind, _)| kind).collect()
    }
}
