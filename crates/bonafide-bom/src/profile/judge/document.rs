//! The document itself: who made it, with what, when, in which format.

use bonafide_core::assessment::Evidence;
use jiff::Timestamp;

use super::said;
use crate::excerpt;
use crate::json::Pointer;
use crate::profile::evidence::SignatureEvidence;
use crate::profile::examined::Examined;
use crate::profile::judged::{Judged, counted, quote, worst};
use crate::view::{Contact, Organization, Tools};

pub(super) fn metadata(name: &str) -> Pointer {
    Pointer::root().member("metadata").member(name)
}

fn contacts<'c>(contacts: &'c [Contact<'_>]) -> impl Iterator<Item = &'c str> {
    contacts
        .iter()
        .filter_map(|contact| said(contact.name.as_deref()).or(said(contact.email.as_deref())))
}

pub(super) fn organization<'o>(organization: Option<&'o Organization<'_>>) -> Option<&'o str> {
    let organization = organization?;
    said(organization.name.as_deref()).or_else(|| contacts(&organization.contact).next())
}

/// The signer, if the trusted signature names whoever is meant.
pub(super) fn signed_by<'x>(x: &'x Examined<'_>, name: &str) -> Option<&'x str> {
    let SignatureEvidence::Verified { signer } = x.evaluation.signature else {
        return None;
    };
    let lower = signer.to_lowercase();
    let name = name.to_lowercase();
    if name.chars().count() < 3 {
        return None;
    }
    let edge = |character: Option<char>| !character.is_some_and(char::is_alphanumeric);
    lower
        .match_indices(&name)
        .any(|(at, _)| {
            let before = lower.get(..at).and_then(|text| text.chars().next_back());
            let after = lower.get(at + name.len()..);
            edge(before) && edge(after.and_then(|text| text.chars().next()))
        })
        .then_some(signer.as_str())
}

/// Who made the document.
pub(in crate::profile) fn author(x: &Examined<'_>) -> Judged {
    let Some(known) = x.bom.metadata.as_deref() else {
        return Judged::missing("no author is named");
    };
    let named = contacts(&known.authors)
        .next()
        .map(|name| (name, metadata("authors"), "author"))
        .or_else(|| {
            organization(known.manufacturer.as_ref())
                .map(|name| (name, metadata("manufacturer"), "manufacturer"))
        })
        .or_else(|| {
            organization(known.supplier.as_ref())
                .map(|name| (name, metadata("supplier"), "supplier"))
        });
    let Some((name, pointer, role)) = named else {
        return Judged::missing(match x.evaluation.signature {
            SignatureEvidence::Verified { signer } => format!(
                "no author is named, though {} signed the document",
                excerpt(signer, 80)
            ),
            _ => "no author is named".to_owned(),
        });
    };
    match signed_by(x, name) {
        Some(signer) => x.settle(
            Evidence::Verified,
            format!(
                "{} is named, and the trusted signature is by {}",
                quote(name),
                excerpt(signer, 80)
            ),
            vec![pointer],
        ),
        None => x.declared(
            format!("the {role} is {}; no signature says so", quote(name)),
            vec![pointer],
        ),
    }
}

/// Signature over the document.
pub(in crate::profile) fn signature(x: &Examined<'_>) -> Judged {
    let embedded = x.bom.signature.is_some();
    let pointers = if embedded {
        vec![Pointer::root().member("signature")]
    } else {
        Vec::new()
    };
    match x.evaluation.signature {
        SignatureEvidence::Verified { signer } => x.settle(
            Evidence::Verified,
            format!(
                "signed by {}, who is trusted, and not changed since",
                excerpt(signer, 120)
            ),
            pointers,
        ),
        SignatureEvidence::Rejected { reason } => Judged::new(
            Evidence::Contradicted,
            format!("the signature does not hold: {}", excerpt(reason, 200)),
            pointers,
        ),
        SignatureEvidence::NotTrusted { reason } => x.declared(
            format!(
                "there is a signature, but it proves nothing: {}",
                excerpt(reason, 200)
            ),
            pointers,
        ),
        SignatureEvidence::NotChecked | SignatureEvidence::None if embedded => x.declared(
            "the document holds a signature that was not checked",
            pointers,
        ),
        SignatureEvidence::NotChecked => {
            Judged::missing("the document holds no signature, and no other was looked for")
        }
        SignatureEvidence::None => Judged::missing("the document is not signed"),
    }
}

/// Which edition of the document.
pub(in crate::profile) fn edition(x: &Examined<'_>) -> Judged {
    let root = Pointer::root();
    let Some(version) = x.bom.version else {
        return Judged::missing("no edition is given");
    };
    let at = root.member("version");
    match x.bom.serial_number.as_deref() {
        Some(serial) => x.declared(
            format!("edition {version} of {}", quote(serial)),
            vec![at, root.member("serialNumber")],
        ),
        None => x.declared(
            format!("edition {version}, without a serial number that says of which document"),
            vec![at],
        ),
    }
}

/// Serial number alone.
pub(in crate::profile) fn serial_number(x: &Examined<'_>) -> Judged {
    match x.bom.serial_number.as_deref() {
        Some(serial) => x.declared(
            format!("it is {}", quote(serial)),
            vec![Pointer::root().member("serialNumber")],
        ),
        None => Judged::missing("no serial number"),
    }
}

/// Edition alone.
pub(in crate::profile) fn version(x: &Examined<'_>) -> Judged {
    match x.bom.version {
        Some(version) => x.declared(
            format!("it is {version}"),
            vec![Pointer::root().member("version")],
        ),
        None => Judged::missing("no edition is given"),
    }
}

/// Name of the format.
pub(in crate::profile) fn format(x: &Examined<'_>) -> Judged {
    let format = x.evaluation.document.format;
    x.consistent(
        format!("it could be read as {format}"),
        vec![Pointer::root().member("bomFormat")],
    )
}

/// Version of the format, whose rules the document keeps or not.
pub(in crate::profile) fn format_version(x: &Examined<'_>) -> Judged {
    let document = x.evaluation.document;
    let pointers = vec![Pointer::root().member("specVersion")];
    match document.violations.first() {
        None => x.consistent(
            format!("it keeps the rules of {}", document.format),
            pointers,
        ),
        Some(first) => Judged::new(
            Evidence::Contradicted,
            format!(
                "it breaks {} of {}, first at {}",
                counted(document.violations.len(), "rule"),
                document.format,
                excerpt(&first.path, 120)
            ),
            pointers,
        ),
    }
}

/// Name and version of each tool, with its place.
fn tools<'x>(x: &'x Examined<'_>) -> Vec<(Pointer, Option<&'x str>, Option<&'x str>)> {
    let place = metadata("tools");
    let Some(known) = x
        .bom
        .metadata
        .as_deref()
        .and_then(|known| known.tools.as_ref())
    else {
        return Vec::new();
    };
    match known {
        Tools::List(list) => list
            .iter()
            .enumerate()
            .map(|(index, tool)| {
                let at = place.element(index);
                (at, tool.name.as_deref(), tool.version.as_deref())
            })
            .collect(),
        Tools::Inventory(inventory) => {
            let programs = inventory.components.iter().enumerate();
            let services = inventory.services.iter().enumerate();
            programs
                .map(|(index, tool)| {
                    let at = place.member("components").element(index);
                    (at, tool.name.as_deref(), tool.version.as_deref())
                })
                .chain(services.map(|(index, tool)| {
                    let at = place.member("services").element(index);
                    (at, tool.name.as_deref(), tool.version.as_deref())
                }))
                .collect()
        }
    }
}

