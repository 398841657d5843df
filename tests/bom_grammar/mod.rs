//! The rules of CycloneDX JSON against the official schemas, the official documents,
//! and another implementation of JSON Schema.
//!
//! Schemas and documents are among the vectors, which are not part of this repository;
//! without them these tests say so, and pass.

mod interchange;
mod mutation;
mod official;
mod schema;
mod second_opinion;
mod tables;
