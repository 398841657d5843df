//! What can be wrong, one kind for each rule, and the table of rules.

use bonafide_core::Severity;

use super::place::{ElementKind, Expected, ReferencePlace};
use super::times::Event;

/// A rule, as documentation lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// Its one name, in kebab case.
    pub slug: &'static str,
    /// What it finds.
    pub title: &'static str,
    /// How much harm it can do.
    pub severity: Severity,
    /// The first version of CycloneDX whose documents can break it.
    pub since: &'static str,
    /// Where it is written that this cannot be right, or why it is not.
    pub source: &'static str,
}

macro_rules! kinds {
    ($(
        #[doc = $title:literal]
        $name:ident $({ $($(#[$about:meta])+ $field:ident: $kind:ty,)+ })?
        $slug:literal $severity:ident $since:literal $source:literal
        $text:literal $(, $argument:expr)*;
    )*) => {
        /// What is there, and what should be. Text out of the document is made fit to print.
        #[derive(Debug, Clone, PartialEq, thiserror::Error)]
        #[non_exhaustive]
        pub enum DefectKind {$(
            #[doc = $title]
            #[error($text $(, $argument)*)]
            $name $({ $($(#[$about])+ $field: $kind,)+ })?,
        )*}

        /// Every rule, in the order of [`DefectKind`].
        pub const RULES: &[Rule] = &[$(Rule {
            slug: $slug,
            title: $title.trim_ascii(),
            severity: Severity::$severity,
            since: $since,
            source: $source,
        },)*];

        impl DefectKind {
            /// Name of the rule: stable, in kebab case.
            #[must_use]
            pub const fn slug(&self) -> &'static str {
                match self { $(Self::$name { .. } => $slug,)* }
            }

            /// How much harm it can do.
            #[must_use]
            pub const fn severity(&self) -> Severity {
                match self { $(Self::$name { .. } => Severity::$severity,)* }
            }
        }
    };
}

kinds! {
    /// A reference leads to no element of the document
    DanglingReference {
        /// Where it is used.
        place: ReferencePlace,
        /// The reference.
        reference: String,
    }
    "dangling-reference" Medium "1.2" "CycloneDX `refLinkType`: a reference names a `bom-ref` of the document"
    "`{reference}` in {place} names nothing in this document; a reference must be some element's bom-ref";

    /// A reference leads to an element of another kind than meant
    ReferenceOfWrongKind {
        /// Where it is used.
        place: ReferencePlace,
        /// The reference.
        reference: String,
        /// What it leads to.
        found: ElementKind,
        /// What it should lead to.
        expected: Expected,
    }
    "reference-of-wrong-kind" Medium "1.2" "CycloneDX, description of each field that refers"
    "`{reference}` in {place} names {found}; it should name {expected}";

    /// Two different elements have the same bom-ref
    DuplicateReference {
        /// The name.
        reference: String,
        /// What has it first.
        first: ElementKind,
        /// What has it again.
        second: ElementKind,
    }
    "duplicate-reference" High "1.2" "CycloneDX `bom-ref`: every bom-ref must be unique within the BOM"
    "`{reference}` names {second} here and {first} elsewhere; each bom-ref must be unique";

    /// The same element is described twice under its bom-ref
    ElementRepeated {
        /// The name.
        reference: String,
    }
    "element-repeated" Low "1.2" "CycloneDX `bom-ref`: every bom-ref must be unique within the BOM"
    "`{reference}` is described a second time here; it should be described once and referred to by its bom-ref";

    /// A bom-ref looks like a link to another document
    ReferenceLikeLink {
        /// The name.
        reference: String,
    }
    "reference-like-link" Low "1.5" "CycloneDX `bom-ref`: should not start with `urn:cdx:`"
    "the bom-ref `{reference}` begins like a BOM-Link; readers will look for it in another document";

    /// A BOM-Link is not one
    LinkMalformed {
        /// The link.
        link: String,
    }
    "link-malformed" Medium "1.5" "CycloneDX BOM-Link: `urn:cdx:<uuid>/<version>#<bom-ref>`"
    "`{link}` begins like a BOM-Link and is none; it should be urn:cdx:UUID/VERSION, with #BOM-REF for an element";

    /// A BOM-Link into this very document leads nowhere
    LinkUnresolved {
        /// The link.
        link: String,
    }
    "link-unresolved" Medium "1.5" "CycloneDX BOM-Link: the fragment is a bom-ref of the document that is named"
    "`{link}` is about this document, which has no such element";

    /// The same element has two entries in the dependency graph
    DependencyRepeated {
        /// The element.
        reference: String,
    }
    "dependency-repeated" Medium "1.2" "CycloneDX `dependencies`: one node of the graph for each element"
    "`{reference}` has a second entry in the dependency graph; readers take one of them, and not all take the same";

    /// An element needs itself
    DependencyOnItself {
        /// The element.
        reference: String,
    }
    "dependency-on-itself" Medium "1.2" "a dependency graph is acyclic"
    "`{reference}` is said to need itself; that cannot be";

    /// Elements need each other in a circle
    DependencyCycle {
        /// How many.
        members: usize,
        /// One of them.
        reference: String,
    }
    "dependency-cycle" Medium "1.2" "a dependency graph is acyclic"
    "{members} elements need each other in a circle, `{reference}` among them; what is made later cannot be needed earlier";

    /// Tasks wait for each other in a circle
    TaskCycle {
        /// How many.
        members: usize,
        /// One of them.
        reference: String,
    }
    "task-cycle" Medium "1.5" "CycloneDX `taskDependencies`: the order of tasks"
    "{members} tasks wait for each other, `{reference}` among them; they can never have begun";

    /// A digest is longer or shorter than its algorithm makes it
    DigestLength {
        /// The algorithm.
        algorithm: String,
        /// Digits that are there.
        found: usize,
        /// Digits that should be.
        expected: usize,
    }
    "digest-length" High "1.2" "length of the hash function's output"
    "{found} hexadecimal digits cannot be a {algorithm} digest, which has {expected}";

    /// All digests are of broken hash functions
    DigestsWeak {
        /// The algorithms.
        algorithms: String,
    }
    "digests-weak" Medium "1.2" "RFC 6151 (MD5), RFC 6194 and FIPS 180-4 transition (SHA-1): collisions can be made"
    "there is {algorithms} and nothing stronger, for which colliding files can be made; add SHA-256 or better";

    /// A digest is that of no bytes at all
    DigestOfNothing {
        /// The algorithm.
        algorithm: String,
    }
    "digest-of-nothing" Medium "1.2" "the hash function, applied to the empty input"
    "this is the {algorithm} digest of no bytes; what has a content has another digest";

    /// A digest is a placeholder
    DigestPlaceholder {
        /// The algorithm.
        algorithm: String,
        /// The digest.
        digest: String,
    }
    "digest-placeholder" High "1.2" "a hash function does not give one digit throughout"
    "`{digest}` as {algorithm} digest is the same digit throughout; it was never computed";

    /// One element has two digests of one algorithm
    DigestsContradict {
        /// The algorithm.
        algorithm: String,
    }
    "digests-contradict" High "1.2" "a hash function has one result"
    "a second {algorithm} digest says something else than the first; the same bytes have one";

    /// Differently named elements have the same digest
    DigestShared {
        /// The other name.
        other: String,
        /// The algorithm.
        algorithm: String,
    }
    "digest-shared" Low "1.2" "different contents have different digests"
    "`{other}`, of another name, has the same {algorithm} digest; either they are one, or a digest was copied";

    /// Two entries for one package have different digests
    PackageDigestsDiffer {
        /// The package.
        purl: String,
        /// The algorithm.
        algorithm: String,
    }
    "package-digests-differ" High "1.2" "a package URL with a version names one package"
    "another entry for `{purl}` has another {algorithm} digest; one package has one";

    /// The subject is listed again with other digests
    SubjectDigestsDiffer {
        /// Its name.
        name: String,
        /// The algorithm.
        algorithm: String,
    }
    "subject-digests-differ" High "1.2" "CycloneDX `metadata.component`: the component that the BOM describes"
    "`{name}` is what the document is about, and is listed here with another {algorithm} digest";

    /// The checksum inside of a package URL is not the component's digest
    ChecksumDiffers {
        /// The algorithm.
        algorithm: String,
        /// What the package URL says.
        checksum: String,
    }
    "checksum-differs" High "1.2" "package URL specification, qualifier `checksum`"
    "the package URL says {algorithm} {checksum}, and `hashes` of the same component says another";

    /// Evidence compared another digest than the component has
    EvidenceDigestDiffers {
        /// What was compared.
        value: String,
    }
    "evidence-digest-differs" High "1.5" "CycloneDX `evidence.identity[].methods[]`, technique `hash-comparison`"
    "evidence rests on the digest {value}, which is none of the component's";

    /// Evidence concludes something else than the component says
    EvidenceContradicts {
        /// Which field.
        field: String,
        /// What was concluded.
        concluded: String,
        /// What the component says.
        stated: String,
    }
    "evidence-contradicts" Medium "1.6" "CycloneDX `evidence.identity[].concludedValue`"
    "evidence concludes the {field} `{concluded}`; the component says `{stated}`";

    /// A package URL is not one
    PackageUrlInvalid {
        /// The text.
        purl: String,
        /// Why.
        reason: String,
    }
    "package-url-invalid" Medium "1.2" "package URL specification"
    "`{purl}` is not a package URL: {reason}";

    /// Package URL and component disagree about the version
    PackageVersionDiffers {
        /// Of the package URL.
        purl: String,
        /// Of the component.
        component: String,
    }
    "package-version-differs" Medium "1.2" "package URL specification, `version`"
    "the package URL is about version `{purl}`, the component says `{component}`";

    /// Package URL and component disagree about the name
    PackageNameDiffers {
        /// Of the package URL.
        purl: String,
        /// Of the component.
        component: String,
    }
    "package-name-differs" Low "1.2" "package URL specification, `name`"
    "the package URL is about `{purl}`, the component is called `{component}`";

    /// A commit is abbreviated
    CommitAbbreviated {
        /// The commit.
        commit: String,
    }
    "commit-abbreviated" Medium "1.2" "an object name of Git has 40 or 64 digits; fewer can be made to fit others"
    "`{commit}` is the beginning of a commit's name; the whole has 40 or 64 digits, and only that pins anything";

    /// A revision can be moved
    RevisionMutable {
        /// The revision.
        revision: String,
    }
    "revision-mutable" Medium "1.2" "branches and tags of Git can be moved"
    "`{revision}` is a branch or tag, which leads elsewhere tomorrow; a commit does not";

    /// A CPE name is not one
    CpeInvalid {
        /// The text.
        cpe: String,
    }
    "cpe-invalid" Low "1.2" "NISTIR 7695, CPE naming"
    "`{cpe}` is not a CPE name; a CPE 2.3 name has 13 parts, none of them empty";

    /// CPE name and component disagree about the version
    CpeVersionDiffers {
        /// Of the CPE name.
        cpe: String,
        /// Of the component.
        component: String,
    }
    "cpe-version-differs" Low "1.2" "NISTIR 7695, attribute `version`"
    "the CPE name is about version `{cpe}`, the component says `{component}`";

    /// A Software Heritage identifier is not one
    SwhidInvalid {
        /// The text.
        identifier: String,
    }
    "swhid-invalid" Medium "1.6" "ISO/IEC 18670 (SWHID 1.2)"
    "`{identifier}` is not a SWHID, such as swh:1:cnt: with 40 hexadecimal digits";

    /// An OmniBOR identifier is not one
    OmniborInvalid {
        /// The text.
        identifier: String,
    }
    "omnibor-invalid" Medium "1.6" "OmniBOR specification: `gitoid:blob:<algorithm>:<hex>`"
    "`{identifier}` is not an OmniBOR identifier, such as gitoid:blob:sha256: with 64 hexadecimal digits";

    /// A name is a placeholder
    NamePlaceholder {
        /// The name.
        name: String,
    }
    "name-placeholder" Medium "1.2" "an identity must identify"
    "`{name}` stands where a name should be; it identifies nothing";

    /// A version is a placeholder
    VersionPlaceholder {
        /// The version.
        version: String,
    }
    "version-placeholder" Low "1.2" "an identity must identify"
    "`{version}` stands where a version should be; leaving it out says the same, and says it to machines";

    /// Model facts on something that is not a model
    ModelCardMisplaced {
        /// What it is.
        kind: String,
    }
    "model-card-misplaced" Medium "1.5" "CycloneDX `modelCard`: only for type machine-learning-model"
    "a component of type `{kind}` has a model card; only a machine-learning-model may";

    /// Data facts on something that is not data
    DataMisplaced {
        /// What it is.
        kind: String,
    }
    "data-misplaced" Medium "1.5" "CycloneDX `component.data`: only for type data"
    "a component of type `{kind}` has `data`; only a component of type data may";

    /// Data of which nothing is said
    DataUndescribed
    "data-undescribed" Low "1.5" "CycloneDX component type `data`: further described by `data`"
    "a component of type data says neither what it is nor where; `data`, hashes, parts or an address should";

    /// A model without a model card
    ModelUndescribed
    "model-undescribed" Low "1.5" "CycloneDX component type `machine-learning-model`: further described by `modelCard`"
    "a machine-learning-model has no model card; what it was trained on and for is not said";

    /// Something is dated into the future
    TimeInFuture {
        /// What.
        event: Event,
        /// When, as the document says.
        time: String,
    }
    "time-in-future" Medium "1.2" "compared with the clock of the reader, with five minutes of tolerance"
    "{event} is dated {time}, which has not come yet";

    /// A time that is none
    TimeUnreadable {
        /// Of what.
        event: Event,
        /// What is there.
        time: String,
    }
    "time-unreadable" Low "1.2" "RFC 3339"
    "`{time}`, the time of {event}, is no instant that a clock can show";

    /// The document is older than what it describes
    DocumentOlderThanArtifact {
        /// When the document was made, as it says.
        document: String,
        /// When the artifact last changed.
        artifact: jiff::Timestamp,
    }
    "document-older-than-artifact" Medium "1.2" "CycloneDX `metadata.timestamp`: when the BOM was created"
    "the document is of {document}, and the artifact changed after that, at {artifact}";

    /// An end before the beginning
    TimeReversed {
        /// What.
        event: Event,
        /// When it began.
        start: String,
        /// When it ended.
        end: String,
    }
    "time-reversed" Medium "1.5" "CycloneDX `timeStart`, `timeEnd`"
    "{event} ended at {end}, before it began at {start}";

    /// Something happened after the document that tells of it
    EventAfterDocument {
        /// What.
        event: Event,
        /// When.
        time: String,
        /// When the document was made.
        document: String,
    }
    "event-after-document" Medium "1.2" "a document cannot tell what had not happened"
    "{event} is dated {time}, after the document of {document} that tells of it";

    /// Something is older than what it was made from
    ChildOlderThanAncestor {
        /// Newest commit of what was made.
        child: String,
        /// Oldest commit of what it was made from.
        ancestor: String,
    }
    "child-older-than-ancestor" Medium "1.2" "CycloneDX `pedigree`: made from what was there before"
    "its last commit is of {child}, before the first one of what it was made from, {ancestor}";

    /// A commit is older than what it commits
    CommitBeforeAuthorship {
        /// When it was committed.
        committed: String,
        /// When it was written.
        authored: String,
    }
    "commit-before-authorship" Low "1.2" "CycloneDX `commit.author`, `commit.committer`"
    "committed at {committed}, before it was written at {authored}";

    /// A measurement lies outside of its own confidence interval
    IntervalMissesValue {
        /// The value.
        value: String,
        /// The lower bound.
        lower: String,
        /// The upper bound.
        upper: String,
    }
    "interval-misses-value" Medium "1.5" "CycloneDX `performanceMetric.confidenceInterval`"
    "the value {value} is not between its bounds {lower} and {upper}";

    /// A confidence interval is upside down
    IntervalReversed {
        /// The lower bound.
        lower: String,
        /// The upper bound.
        upper: String,
    }
    "interval-reversed" Medium "1.5" "CycloneDX `performanceMetric.confidenceInterval`"
    "the lower bound {lower} is above the upper bound {upper}";

    /// A bound of a confidence interval is not a number
    BoundNotNumeric {
        /// What is there.
        bound: String,
    }
    "bound-not-numeric" Low "1.5" "CycloneDX `performanceMetric.confidenceInterval`"
    "`{bound}` is not a number, as the bound of a confidence interval must be";

    /// A measurement is not a number
    MetricNotNumeric {
        /// What is there.
        value: String,
    }
    "metric-not-numeric" Low "1.5" "CycloneDX `performanceMetric.value`"
    "`{value}` is not a number; no threshold can be applied to it";

    /// A cost in energy or carbon is negative
    EnergyNegative {
        /// What is there.
        value: f64,
    }
    "energy-negative" Medium "1.6" "CycloneDX `energyConsumption`"
    "{value} is less than nothing; a cost must not be negative";

    /// What providers gave is not what was used
    EnergySumDiffers {
        /// What the providers gave.
        provided: f64,
        /// What was used.
        used: f64,
    }
    "energy-sum-differs" Low "1.6" "CycloneDX `energyProviders[].energyProvided`, `activityEnergyCost`"
    "the providers gave {provided} kWh for an activity that cost {used} kWh";

    /// A property that is a number by the taxonomy is none
    PropertyNotNumeric {
        /// Its name.
        name: String,
        /// What is there.
        value: String,
    }
    "property-not-numeric" Low "1.3" "CycloneDX property taxonomy, `cdx:ai-ml`"
    "`{value}` is not a positive number, as {name} must be";

    /// A citation points at nothing
    CitationUnresolved {
        /// The pointer.
        cited: String,
    }
    "citation-unresolved" Medium "1.7" "CycloneDX `citations[].pointers`, RFC 6901"
    "the pointer `{cited}` leads to nothing in this document, so nothing is cited";

    /// A citation names one place twice
    CitationRepeated {
        /// The pointer.
        cited: String,
    }
    "citation-repeated" Low "1.7" "CycloneDX `citations[].pointers`"
    "the pointer `{cited}` stands twice in one citation";

    /// Evidence for a claim is no longer valid
    EvidenceExpired {
        /// Until when it was.
        expires: String,
    }
    "evidence-expired" Medium "1.6" "CycloneDX `declarations.evidence[].expires`"
    "the evidence was valid until {expires}; claims rest on it no longer";

    /// Evidence expired before it was made
    EvidenceNeverValid {
        /// When it was made.
        created: String,
        /// Until when it is valid.
        expires: String,
    }
    "evidence-never-valid" Medium "1.6" "CycloneDX `declarations.evidence[]`"
    "the evidence was made at {created}, after it expired at {expires}";

    /// Conformance is stated by nobody
    ConformanceUnassessed
    "conformance-unassessed" Medium "1.6" "CycloneDX `attestations[].assessor`"
    "conformance is stated, and no assessor who states it";

    /// Conformance rests on no claim
    ConformanceUnclaimed {
        /// The score.
        score: f64,
    }
    "conformance-unclaimed" Medium "1.6" "CycloneDX `attestations[].map[]`: conformance on the strength of claims"
    "conformance of {score} is stated on the strength of no claim";

    /// A requirement is attested twice by one attestation
    RequirementRepeated {
        /// The requirement.
        reference: String,
    }
    "requirement-repeated" Medium "1.6" "CycloneDX `attestations[].map[]`: one entry for each requirement"
    "`{reference}` has a second entry in the same attestation; only one of them can hold";

    /// A requirement is part of itself
    RequirementCycle {
        /// How many go round.
        members: usize,
        /// One of them.
        reference: String,
    }
    "requirement-cycle" Medium "1.6" "CycloneDX `requirements[].parent`: a hierarchy"
    "`{reference}` is part of itself, by way of {members} requirements; a hierarchy has a top";

    /// There is evidence against a claim
    CounterEvidence {
        /// How much of it.
        count: usize,
    }
    "counter-evidence" Low "1.6" "CycloneDX `claims[].counterEvidence`, `map[].counterClaims`"
    "the document itself names {count} against this; it should be weighed by a person";

    /// The same thing speaks for a claim and against it
    EvidenceForAndAgainst {
        /// What.
        reference: String,
    }
    "evidence-for-and-against" High "1.6" "CycloneDX `evidence` and `counterEvidence`, `claims` and `counterClaims`"
    "`{reference}` is given both for and against; it cannot be both";

    /// A claim without evidence
    ClaimUnfounded
    "claim-unfounded" Low "1.6" "CycloneDX `claims[].evidence`"
    "a claim names no evidence; it is said and not shown";

    /// Completeness is both claimed and denied
    CompositionContradicts {
        /// Of what.
        reference: String,
        /// What was said first.
        first: String,
        /// What is said here.
        second: String,
    }
    "composition-contradicts" Medium "1.3" "CycloneDX `compositions[].aggregate`"
    "`{reference}` is called {second} here and {first} elsewhere; it cannot be both";

    /// Complete parts, and there are none
    CompleteWithoutParts {
        /// Of what.
        reference: String,
    }
    "complete-without-parts" Low "1.3" "CycloneDX `aggregate` complete: no further relationships are known to exist"
    "the parts of `{reference}` are called complete, and it has neither a part nor a digest";

    /// Complete dependencies, and no entry in the graph
    CompleteWithoutDependencies {
        /// Of what.
        reference: String,
    }
    "complete-without-dependencies" Medium "1.3" "CycloneDX `dependencies`: an element without dependencies has an empty entry"
    "the needs of `{reference}` are called complete, and the dependency graph has no entry for it";

    /// Completeness of nothing
    CompositionOfNothing {
        /// What is said of it.
        aggregate: String,
    }
    "composition-of-nothing" Low "1.3" "CycloneDX `compositions[]`: assemblies, dependencies, vulnerabilities"
    "a composition is called {aggregate}, and names nothing that would be";

    /// A licence expression is not one
    ExpressionInvalid {
        /// The expression.
        expression: String,
        /// Why.
        reason: String,
    }
    "licence-expression-invalid" Medium "1.2" "SPDX specification, annex on licence expressions"
    "`{expression}` is not an SPDX licence expression: {reason}";

    /// A licence identifier is out of use
    LicenceDeprecated {
        /// The identifier.
        id: String,
    }
    "licence-deprecated" Low "1.2" "SPDX licence list"
    "`{id}` is a deprecated identifier of the SPDX licence list; its successor says exactly which licence is meant";

    /// An SPDX identifier stands as a free name
    LicenceNameIsId {
        /// The name.
        name: String,
    }
    "licence-name-is-id" Low "1.2" "CycloneDX `license.id`, `license.name`"
    "the name `{name}` is an SPDX identifier, and should be the licence's id; machines do not look for it here";

    /// Something is its own ancestor
    AncestorIsItself {
        /// By what they are the same.
        by: &'static str,
        /// What is the same.
        value: String,
    }
    "ancestor-is-itself" High "1.2" "CycloneDX `pedigree.ancestors`: what it was made from"
    "it is said to be made from itself: the same {by} `{value}`";

    /// Things are made from each other in a circle
    PedigreeCycle {
        /// How many.
        members: usize,
        /// One of them.
        name: String,
    }
    "pedigree-cycle" High "1.2" "CycloneDX `pedigree`: made from what was there before"
    "{members} components are made from each other in a circle, `{name}` among them";

    /// An ancestor that is not pinned
    AncestorUnpinned {
        /// Its name.
        name: String,
    }
    "ancestor-unpinned" Low "1.2" "CycloneDX `pedigree.ancestors`"
    "the ancestor `{name}` has neither version nor digest; it can be anything of that name";

    /// A document without serial number
    SerialNumberMissing
    "serial-number-missing" Low "1.2" "CycloneDX `serialNumber`: every BOM should have one"
    "the document has no serialNumber; nothing can refer to it";

    /// A serial number that is none
    SerialNumberPlaceholder {
        /// The number.
        serial: String,
    }
    "serial-number-placeholder" Low "1.2" "RFC 9562 §5.9, §5.10: nil and max UUID"
    "`{serial}` is no serial number of anything; it should be a UUID of its own";

    /// A document about nothing
    SubjectMissing
    "subject-missing" Low "1.2" "CycloneDX `metadata.component`: the component that the BOM describes"
    "the document does not say what it is about; `metadata.component` should";

    /// A document without date
    TimestampMissing
    "timestamp-missing" Low "1.2" "CycloneDX `metadata.timestamp`"
    "the document does not say when it was made; it may be about anything earlier";

    /// An address on somebody's own machine
    AddressLocal {
        /// The address.
        address: String,
    }
    "address-local" Medium "1.2" "RFC 8089; an address must lead the reader there too"
    "`{address}` is a place on the machine where the document was made; nobody else can follow it";

    /// An address without a beginning
    AddressRelative {
        /// The address.
        address: String,
    }
    "address-relative" Low "1.2" "RFC 3986 §4.2, §5.1: relative to what is not said in a BOM"
    "`{address}` is relative, and the document does not say to what; it should be a whole URL";

    /// An address or path that climbs out
    AddressEscapes {
        /// The address.
        address: String,
    }
    "address-escapes" High "1.2" "RFC 3986 §5.2.4; a file of the artifact is below its root"
    "`{address}` climbs up with `..` or starts at the root; what is named must be below the artifact";

    /// An address with a password
    AddressHoldsSecret {
        /// The host.
        host: String,
    }
    "address-holds-secret" High "1.2" "RFC 3986 §3.2.1: user information must not hold a password in clear"
    "an address at {host} holds a password or token, which everybody can read; withdraw it";

    /// Encoded content that cannot be decoded
    AttachmentNotBase64 {
        /// Its beginning.
        content: String,
    }
    "attachment-not-base64" Medium "1.2" "RFC 4648 §4; CycloneDX `attachment.encoding`"
    "the content `{content}` is called base64, and is not";

    /// More was found than is listed
    More {
        /// How many more.
        omitted: usize,
    }
    "more-defects" Low "1.2" "a list has an end"
    "{omitted} more defects were found and are not listed; the most severe are";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::RULES;

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let slugs: HashSet<&str> = RULES.iter().map(|rule| rule.slug).collect();
        assert_eq!(slugs.len(), RULES.len());
        for rule in RULES {
            let kebab = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
            assert!(rule.slug.bytes().all(kebab), "{}", rule.slug);
            assert!(
                !rule.title.is_empty() && !rule.source.is_empty(),
                "{}",
                rule.slug
            );
            let major_minor = rule.since.split_once('.');
            assert!(
                major_minor.is_some_and(|(major, _)| major == "1"),
                "{}",
                rule.slug
            );
        }
    }
}
