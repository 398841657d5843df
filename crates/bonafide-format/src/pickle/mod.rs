//! Python pickles.

pub(crate) mod globals;
