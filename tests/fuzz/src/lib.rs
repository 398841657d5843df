//! What the fuzz targets do: one function for each, which takes any bytes and
//! panics when they show something that must not be.
//!
//! `cargo fuzz` calls them with inputs that it grows by coverage; the test
//! `fuzzing` of the workspace calls the same functions on stable Rust, with the
//! corpora and with mutants of them. Only the public interfaces of
//! `bonafide-attest`, `bonafide-bom` and `bonafide-format` are used, as any caller could.
//!
//! The oracle is not that nothing panics, but that nothing is proven which
//! nobody signed: a seed named `genuine-*` says what is, and whatever else
//! verifies has to say the same. Of documents, which prove nothing, the oracle is that
//! nothing is lost, nothing leads out of the artifact, and all can be printed; of models,
//! that every byte is accounted for, and that the same bytes always show the same.

mod bill;
mod bom_json;
mod bom_xml;
mod bundle;
mod certificate_path;
mod croissant;
mod dsse_statement;
mod jsf;
mod key;
mod licence;
mod model;
mod model_card;
mod oms_statement;
mod purl;
mod record_documents;
mod records;
mod revocation_list;
mod seal;
mod shown;
mod spdx;
mod trusted_root;
mod world;

pub use bom_json::bom_json;
pub use bom_xml::bom_xml;
pub use bundle::{bundle, bundle_verifies};
pub use certificate_path::{certificate_path, chain_verifies};
pub use croissant::croissant;
pub use dsse_statement::dsse_statement;
pub use jsf::jsf;
pub use key::key;
pub use licence::licence;
pub use model::*;
pub use model_card::model_card;
pub use oms_statement::oms_statement;
pub use purl::purl;
pub use record_documents::{record_list, record_manifest, record_proof};
pub use records::{records_parquet, records_tar, records_text};
pub use revocation_list::revocation_list;
pub use spdx::spdx;
pub use trusted_root::trusted_root;
pub use world::corpus;

/// A target: any bytes in, a panic for a broken promise.
pub type Target = fn(&[u8]);

/// The targets by the names of their corpora.
pub const TARGETS: [(&str, Target); 54] = [
    ("advisories", advisories),
    ("bom_json", bom_json),
    ("bom_xml", bom_xml),
    ("bundle", bundle),
    ("certificate_path", certificate_path),
    ("croissant", croissant),
    ("dsse_statement", dsse_statement),
    ("imports", imports),
    ("jsf", jsf),
    ("key", key),
    ("licence", licence),
    ("model_archive", model_archive),
    ("model_boosting", model_boosting),
    ("model_card", model_card),
    ("model_configuration", model_configuration),
    ("model_coreml", model_coreml),
    ("model_dependencies", model_dependencies),
    ("model_executorch", model_executorch),
    ("model_gguf", model_gguf),
    ("model_globals", model_globals),
    ("model_hdf5", model_hdf5),
    ("model_identified", model_identified),
    ("model_json", model_json),
    ("model_keras", model_keras),
    ("model_msgpack", model_msgpack),
    ("model_numpy", model_numpy),
    ("model_onnx", model_onnx),
    ("model_payload", model_payload),
    ("model_pickle", model_pickle),
    ("model_python", model_python),
    ("model_pytorch", model_pytorch),
    ("model_rds", model_rds),
    ("model_safetensors", model_safetensors),
    ("model_skops", model_skops),
    ("model_templates", model_templates),
    ("model_tensorflow", model_tensorflow),
    ("model_text", model_text),
    ("model_tflite", model_tflite),
    ("model_tokenizers", model_tokenizers),
    ("model_xml", model_xml),
    ("model_yaml", model_yaml),
    ("model_zip", model_zip),
    ("oms_statement", oms_statement),
    ("purl", purl),
    ("records_parquet", records_parquet),
    ("records_tar", records_tar),
    ("records_text", records_text),
    ("record_list", record_list),
    ("record_manifest", record_manifest),
    ("record_proof", record_proof),
    ("relation", relation),
    ("revocation_list", revocation_list),
    ("spdx", spdx),
    ("trusted_root", trusted_root),
];
