//! The rules of CycloneDX JSON 1.3 to 1.7, one definition for all five versions.
//!
//! 1.3 is held to its strict reading, in which unknown members are refused; every later
//! version has that reading alone.

mod algorithm;
mod component;
mod cryptography;
mod declaration;
mod document;
mod evidence;
mod formulation;
mod licence;
mod model;
mod party;
mod patent;
mod service;
mod signature;
mod vulnerability;

pub(super) use document::BOM;
