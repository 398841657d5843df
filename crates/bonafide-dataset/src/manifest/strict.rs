//! JSON in which no object has a member twice.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::error::DatasetError;

/// Reads a document of at most `most` bytes. Unknown members are up to its type.
pub(super) fn read<'a, T: Deserialize<'a>>(
    kind: &'static str,
    bytes: &'a [u8],
    most: usize,
) -> Result<T, DatasetError> {
    if bytes.len() > most {
        let reason = format!("it has {} bytes, more than {most}", bytes.len());
        return Err(DatasetError::Document { kind, reason });
    }
    let failed = |error: serde_json::Error| DatasetError::Document {
        kind,
        reason: bonafide_core::excerpt(&error.to_string(), 300),
    };
    let Single = serde_json::from_slice(bytes).map_err(failed)?;
    serde_json::from_slice(bytes).map_err(failed)
}

/// Any JSON without repeated members.
struct Single;

impl<'de> Deserialize<'de> for Single {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SingleVisitor)
    }
}

struct SingleVisitor;

impl<'de> Visitor<'de> for SingleVisitor {
    type Value = Single;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Single, E> {
        Ok(Single)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Single, E> {
        Ok(Single)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Single, E> {
        Ok(Single)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Single, E> {
        Ok(Single)
    }

    fn visit_str<E>(self, _: &str) -> Result<Single, E> {
        Ok(Single)
    }

    fn visit_unit<E>(self) -> Result<Single, E> {
        Ok(Single)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Single, A::Error> {
        while let Some(Single) = sequence.next_element()? {}
        Ok(Single)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Single, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.contains(&name) {
                return Err(A::Error::custom(format_args!(
                    "member `{name}` is repeated"
                )));
            }
            names.insert(name);
            let Single = map.next_value()?;
        }
        Ok(Single)
    }
}
