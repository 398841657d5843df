//! in-toto attestations of any predicate, in raw DSSE envelopes: making them.

mod sign;

pub use sign::{AttestError, MOST_PREDICATE_BYTES, Statement, Subject, is_envelope, sign};
