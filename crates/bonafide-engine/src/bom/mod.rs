//! `bonafide bom`: bills of materials written, signed and compared.

mod check;
mod difference;
mod generate;
mod sign;
#[cfg(test)]
mod tests;
mod validation;

pub use bonafide_attest::jsf::EarlierSignature;
pub use bonafide_bom::difference::{Change, Difference, differs_in_meaning};
pub use bonafide_bom::generate::{ArtifactKind, Lifecycle, SerialNumber};
pub use bonafide_bom::profile::{PROFILES, ProfileId};
pub use bonafide_bom::purl::{HubKind, HubRepository};
pub use bonafide_bom::{Contradiction, RuleViolation, SpecVersion};
pub use check::{CheckRequest, CheckVerdict, Checked, check};
pub use difference::difference;
pub use generate::{GenerateRequest, Generated, generate};
pub use sign::{SignBomRequest, SignedBom, sign};
pub use validation::{ValidateRequest, Validation, validate};
