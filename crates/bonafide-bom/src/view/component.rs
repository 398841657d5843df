//! A component: what it is called, what its bytes are, where it comes from.

use super::member::{Field, Member, Text, view};
use super::model_card::{Data, ModelCard};
use crate::json::{Node, Number};

view! {
    /// A component of any type: model, data, file, library.
    Component {
        /// `machine-learning-model`, `data`, `file`, `library`, …
        kind: Option<Text<'a>> = "type",
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Media type.
        mime_type: Option<Text<'a>> = "mime-type",
        /// Namespace, for example the organisation.
        group: Option<Text<'a>> = "group",
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// Its version.
        version: Option<Text<'a>> = "version",
        /// A range instead of a version, for what comes from outside (1.7).
        version_range: Option<Text<'a>> = "versionRange",
        /// Not part of what the document ships (1.7).
        is_external: Option<bool> = "isExternal",
        /// What it is for.
        description: Option<Text<'a>> = "description",
        /// `required`, `optional` or `excluded`.
        scope: Option<Text<'a>> = "scope",
        /// Package URL.
        purl: Option<Text<'a>> = "purl",
        /// CPE name.
        cpe: Option<Text<'a>> = "cpe",
        /// Software Heritage identifiers (1.6).
        swhid: Vec<Text<'a>> = "swhid",
        /// OmniBOR identifiers (1.6).
        omnibor_id: Vec<Text<'a>> = "omniborId",
        /// Digests of its bytes.
        hashes: Vec<Hash<'a>> = "hashes",
        /// Licences.
        licenses: Vec<LicenseChoice<'a>> = "licenses",
        /// Who provided it.
        supplier: Option<Organization<'a>> = "supplier",
        /// Who made it (1.6).
        manufacturer: Option<Organization<'a>> = "manufacturer",
        /// Who wrote it (1.6).
        authors: Vec<Contact<'a>> = "authors",
        /// Who wrote it, before 1.6.
        author: Option<Text<'a>> = "author",
        /// Who published it.
        publisher: Option<Text<'a>> = "publisher",
        /// References to something outside.
        external_references: Vec<ExternalReference<'a>> = "externalReferences",
        /// Components inside of it.
        components: Vec<Component<'a>> = "components",
        /// How the document's author knows.
        evidence: Option<Box<Evidence<'a>>> = "evidence",
        /// Facts of a model (1.5).
        model_card: Option<Box<ModelCard<'a>>> = "modelCard",
        /// Facts of data (1.5).
        data: Vec<Data<'a>> = "data",
        /// Where it comes from.
        pedigree: Option<Box<Pedigree<'a>>> = "pedigree",
        /// Name-value pairs.
        properties: Vec<Property<'a>> = "properties",
        /// About its release.
        release_notes: Option<Box<ReleaseNotes<'a>>> = "releaseNotes",
        /// Signature over this component (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// A digest, as text.
    Hash {
        /// Name of the hash function.
        alg: Option<Text<'a>> = "alg",
        /// Hexadecimal digest.
        content: Option<Text<'a>> = "content",
    }

    /// One licence, or an expression of several.
    LicenseChoice {
        /// A licence by identifier or name.
        license: Option<License<'a>> = "license",
        /// An SPDX expression.
        expression: Option<Text<'a>> = "expression",
        /// `declared` or `concluded` (1.6).
        acknowledgement: Option<Text<'a>> = "acknowledgement",
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
    }

    /// A licence.
    License {
        /// SPDX identifier.
        id: Option<Text<'a>> = "id",
        /// Name, where there is no identifier.
        name: Option<Text<'a>> = "name",
        /// Where its text is.
        url: Option<Text<'a>> = "url",
        /// `declared` or `concluded` (1.6).
        acknowledgement: Option<Text<'a>> = "acknowledgement",
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
    }

    /// An organisation.
    Organization {
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// Its addresses on the web.
        url: Vec<Text<'a>> = "url",
        /// People to talk to.
        contact: Vec<Contact<'a>> = "contact",
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
    }

    /// A person.
    Contact {
        /// Name.
        name: Option<Text<'a>> = "name",
        /// E-mail address.
        email: Option<Text<'a>> = "email",
        /// Telephone number.
        phone: Option<Text<'a>> = "phone",
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
    }

    /// A reference to something outside of the document.
    ExternalReference {
        /// `distribution`, `vcs`, `model-card`, …
        kind: Option<Text<'a>> = "type",
        /// Where it is.
        url: Option<Text<'a>> = "url",
        /// Digests of what is there.
        hashes: Vec<Hash<'a>> = "hashes",
        /// A remark.
        comment: Option<Text<'a>> = "comment",
    }

    /// A name-value pair.
    Property {
        /// Name.
        name: Option<Text<'a>> = "name",
        /// Value.
        value: Option<Text<'a>> = "value",
    }

    /// How the author of the document knows what a component is.
    Evidence {
        /// What was concluded, and how.
        identity: Option<IdentityEvidence<'a>> = "identity",
        /// Where it was found.
        occurrences: Vec<Occurrence<'a>> = "occurrences",
        /// Licences that were found.
        licenses: Vec<LicenseChoice<'a>> = "licenses",
    }

    /// A conclusion about one field of a component.
    Identity {
        /// The field: `purl`, `hash`, `name`, …
        field: Option<Text<'a>> = "field",
        /// From 0 to 1.
        confidence: Option<Number> = "confidence",
        /// The value (1.6).
        concluded_value: Option<Text<'a>> = "concludedValue",
        /// How it was concluded.
        methods: Vec<IdentityMethod<'a>> = "methods",
        /// References to the tools that concluded it.
        tools: Vec<Text<'a>> = "tools",
    }

    /// A way to conclude something.
    IdentityMethod {
        /// `hash-comparison`, `manifest-analysis`, …
        technique: Option<Text<'a>> = "technique",
        /// From 0 to 1.
        confidence: Option<Number> = "confidence",
        /// What was compared.
        value: Option<Text<'a>> = "value",
    }

    /// A place where a component was found.
    Occurrence {
        /// Path or address.
        location: Option<Text<'a>> = "location",
        /// Line.
        line: Option<Number> = "line",
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
    }

    /// Where a component comes from.
    Pedigree {
        /// What it was made from.
        ancestors: Vec<Component<'a>> = "ancestors",
        /// What was made from it.
        descendants: Vec<Component<'a>> = "descendants",
        /// What is like it.
        variants: Vec<Component<'a>> = "variants",
        /// Commits that led to it.
        commits: Vec<Commit<'a>> = "commits",
        /// A remark.
        notes: Option<Text<'a>> = "notes",
    }

    /// A commit.
    Commit {
        /// Its identifier, such as a Git object name.
        uid: Option<Text<'a>> = "uid",
        /// Where it is.
        url: Option<Text<'a>> = "url",
        /// Who wrote it, and when.
        author: Option<Person<'a>> = "author",
        /// Who committed it, and when.
        committer: Option<Person<'a>> = "committer",
    }

    /// Somebody who did something at a time.
    Person {
        /// When.
        timestamp: Option<Text<'a>> = "timestamp",
        /// Who.
        name: Option<Text<'a>> = "name",
        /// E-mail address.
        email: Option<Text<'a>> = "email",
    }

    /// About a release.
    ReleaseNotes {
        /// `major`, `minor`, …
        kind: Option<Text<'a>> = "type",
        /// When it was released.
        timestamp: Option<Text<'a>> = "timestamp",
    }
}

/// Conclusions about a component: one in 1.5, a list from 1.6 on.
#[derive(Debug, Clone, PartialEq)]
pub enum IdentityEvidence<'a> {
    /// One, not in a list.
    One(Box<Identity<'a>>),
    /// A list, not empty.
    Many(Vec<Identity<'a>>),
}

impl<'a> IdentityEvidence<'a> {
    /// Every conclusion.
    #[must_use]
    pub fn all(&self) -> &[Identity<'a>] {
        match self {
            Self::One(identity) => std::slice::from_ref(identity),
            Self::Many(list) => list,
        }
    }
}

impl<'a> Member<'a> for IdentityEvidence<'a> {
    fn read(node: Node<'a>) -> Result<Self, Node<'a>> {
        match node {
            Node::List(_) => Field::fill(node).map(Self::Many),
            other => Member::read(other).map(Self::One),
        }
    }

    fn write(&self) -> Node<'a> {
        match self {
            Self::One(identity) => identity.write(),
            Self::Many(list) => Node::List(list.iter().map(Member::write).collect()),
        }
    }
}
