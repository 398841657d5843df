//! How much a document may make out of little.

use std::borrow::Cow;

use super::MOST_SHARED;
use super::recognition::SpdxError;
use crate::json::Pointer;
use crate::view::Text;

/// Longest pointer that is kept. Names of members are as long as a document likes, and
/// each of thousands of elements would keep such a name.
const LONGEST_POINTER: usize = 1024;

/// The pointer itself, or the nearest place around it that takes few words to say.
pub(super) fn nearest(pointer: &Pointer) -> Pointer {
    let mut text = pointer.as_str();
    while text.len() > LONGEST_POINTER {
        text = text
            .rfind('/')
            .and_then(|end| text.get(..end))
            .unwrap_or_default();
    }
    Pointer::from_text(text)
}

/// Text that is taken from one element for another. What is borrowed from the document
/// costs nothing; text that had escapes is copied.
#[derive(Debug, Default)]
pub(super) struct Shared {
    taken: usize,
}

impl Shared {
    /// The text once more; nothing if there was too much of it.
    pub(super) fn text<'a>(&mut self, text: &Text<'a>) -> Text<'a> {
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text),
            Cow::Owned(text) => {
                self.taken = self.taken.saturating_add(text.len());
                if self.taken > MOST_SHARED {
                    return Cow::Borrowed("");
                }
                Cow::Owned(text.clone())
            }
        }
    }

    /// A pointer, to be kept.
    pub(super) fn pointer(&mut self, pointer: &Pointer) -> Pointer {
        let kept = nearest(pointer);
        self.taken = self.taken.saturating_add(kept.as_str().len());
        if self.taken > MOST_SHARED {
            return Pointer::root();
        }
        kept
    }

    /// Refuses a document of which there was too much.
    pub(super) const fn check(&self) -> Result<(), SpdxError> {
        if self.taken > MOST_SHARED {
            return Err(SpdxError::Shared { limit: MOST_SHARED });
        }
        Ok(())
    }
}
