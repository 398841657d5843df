//! Services and the data that flows through them.

use super::component::RELEASE_NOTES;
use super::document::{
    BOM_LINK_ELEMENT_TYPE, EXTERNAL_REFERENCE, PROPERTY, REF_TYPE, TAGS, VERSION,
};
use super::licence::LICENCES;
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::patent::PATENT_ASSERTIONS;
use super::signature::SIGNATURE;
use crate::grammar::rule::{
    BOOLEAN, Definition, Demand, IRI_REFERENCE, Shape, TEXT, any_of, list, member, refer, revised,
    unique, word,
};
use crate::version::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};

/// A service.
pub(super) static SERVICE: Definition = Definition::object(
    "service",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("provider", refer(&ORGANIZATIONAL_ENTITY)),
        member("group", TEXT),
        member("name", TEXT).required(),
        member("version", revised(&[(V1_3, TEXT), (V1_6, refer(&VERSION))])),
        member("description", TEXT),
        member("endpoints", list(&IRI_REFERENCE)),
        member("authenticated", BOOLEAN),
        member("x-trust-boundary", BOOLEAN),
        member("trustZone", TEXT).since(V1_5),
        member("data", list(&refer(&SERVICE_DATA))),
        member("licenses", refer(&LICENCES)),
        member("patentAssertions", refer(&PATENT_ASSERTIONS)).since(V1_7),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
        member("services", unique(&refer(&SERVICE))),
        member("releaseNotes", refer(&RELEASE_NOTES)).since(V1_4),
        member("properties", list(&refer(&PROPERTY))),
        member("tags", refer(&TAGS)).since(V1_6),
        member("signature", refer(&SIGNATURE)).since(V1_4),
    ]),
);

/// Data that flows.
pub(super) static SERVICE_DATA: Definition = Definition::object(
    "serviceData",
    Shape::of(&[
        member("flow", refer(&DATA_FLOW_DIRECTION)).required(),
        member("classification", TEXT).required(),
        member("name", TEXT).since(V1_5),
        member("description", TEXT).since(V1_5),
        member("governance", refer(&DATA_GOVERNANCE)).since(V1_5),
        member(
            "source",
            list(&any_of(&[IRI_REFERENCE, refer(&BOM_LINK_ELEMENT_TYPE)])),
        )
        .since(V1_5),
        member(
            "destination",
            list(&any_of(&[IRI_REFERENCE, refer(&BOM_LINK_ELEMENT_TYPE)])),
        )
        .since(V1_5),
    ]),
);

/// Where it flows.
pub(super) static DATA_FLOW_DIRECTION: Definition = Definition::of(
    "dataFlowDirection",
    word(&[(V1_3, &["inbound", "outbound", "bi-directional", "unknown"])]),
);

/// Who is responsible for data.
pub(super) static DATA_GOVERNANCE: Definition = Definition::object(
    "dataGovernance",
    Shape::of(&[
        member(
            "custodians",
            list(&refer(&DATA_GOVERNANCE_RESPONSIBLE_PARTY)),
        ),
        member("stewards", list(&refer(&DATA_GOVERNANCE_RESPONSIBLE_PARTY))),
        member("owners", list(&refer(&DATA_GOVERNANCE_RESPONSIBLE_PARTY))),
    ]),
);

/// An organisation or a person that is.
pub(super) static DATA_GOVERNANCE_RESPONSIBLE_PARTY: Definition = Definition::object(
    "dataGovernanceResponsibleParty",
    Shape::of(&[
        member("organization", refer(&ORGANIZATIONAL_ENTITY)),
        member("contact", refer(&ORGANIZATIONAL_CONTACT)),
    ])
    .demanding(&[(V1_3, Demand::ExactlyOne(&[&["organization"], &["contact"]]))]),
);
