//! The signature property of a document, taken apart into what each signature covers.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use super::canonical::Document;
use super::error::JsfError;
use super::signature::{Covered, DocumentSignature, Extent};
use super::signer::Signer;
use super::{Form, SIGNATURE};
use crate::rejection::excerpt;

/// Most signatures in one document.
pub const MOST_SIGNATURES: usize = 32;

/// Most bytes of a signature object: 32 signers with long certificate paths have less than one million.
const MOST_BYTES: usize = 4 << 20;

/// A document with an enveloped JSF signature, of whatever format it is.
pub(super) struct Envelope {
    pub(super) form: Form,
    pub(super) signatures: Vec<DocumentSignature>,
    pub(super) excludes: Vec<String>,
    pub(super) body: Arc<Covered>,
}

impl Envelope {
    pub(super) fn open(document: Document<'_>) -> Result<Self, JsfError> {
        let mut members = document.members;
        let index = members
            .iter()
            .position(|member| member.name == SIGNATURE)
            .ok_or(JsfError::NoSignature)?;
        let Outer {
            form,
            cores,
            excludes,
        } = Outer::read(&members.remove(index).value)?;
        for name in &excludes {
            if !members.iter().any(|member| member.name == **name) {
                return Err(JsfError::AbsentExclude {
                    name: excerpt(name, 100),
                });
            }
        }
        let extent = match excludes.is_empty() {
            true => Extent::Whole,
            false => Extent::Part,
        };
        let mut covered = Covered::new(form, extent);
        for member in members {
            if !excludes.iter().any(|name| member.name == **name) {
                covered.add(&member);
            }
        }
        let mut signers = Vec::with_capacity(cores.len());
        for (core, position) in cores.into_iter().zip(1..) {
            let mut signer =
                Signer::read(core).map_err(|defect| JsfError::Signature { position, defect })?;
            covered.push(
                std::mem::take(&mut signer.complete),
                std::mem::take(&mut signer.unsigned),
            );
            signers.push(signer);
        }
        let body = Arc::new(covered);
        let signatures = signers
            .into_iter()
            .enumerate()
            .map(|(index, signer)| DocumentSignature {
                algorithm: signer.algorithm,
                key_id: signer.key_id,
                embedded_key: signer.embedded_key,
                certificate_path: signer.certificate_path,
                value: signer.value,
                covered: Arc::clone(&body),
                index,
                digest: OnceLock::new(),
                dialect_digest: OnceLock::new(),
            })
            .collect();
        Ok(Self {
            form,
            signatures,
            excludes,
            body,
        })
    }
}

/// The signature object without its options.
struct Outer {
    form: Form,
    cores: Vec<Value>,
    excludes: Vec<String>,
}

impl Outer {
    fn read(value: &[u8]) -> Result<Self, JsfError> {
        if value.len() > MOST_BYTES {
            return Err(JsfError::TooLarge {
                found: value.len(),
                limit: MOST_BYTES,
            });
        }
        let mut object: Map<String, Value> =
            serde_json::from_slice(value).map_err(|_| JsfError::WrongType {
                place: SIGNATURE,
                expected: "an object",
            })?;
        if let Some(extensions) = object.remove("extensions") {
            return Err(refused_extensions(extensions));
        }
        let excludes = object
            .remove("excludes")
            .map(excluded_names)
            .transpose()?
            .unwrap_or_default();
        let (form, cores) = match (object.remove("signers"), object.remove("chain")) {
            (Some(_), Some(_)) => return Err(JsfError::MixedForms),
            (Some(list), None) => (Form::Multiple, cores("signers", list)?),
            (None, Some(list)) => (Form::Chain, cores("chain", list)?),
            (None, None) => (
                Form::Single,
                vec![Value::Object(std::mem::take(&mut object))],
            ),
        };
        match object.keys().next() {
            None => Ok(Self {
                form,
                cores,
                excludes,
            }),
            Some(name) => Err(JsfError::UnknownProperty {
                name: excerpt(name, 100),
            }),
        }
    }
}

fn cores(place: &'static str, list: Value) -> Result<Vec<Value>, JsfError> {
    let Value::Array(list) = list else {
        return Err(JsfError::WrongType {
            place,
            expected: "a list of signatures",
        });
    };
    if list.is_empty() {
        return Err(JsfError::Empty { place });
    }
    if list.len() > MOST_SIGNATURES {
        return Err(JsfError::TooManySignatures {
            place,
            found: list.len(),
            limit: MOST_SIGNATURES,
        });
    }
    Ok(list)
}

fn names(place: &'static str, list: Value) -> Result<Vec<String>, JsfError> {
    let wrong = || JsfError::WrongType {
        place,
        expected: "a list of names",
    };
    let Value::Array(list) = list else {
        return Err(wrong());
    };
    if list.is_empty() {
        return Err(JsfError::Empty { place });
    }
    list.into_iter()
        .map(|name| match name {
            Value::String(name) => Ok(name),
            _ => Err(wrong()),
        })
        .collect()
}

fn refused_extensions(list: Value) -> JsfError {
    match names("extensions", list) {
        Ok(names) => JsfError::Extension {
            name: excerpt(names.first().map_or("", |name| name), 100),
        },
        Err(error) => error,
    }
}

fn excluded_names(list: Value) -> Result<Vec<String>, JsfError> {
    let names = names("excludes", list)?;
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    for pair in sorted.windows(2) {
        if let [one, other] = pair
            && one == other
        {
            return Err(JsfError::RepeatedExclude {
                name: excerpt(one, 100),
            });
        }
    }
    if names.iter().any(|name| name == SIGNATURE) {
        return Err(JsfError::ExcludedSignature);
    }
    Ok(names)
}
