//! Releases: their notes, and the issues that they resolve.

use super::reference::{ATTACHED_TEXT, PROPERTIES};
use crate::grammar::SpecVersion::{V1_3, V1_5, V1_6};
use crate::xml::simple::{DATE_TIME, NORMALIZED, STRING, Simple, URI};
use crate::xml::structure::{FOREIGN, Structure, Wildcard, attribute, nested, sequence, text};

/// `issueType`
pub(super) static ISSUE: Structure = Structure::object(&[
    text("id", &NORMALIZED).optional(),
    text("name", &NORMALIZED).optional(),
    text("description", &NORMALIZED).optional(),
    nested("source", &SOURCE).optional(),
    nested("references", &Structure::list(&[text("url", &URI).many()])).optional(),
    FOREIGN,
])
.attributes(&[attribute("type", &ISSUE_CLASSIFICATION).required()]);

/// `issueType/source`
pub(super) static SOURCE: Structure = Structure::object(&[
    text("name", &NORMALIZED).optional(),
    text("url", &URI).optional(),
]);

/// `releaseNotesType`
pub(super) static RELEASE_NOTES: Structure = Structure::object(&[sequence(&[
    text("type", &NORMALIZED),
    text("title", &STRING).optional(),
    text("featuredImage", &URI).optional(),
    text("socialImage", &URI).optional(),
    text("description", &STRING).optional(),
    text("timestamp", &DATE_TIME).optional(),
    nested(
        "aliases",
        &Structure::list(&[text("alias", &NORMALIZED).many()]),
    )
    .optional(),
    nested(
        "tags",
        &Structure::list(&[text("tag", &NORMALIZED).many().until(V1_5)]),
    )
    .optional()
    .until(V1_5),
    nested("tags", &TAGS).optional().since(V1_6),
    nested(
        "resolves",
        &Structure::list(&[nested("issue", &ISSUE).many()]),
    )
    .optional(),
    nested("notes", &Structure::list(&[nested("note", &NOTE).many()])).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.many()])
.open(Wildcard::Any);

/// `releaseNotesType/notes/note`
pub(super) static NOTE: Structure = Structure::object(&[sequence(&[
    text("locale", &LOCALE).optional(),
    nested("text", &ATTACHED_TEXT),
])
.many()]);

/// `tagsType`
pub(super) static TAGS: Structure = Structure::list(&[text("tag", &NORMALIZED).many()]);

pub(super) static ISSUE_CLASSIFICATION: Simple =
    Simple::one_of(&[(V1_3, &["defect", "enhancement", "security"])]);

pub(super) static LOCALE: Simple = STRING.pattern(r"([a-z]{2})(-[A-Z]{2})?");
