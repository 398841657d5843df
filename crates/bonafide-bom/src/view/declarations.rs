//! Attestations in the document's own words (1.6), and who said what (1.7).

use super::component::{Component, Organization};
use super::document::Service;
use super::member::{Text, view};
use crate::json::{Node, Number};

view! {
    /// What is attested.
    Declarations {
        /// Who assessed.
        assessors: Vec<Assessor<'a>> = "assessors",
        /// What was assessed, requirement by requirement.
        attestations: Vec<Attestation<'a>> = "attestations",
        /// Claims.
        claims: Vec<Claim<'a>> = "claims",
        /// Evidence for claims.
        evidence: Vec<ProofOfClaim<'a>> = "evidence",
        /// What claims are about.
        targets: Option<Targets<'a>> = "targets",
        /// Who stands for it, unread.
        affirmation: Option<Node<'a>> = "affirmation",
        /// Signature over all of it (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// Who assessed.
    Assessor {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Not the maker itself.
        third_party: Option<bool> = "thirdParty",
        /// The organisation.
        organization: Option<Organization<'a>> = "organization",
    }

    /// An assessment.
    Attestation {
        /// In short.
        summary: Option<Text<'a>> = "summary",
        /// Reference to the assessor.
        assessor: Option<Text<'a>> = "assessor",
        /// Requirement by requirement.
        map: Vec<RequirementMap<'a>> = "map",
        /// Signature over it (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// How a requirement is met.
    RequirementMap {
        /// Reference to the requirement.
        requirement: Option<Text<'a>> = "requirement",
        /// References to claims.
        claims: Vec<Text<'a>> = "claims",
        /// References to claims against it.
        counter_claims: Vec<Text<'a>> = "counterClaims",
        /// How far it is met.
        conformance: Option<Conformance<'a>> = "conformance",
        /// How sure that is.
        confidence: Option<Conformance<'a>> = "confidence",
    }

    /// A score from 0 to 1.
    Conformance {
        /// The score.
        score: Option<Number> = "score",
        /// Why.
        rationale: Option<Text<'a>> = "rationale",
        /// References to evidence of mitigation.
        mitigation_strategies: Vec<Text<'a>> = "mitigationStrategies",
    }

    /// A claim.
    Claim {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Reference to what it is about.
        target: Option<Text<'a>> = "target",
        /// What is claimed.
        predicate: Option<Text<'a>> = "predicate",
        /// References to evidence of mitigation.
        mitigation_strategies: Vec<Text<'a>> = "mitigationStrategies",
        /// References to evidence.
        evidence: Vec<Text<'a>> = "evidence",
        /// References to evidence against it.
        counter_evidence: Vec<Text<'a>> = "counterEvidence",
        /// Signature over it (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// Evidence for a claim.
    ProofOfClaim {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// What it is.
        description: Option<Text<'a>> = "description",
        /// When it was made.
        created: Option<Text<'a>> = "created",
        /// Until when it holds.
        expires: Option<Text<'a>> = "expires",
        /// The data, unread.
        data: Option<Node<'a>> = "data",
        /// Signature over it (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// What claims are about.
    Targets {
        /// Organisations.
        organizations: Vec<Organization<'a>> = "organizations",
        /// Components.
        components: Vec<Component<'a>> = "components",
        /// Services.
        services: Vec<Service<'a>> = "services",
    }

    /// Definitions that declarations use.
    Definitions {
        /// Standards.
        standards: Vec<Standard<'a>> = "standards",
    }

    /// A standard.
    Standard {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// Its version.
        version: Option<Text<'a>> = "version",
        /// Its requirements.
        requirements: Vec<Requirement<'a>> = "requirements",
        /// Its levels.
        levels: Vec<Level<'a>> = "levels",
        /// Signature over it (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// A requirement of a standard.
    Requirement {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Its number.
        identifier: Option<Text<'a>> = "identifier",
        /// Reference to the requirement around it.
        parent: Option<Text<'a>> = "parent",
    }

    /// A level of a standard.
    Level {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Its number.
        identifier: Option<Text<'a>> = "identifier",
        /// References to what it requires.
        requirements: Vec<Text<'a>> = "requirements",
    }

    /// Who said what (1.7).
    Citation {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// JSON Pointers to what was said.
        pointers: Vec<Text<'a>> = "pointers",
        /// Path expressions to what was said.
        expressions: Vec<Text<'a>> = "expressions",
        /// When.
        timestamp: Option<Text<'a>> = "timestamp",
        /// Reference to who said it.
        attributed_to: Option<Text<'a>> = "attributedTo",
        /// Reference to how it came to be said.
        process: Option<Text<'a>> = "process",
        /// Signature over it (JSF).
        signature: Option<Node<'a>> = "signature",
    }
}
