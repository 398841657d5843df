//! Patents.

use super::document::{EXTERNAL_REFERENCE, REF_LINK_TYPE, REF_TYPE};
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use crate::grammar::pattern::Pattern;
use crate::grammar::rule::{
    DATE, Definition, Shape, TEXT, list, matching, member, one_of, refer, word,
};
use crate::version::SpecVersion::V1_3;

/// A patent.
pub(super) static PATENT: Definition = Definition::object(
    "patent",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("patentNumber", matching(Pattern::PatentNumber)).required(),
        member("applicationNumber", refer(&PATENT_APPLICATION_NUMBER)),
        member("jurisdiction", refer(&PATENT_JURISDICTION)).required(),
        member("priorityApplication", refer(&PRIORITY_APPLICATION)),
        member("publicationNumber", matching(Pattern::PatentNumber)),
        member("title", TEXT),
        member("abstract", TEXT),
        member("filingDate", DATE),
        member("grantDate", DATE),
        member("patentExpirationDate", DATE),
        member(
            "patentLegalStatus",
            word(&[(
                V1_3,
                &[
                    "pending",
                    "granted",
                    "revoked",
                    "expired",
                    "lapsed",
                    "withdrawn",
                    "abandoned",
                    "suspended",
                    "reinstated",
                    "opposed",
                    "terminated",
                    "invalidated",
                    "in-force",
                ],
            )]),
        )
        .required(),
        member(
            "patentAssignee",
            list(&one_of(&[
                refer(&ORGANIZATIONAL_CONTACT),
                refer(&ORGANIZATIONAL_ENTITY),
            ])),
        ),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
    ]),
);

/// Patents of one invention.
pub(super) static PATENT_FAMILY: Definition = Definition::object(
    "patentFamily",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("familyId", TEXT).required(),
        member("priorityApplication", refer(&PRIORITY_APPLICATION)),
        member("members", list(&refer(&REF_LINK_TYPE))),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
    ]),
);

/// The application that came first.
pub(super) static PRIORITY_APPLICATION: Definition = Definition::object(
    "priorityApplication",
    Shape::of(&[
        member("applicationNumber", refer(&PATENT_APPLICATION_NUMBER)).required(),
        member("jurisdiction", refer(&PATENT_JURISDICTION)).required(),
        member("filingDate", refer(&PATENT_FILING_DATE)).required(),
    ]),
);

/// What is asserted about patents.
pub(super) static PATENT_ASSERTIONS: Definition =
    Definition::of("patentAssertions", list(&refer(&PATENT_ASSERTION)));

/// An assertion.
pub(super) static PATENT_ASSERTION: Definition = Definition::object(
    "patentAssertion",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member(
            "assertionType",
            word(&[(
                V1_3,
                &[
                    "ownership",
                    "license",
                    "third-party-claim",
                    "standards-inclusion",
                    "prior-art",
                    "exclusive-rights",
                    "non-assertion",
                    "research-or-evaluation",
                ],
            )]),
        )
        .required(),
        member("patentRefs", list(&refer(&REF_TYPE))),
        member(
            "asserter",
            one_of(&[
                refer(&ORGANIZATIONAL_ENTITY),
                refer(&ORGANIZATIONAL_CONTACT),
                refer(&REF_LINK_TYPE),
            ]),
        )
        .required(),
        member("notes", TEXT),
    ]),
);

/// The number of an application.
pub(super) static PATENT_APPLICATION_NUMBER: Definition =
    Definition::of("patentApplicationNumber", matching(Pattern::PatentNumber));

/// The office, as two letters.
pub(super) static PATENT_JURISDICTION: Definition =
    Definition::of("patentJurisdiction", matching(Pattern::PatentJurisdiction));

/// When it was filed.
pub(super) static PATENT_FILING_DATE: Definition = Definition::of("patentFilingDate", DATE);
