//! Elements that have a `bom-ref`, and places that refer to them.

use std::fmt;

/// What an element with a `bom-ref` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ElementKind {
    /// A component of type `data`.
    DataComponent,
    /// Any other component.
    Component,
    /// A service.
    Service,
    /// Data inside of a component or a model card.
    Data,
    /// A vulnerability.
    Vulnerability,
    /// A task of a workflow.
    Task,
    /// A workflow.
    Workflow,
    /// Who assessed.
    Assessor,
    /// A claim.
    Claim,
    /// Evidence for a claim.
    Evidence,
    /// A requirement of a standard.
    Requirement,
    /// A patent, or a family of them.
    Patent,
    /// An organisation.
    Organization,
    /// Anything else.
    Other,
}

impl fmt::Display for ElementKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::DataComponent => "a component of type data",
            Self::Component => "a component",
            Self::Service => "a service",
            Self::Data => "data",
            Self::Vulnerability => "a vulnerability",
            Self::Task => "a task",
            Self::Workflow => "a workflow",
            Self::Assessor => "an assessor",
            Self::Claim => "a claim",
            Self::Evidence => "evidence for claims",
            Self::Requirement => "a requirement",
            Self::Patent => "a patent",
            Self::Organization => "an organisation",
            Self::Other => "an element",
        })
    }
}

impl ElementKind {
    /// By the name of the member that holds it.
    pub(super) fn of(holder: &str, kind: Option<&str>) -> Self {
        match holder {
            "component" | "components" | "ancestors" | "descendants" | "variants" => match kind {
                Some("data") => Self::DataComponent,
                _ => Self::Component,
            },
            "service" | "services" => Self::Service,
            "data" | "datasets" => Self::Data,
            "vulnerabilities" => Self::Vulnerability,
            "tasks" => Self::Task,
            "workflows" => Self::Workflow,
            "assessors" => Self::Assessor,
            "claims" => Self::Claim,
            "evidence" => Self::Evidence,
            "requirements" => Self::Requirement,
            "patents" => Self::Patent,
            "organization" | "organizations" | "supplier" | "manufacturer" | "manufacture"
            | "provider" => Self::Organization,
            _ => Self::Other,
        }
    }
}

/// What a reference should lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Expected {
    /// Any element.
    Anything,
    /// Something that is delivered or runs.
    ComponentOrService,
    /// A component.
    Component,
    /// Data.
    Data,
    /// What a claim can be about.
    Target,
    /// Exactly this.
    Only(ElementKind),
}

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anything => formatter.write_str("an element"),
            Self::ComponentOrService => formatter.write_str("a component or a service"),
            Self::Component => formatter.write_str("a component"),
            Self::Data => formatter.write_str("a component of type data"),
            Self::Target => formatter.write_str("a component, a service or an organisation"),
            Self::Only(kind) => kind.fmt(formatter),
        }
    }
}

impl Expected {
    pub(super) const fn admits(self, kind: ElementKind) -> bool {
        use ElementKind::{Component, Data, DataComponent, Organization, Service};
        match self {
            Self::Anything => true,
            Self::ComponentOrService => matches!(kind, Component | DataComponent | Service),
            Self::Component => matches!(kind, Component | DataComponent),
            Self::Data => matches!(kind, DataComponent | Data),
            Self::Target => matches!(kind, Component | DataComponent | Service | Organization),
            Self::Only(only) => only as u8 == kind as u8,
        }
    }
}

macro_rules! places {
    ($( $name:ident $text:literal $expected:expr, [ $( $holder:pat => $member:pat ),+ ] ; )*) => {
        /// A place that refers to an element, named by its path.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ReferencePlace {$(
            #[doc = concat!("`", $text, "`")]
            $name,
        )*}

        impl ReferencePlace {
            /// The place, by the member that holds the object and the member of the object.
            pub(super) fn of(holder: &str, member: &str) -> Option<Self> {
                match (holder, member) {
                    $( $( ($holder, $member) )|+ => Some(Self::$name), )*
                    _ => None,
                }
            }

            /// What it should lead to.
            #[must_use]
            pub const fn expected(self) -> Expected {
                match self { $( Self::$name => $expected, )* }
            }
        }

        impl fmt::Display for ReferencePlace {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(match self { $( Self::$name => $text, )* })
            }
        }
    };
}

