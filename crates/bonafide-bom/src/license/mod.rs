//! Licences that documents state, sorted by the kind of terms they impose, and
//! where a child's licence drops what its parent's imposes.
//!
//! This is for a lawyer to look at. Nothing here decides whether a use is lawful:
//! a conflict says which words to read, and no conflict says only that the table
//! knows of none.

mod catalogue;
mod conflict;
mod expression;
mod identifiers;
mod terms;

pub use conflict::{Conflict, conflicts};
pub use expression::{
    Licence, LicenceError, LicenceKind, LicenceSet, MOST_ALTERNATIVES, MOST_BYTES, MOST_TOGETHER,
};
pub use terms::{Term, Terms};
