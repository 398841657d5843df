//! Records that are nearly the same, by MinHash and locality-sensitive hashing.