/// Names of the tools that made the document.
pub(in crate::profile) fn tool_name(x: &Examined<'_>) -> Judged {
    let parts = tools(x).into_iter().map(|(at, name, _)| match said(name) {
        Some(name) => x.declared(
            format!("made with {}", quote(name)),
            vec![at.member("name")],
        ),
        None => Judged::missing_at(&at, "a tool without a name"),
    });
    worst(parts, "tool", "no tool is named")
}

/// Versions of the tools that made the document.
pub(in crate::profile) fn tool_version(x: &Examined<'_>) -> Judged {
    let parts = tools(x)
        .into_iter()
        .map(|(at, name, version)| match said(version) {
            Some(version) => x.declared(
                format!("version {}", quote(version)),
                vec![at.member("version")],
            ),
            None => Judged::missing_at(
                &at,
                format!("no version of {}", quote(name.unwrap_or_default())),
            ),
        });
    worst(parts, "tool", "no tool is named")
}

/// At what stage of life the document was made.
pub(in crate::profile) fn context(x: &Examined<'_>) -> Judged {
    let lifecycles = x.bom.metadata.iter().flat_map(|known| &known.lifecycles);
    let stage = lifecycles
        .filter_map(|stage| said(stage.phase.as_deref()).or(said(stage.name.as_deref())))
        .next();
    match stage {
        Some(stage) => x.declared(
            format!("made in the stage {}", quote(stage)),
            vec![metadata("lifecycles")],
        ),
        None => Judged::missing("it does not say at what stage of life it was made"),
    }
}

/// When the document was made.
pub(in crate::profile) fn timestamp(x: &Examined<'_>) -> Judged {
    let known = x.bom.metadata.as_deref();
    let Some(text) = known.and_then(|known| said(known.timestamp.as_deref())) else {
        return Judged::missing("no time");
    };
    let pointers = vec![metadata("timestamp")];
    let Ok(made) = text.parse::<Timestamp>() else {
        return Judged::new(
            Evidence::Contradicted,
            format!("{} is no time", quote(text)),
            pointers,
        );
    };
    let earlier = times(x);
    if earlier.is_empty() {
        return x.declared(
            format!("made at {}; no other time to hold it against", quote(text)),
            pointers,
        );
    }
    match earlier.iter().filter(|time| **time > made).count() {
        0 => x.consistent(
            format!(
                "made at {}, after all of {} that it tells of",
                quote(text),
                counted(earlier.len(), "event")
            ),
            pointers,
        ),
        later => x.declared(
            format!(
                "made at {}, before {} that it tells of",
                quote(text),
                counted(later, "event")
            ),
            pointers,
        ),
    }
}

/// Times of what must have happened before the document was made.
fn times(x: &Examined<'_>) -> Vec<Timestamp> {
    let commits = x
        .components
        .iter()
        .filter_map(|located| located.component.pedigree.as_deref())
        .flat_map(|pedigree| &pedigree.commits)
        .filter_map(|commit| commit.committer.as_ref()?.timestamp.as_deref());
    let workflows = x
        .bom
        .formulation
        .iter()
        .flat_map(|formula| &formula.workflows)
        .filter_map(|workflow| workflow.time_end.as_deref());
    commits
        .chain(workflows)
        .filter_map(|text| text.parse().ok())
        .collect()
}