places! {
    Dependency "dependencies[].ref" Expected::ComponentOrService, ["dependencies" => "ref"];
    DependsOn "dependencies[].dependsOn" Expected::ComponentOrService, ["dependencies" => "dependsOn"];
    Provides "dependencies[].provides" Expected::ComponentOrService, ["dependencies" => "provides"];
    Assembly "compositions[].assemblies" Expected::ComponentOrService, ["compositions" => "assemblies"];
    ComposedDependency "compositions[].dependencies" Expected::ComponentOrService, ["compositions" => "dependencies"];
    ComposedVulnerability "compositions[].vulnerabilities" Expected::Only(ElementKind::Vulnerability),
        ["compositions" => "vulnerabilities"];
    Affected "vulnerabilities[].affects[].ref" Expected::ComponentOrService, ["affects" => "ref"];
    AnnotationSubject "annotations[].subjects" Expected::Anything, ["annotations" => "subjects"];
    Dataset "modelParameters.datasets[].ref" Expected::Data, ["datasets" => "ref"];
    Tool "evidence.identity[].tools" Expected::Anything, ["identity" => "tools"];
    ResourceReference "resourceReferences[].ref" Expected::Anything, ["resourceReferences" => "ref"];
    ResourceSource "source.ref" Expected::Anything, ["source" => "ref"];
    ResourceTarget "target.ref" Expected::Anything, ["target" => "ref"];
    Resource "resource.ref" Expected::Anything, ["resource" => "ref"];
    TaskDependency "taskDependencies[]" Expected::Only(ElementKind::Task),
        ["taskDependencies" => "ref" | "dependsOn" | "provides"];
    Topology "runtimeTopology[]" Expected::Anything,
        ["runtimeTopology" => "ref" | "dependsOn" | "provides"];
    AttestationAssessor "attestations[].assessor" Expected::Only(ElementKind::Assessor), ["attestations" => "assessor"];
    AttestedRequirement "attestations[].map[].requirement" Expected::Only(ElementKind::Requirement),
        ["map" => "requirement"];
    AttestedClaim "attestations[].map[].claims" Expected::Only(ElementKind::Claim), ["map" => "claims"];
    AttestedCounterClaim "attestations[].map[].counterClaims" Expected::Only(ElementKind::Claim),
        ["map" => "counterClaims"];
    ConformanceMitigation "conformance.mitigationStrategies" Expected::Only(ElementKind::Evidence),
        ["conformance" => "mitigationStrategies"];
    ClaimTarget "claims[].target" Expected::Target, ["claims" => "target"];
    ClaimMitigation "claims[].mitigationStrategies" Expected::Only(ElementKind::Evidence),
        ["claims" => "mitigationStrategies"];
    ClaimEvidence "claims[].evidence" Expected::Only(ElementKind::Evidence), ["claims" => "evidence"];
    ClaimCounterEvidence "claims[].counterEvidence" Expected::Only(ElementKind::Evidence),
        ["claims" => "counterEvidence"];
    RequirementParent "requirements[].parent" Expected::Only(ElementKind::Requirement), ["requirements" => "parent"];
    LevelRequirement "levels[].requirements" Expected::Only(ElementKind::Requirement), ["levels" => "requirements"];
    CitationAuthor "citations[].attributedTo" Expected::Anything, ["citations" => "attributedTo"];
    CitationProcess "citations[].process" Expected::Anything, ["citations" => "process"];
    SignatureAlgorithm "certificateProperties.signatureAlgorithmRef" Expected::Component,
        ["certificateProperties" => "signatureAlgorithmRef"];
    SubjectPublicKey "certificateProperties.subjectPublicKeyRef" Expected::Component,
        ["certificateProperties" => "subjectPublicKeyRef"];
    KeyAlgorithm "algorithmRef" Expected::Component,
        ["relatedCryptoMaterialProperties" | "securedBy" => "algorithmRef"];
    CipherSuite "cipherSuites[].algorithms" Expected::Component, ["cipherSuites" => "algorithms"];
    ProtocolCryptography "protocolProperties.cryptoRefArray" Expected::Component,
        ["protocolProperties" => "cryptoRefArray"];
    KeyExchange "ikev2TransformTypes" Expected::Component,
        ["ikev2TransformTypes" => "encr" | "prf" | "integ" | "ke" | "auth",
        "encr" | "prf" | "integ" | "ke" | "auth" => "algorithm"];
    RelatedCryptography "relatedCryptographicAssets[].ref" Expected::Component,
        ["relatedCryptographicAssets" => "ref"];
    PatentFamilyMember "patents[].members" Expected::Only(ElementKind::Patent), ["patents" => "members"];
    PatentAssertion "patentAssertions[].patentRefs" Expected::Only(ElementKind::Patent),
        ["patentAssertions" => "patentRefs"];
    PatentAsserter "patentAssertions[].asserter" Expected::Anything, ["patentAssertions" => "asserter"];
}
