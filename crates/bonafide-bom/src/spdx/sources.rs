//! From the view back to the document.

use std::collections::HashMap;

use crate::json::Pointer;

/// Where parts of the view come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    places: HashMap<String, Pointer>,
}

impl Sources {
    pub(super) fn add(&mut self, view: &Pointer, source: Pointer) {
        self.places.insert(view.as_str().to_owned(), source);
    }

    /// Where in the document a part of the view comes from: itself, or the nearest part
    /// around it of which that is known. The document itself for what is no part of it.
    #[must_use]
    pub fn of(&self, view: &Pointer) -> Pointer {
        let mut text = view.as_str();
        loop {
            if let Some(source) = self.places.get(text) {
                return source.clone();
            }
            match text.rfind('/') {
                Some(end) => text = text.get(..end).unwrap_or_default(),
                None => return Pointer::root(),
            }
        }
    }
}
