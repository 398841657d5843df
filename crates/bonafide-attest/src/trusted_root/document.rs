//! The JSON of trust material, member by member (sigstore_trustroot.proto).

use std::collections::HashSet;
use std::fmt;

use jiff::Timestamp;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::object::{Few, Object};

/// Most entries in each list; published ones have up to seven.
pub(super) const MOST_ENTRIES: usize = 256;

/// Most certificates in one chain.
const MOST_CERTIFICATES: usize = 16;

/// Most members of one JSON object.
const MOST_MEMBERS: usize = 4_096;

/// Any JSON in which no object has a member twice. Readers differ in which of
/// two they take, so such a document could say one thing to us and another to
/// the library that verifies. The parser limits the depth.
pub(super) struct Unrepeated;

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Unrepeated)
    }
}

impl<'de> Visitor<'de> for Unrepeated {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut names: HashSet<String> = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.len() == MOST_MEMBERS {
                return Err(A::Error::custom(format_args!(
                    "an object has more than {MOST_MEMBERS} members"
                )));
            }
            if names.contains(&name) {
                return Err(A::Error::custom(format_args!("`{name}` appears twice")));
            }
            names.insert(name);
            map.next_value::<Self>()?;
        }
        Ok(self)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    pub(super) media_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TrustConfig<'a> {
    #[serde(borrow)]
    pub(super) trusted_root: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    pub(super) media_type: String,
    #[serde(default = "none")]
    pub(super) tlogs: Few<Object<LogDocument>, MOST_ENTRIES>,
    #[serde(default = "none")]
    pub(super) certificate_authorities: Few<Object<AuthorityDocument>, MOST_ENTRIES>,
    #[serde(default = "none")]
    pub(super) ctlogs: Few<Object<LogDocument>, MOST_ENTRIES>,
    #[serde(default = "none")]
    pub(super) timestamp_authorities: Few<Object<AuthorityDocument>, MOST_ENTRIES>,
}

fn none<T>() -> Few<T, MOST_ENTRIES> {
    Few(Vec::new())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorityDocument {
    pub(super) subject: Option<Object<SubjectDocument>>,
    pub(super) uri: Option<String>,
    pub(super) cert_chain: Object<ChainDocument>,
    pub(super) valid_for: Option<Object<RangeDocument>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubjectDocument {
    pub(super) organization: Option<String>,
    pub(super) common_name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ChainDocument {
    pub(super) certificates: Few<Object<BytesDocument>, MOST_CERTIFICATES>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BytesDocument {
    pub(super) raw_bytes: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogDocument {
    pub(super) base_url: String,
    pub(super) public_key: Object<KeyDocument>,
    pub(super) log_id: Object<IdDocument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyDocument {
    pub(super) raw_bytes: String,
    pub(super) key_details: String,
    pub(super) valid_for: Option<Object<RangeDocument>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IdDocument {
    pub(super) key_id: String,
}

#[derive(Deserialize)]
pub(super) struct RangeDocument {
    pub(super) start: Timestamp,
    pub(super) end: Option<Timestamp>,
}
