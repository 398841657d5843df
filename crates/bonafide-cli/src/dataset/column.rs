//! What the user says that columns are for.

use std::str::FromStr;

use bonafide_engine::Roles;

/// `ROLE=COLUMN`.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    role: Role,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Text,
    Label,
    Features,
    Bytes,
    Key,
    Source,
    Attribute,
    Url,
    ContentHash,
    Time,
    Revision,
}

const ROLES: [(&str, Role); 11] = [
    ("text", Role::Text),
    ("label", Role::Label),
    ("features", Role::Features),
    ("bytes", Role::Bytes),
    ("key", Role::Key),
    ("source", Role::Source),
    ("attribute", Role::Attribute),
    ("url", Role::Url),
    ("content-hash", Role::ContentHash),
    ("time", Role::Time),
    ("revision", Role::Revision),
];

impl FromStr for Column {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = || ROLES.map(|(name, _)| name).join(", ");
        let Some((role, name)) = text.split_once('=') else {
            return Err(format!("not ROLE=COLUMN, where ROLE is one of {}", known()));
        };
        let Some((_, role)) = ROLES.iter().find(|(known, _)| *known == role) else {
            return Err(format!("unknown role `{role}`; known are {}", known()));
        };
        if name.is_empty() {
            return Err("the name of the column is empty".to_owned());
        }
        Ok(Self {
            role: *role,
            name: name.to_owned(),
        })
    }
}

/// All that was said. Of what there can be one, the last counts.
pub(crate) fn roles(columns: &[Column]) -> Roles {
    let mut roles = Roles::default();
    for Column { role, name } in columns {
        let name = name.clone();
        match role {
            Role::Text => roles.text.push(name),
            Role::Features => roles.features.push(name),
            Role::Attribute => roles.attributes.push(name),
            Role::Label => roles.label = Some(name),
            Role::Bytes => roles.bytes = Some(name),
            Role::Key => roles.key = Some(name),
            Role::Source => roles.source = Some(name),
            Role::Url => roles.url = Some(name),
            Role::ContentHash => roles.content_hash = Some(name),
            Role::Time => roles.time = Some(name),
            Role::Revision => roles.revision = Some(name),
        }
    }
    roles
}
