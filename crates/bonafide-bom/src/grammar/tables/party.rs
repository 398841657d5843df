//! People and organisations.

use super::document::REF_TYPE;
use crate::grammar::rule::{
    DATE_TIME, Definition, EMAIL, IRI_REFERENCE, Shape, TEXT, list, member, refer, revised,
};
use crate::version::SpecVersion::{V1_3, V1_4, V1_5, V1_6};

/// An organisation.
pub(super) static ORGANIZATIONAL_ENTITY: Definition = Definition::object(
    "organizationalEntity",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).since(V1_5),
        member("name", TEXT),
        member("address", refer(&POSTAL_ADDRESS)).since(V1_6),
        member("url", list(&IRI_REFERENCE)),
        member("contact", list(&refer(&ORGANIZATIONAL_CONTACT))),
    ]),
);

/// A person.
pub(super) static ORGANIZATIONAL_CONTACT: Definition = Definition::object(
    "organizationalContact",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).since(V1_5),
        member("name", TEXT),
        member("email", revised(&[(V1_3, TEXT), (V1_4, EMAIL)])),
        member("phone", TEXT),
    ]),
);

/// A postal address.
pub(super) static POSTAL_ADDRESS: Definition = Definition::object(
    "postalAddress",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("country", TEXT),
        member("region", TEXT),
        member("locality", TEXT),
        member("postOfficeBoxNumber", TEXT),
        member("postalCode", TEXT),
        member("streetAddress", TEXT),
    ]),
);

/// Who did something, and when.
pub(super) static IDENTIFIABLE_ACTION: Definition = Definition::object(
    "identifiableAction",
    Shape::of(&[
        member("timestamp", DATE_TIME),
        member("name", TEXT),
        member("email", EMAIL),
    ]),
);
