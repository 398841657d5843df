//! Organisations and people.

use crate::grammar::SpecVersion::{V1_5, V1_6};
use crate::xml::simple::{NORMALIZED, REFERENCE, STRING, URI};
use crate::xml::structure::{FOREIGN, Structure, Wildcard, attribute, choice, nested, text};

/// `organizationalEntity`
pub(super) static ORGANIZATIONAL_ENTITY: Structure = Structure::object(&[
    text("name", &NORMALIZED).optional(),
    nested("address", &POSTAL_ADDRESS).optional().since(V1_6),
    text("url", &URI).many(),
    nested("contact", &ORGANIZATIONAL_CONTACT).many(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE).since(V1_5)])
.open(Wildcard::Other);

/// `organizationalContact`
pub(super) static ORGANIZATIONAL_CONTACT: Structure = Structure::object(&[
    text("name", &NORMALIZED).optional(),
    text("email", &NORMALIZED).optional(),
    text("phone", &NORMALIZED).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE).since(V1_5)])
.open(Wildcard::Other);

/// `organizationOrIndividualType`
pub(super) static ORGANIZATION_OR_INDIVIDUAL: Structure = Structure::object(&[choice(&[
    nested("organization", &ORGANIZATIONAL_ENTITY).optional(),
    nested("individual", &ORGANIZATIONAL_CONTACT)
        .optional()
        .member("contact"),
])]);

/// `postalAddressType`
pub(super) static POSTAL_ADDRESS: Structure = Structure::object(&[
    text("country", &STRING).optional(),
    text("region", &STRING).optional(),
    text("locality", &STRING).optional(),
    text("postOfficeBoxNumber", &STRING).optional(),
    text("postalCode", &STRING).optional(),
    text("streetAddress", &STRING).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)]);
