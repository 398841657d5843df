//! JSON in which no object names a field twice.
//!
//! Readers differ in which of two fields they take, so a signer must not sign both.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A JSON value that was read only to see that it can mean one thing. How deep
/// it may be is limited by `serde_json`, to 128 levels.
pub(super) struct Distinct {
    pub(super) is_object: bool,
}

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

struct Shape;

const SCALAR: Distinct = Distinct { is_object: false };

impl<'de> Visitor<'de> for Shape {
    type Value = Distinct;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Distinct, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.contains(&name) {
                let name = crate::rejection::excerpt(&name, 60);
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            names.insert(name);
            map.next_value::<Distinct>()?;
        }
        Ok(Distinct { is_object: true })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Distinct, A::Error> {
        while list.next_element::<Distinct>()?.is_some() {}
        Ok(SCALAR)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Distinct, E> {
        Ok(SCALAR)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Distinct, E> {
        Ok(SCALAR)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Distinct, E> {
        Ok(SCALAR)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Distinct, E> {
        Ok(SCALAR)
    }

    fn visit_str<E>(self, _: &str) -> Result<Distinct, E> {
        Ok(SCALAR)
    }

    fn visit_unit<E>(self) -> Result<Distinct, E> {
        Ok(SCALAR)
    }
}
