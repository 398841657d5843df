//! Custom rules in Rego over the facts of a run, without IO and within limits.
