//! A report for tests, with every outcome.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bonafide_core::{
    Algorithm, ArtifactSummary, CheckResult, Confidence, ContentSummary, CoverageSummary, Digest,
    DocumentSummary, FileDigestSummary, Finding, Grade, Hazard, InspectedFile, InspectionSummary,
    Level, MaterialSummary, Mode, ModelFinding, PolicySummary, RawName, Report, RequirementClass,
    RequirementStanding, RequirementSummary, Rule, SCHEMA_VERSION, Severity, SignatureState,
    SignatureSummary, StandardSummary, Subject, ThreatId, ToolSummary, Verdict, WaivedFinding,
    WaiverState, WaiverSummary, Weight,
};

pub(crate) static RULE: Rule = Rule {
    slug: "pickle-dangerous-call",
    title: "Pickle calls something dangerous",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    rationale: "Loading it runs commands.",
    remediation: "Ask for safetensors.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

static THREATS: &[ThreatId] = &[ThreatId("SIG-02"), ThreatId("DAT-01")];

pub(crate) fn digest(seed: u8) -> Digest {
    Digest::new(Algorithm::Sha256, &[seed; 32]).unwrap()
}

pub(crate) fn check(slug: &'static str, level: Level, outcome: &'static str) -> CheckResult {
    CheckResult {
        control: slug.to_owned(),
        check: Cow::Borrowed(slug),
        title: Cow::Owned(format!("Title of {slug}")),
        level,
        effective_on: None,
        applies_to: None,
        out_of_scope: Vec::new(),
        demanded: true,
        outcome,
        reason: (!matches!(outcome, "pass" | "fail")).then(|| "there is a reason".to_owned()),
        severity: Severity::High,
        threats: Cow::Borrowed(THREATS),
        demands: Cow::Borrowed("Something holds."),
        rationale: Cow::Borrowed("It matters to `loaders` <b>."),
        cannot_prove: Cow::Borrowed("That it is safe."),
        remediation: Cow::Borrowed("Fetch it again."),
        findings: Vec::new(),
        waived: Vec::new(),
        excused: Vec::new(),
    }
}

pub(crate) fn file(name: &str) -> Subject {
    Subject::File(RawName::from(name))
}

/// Denied: a pickle that calls, another finding, one that is waived, and checks of every outcome.
pub(crate) fn report() -> Report {
    let mut mismatch = check("digest-mismatch", Level::Deny, "fail");
    mismatch.findings = vec![
        Finding::new(file("model.bin"), "content differs from what was signed")
            .with_digests(digest(1), digest(2)),
    ];
    mismatch.waived = vec![WaivedFinding {
        waiver: "W-1".to_owned(),
        finding: Finding::new(file("old.bin"), "content differs from what was signed"),
    }];
    let mut code = check("code-on-load", Level::Deny, "fail");
    code.severity = Severity::Critical;
    code.findings = vec![
        Finding::new(file("head.pkl"), "calls `os.system` (at 23)").with_rule(&RULE),
        Finding::new(file("head.pkl"), "calls `os.system` (at 99)")
            .with_rule(&RULE)
            .with_hint("delete it"),
    ];
    let mut licence = check("licence-undeclared", Level::Warn, "fail");
    licence.findings = vec![Finding::new(Subject::Artifact, "no licence is declared")];
    let mut stale = check("bom-stale", Level::Audit, "fail");
    stale.findings = vec![Finding::new(
        Subject::Document(RawName::from("models/m.cdx.json")),
        "is 400 days old",
    )];
    let mut lineage = check("missing-lineage", Level::Audit, "fail");
    lineage.findings = vec![Finding::new(
        Subject::Ancestor(RawName::from("pkg:huggingface/acme/base")),
        "is not at hand",
    )];
    let mut waived = check("uncovered-file", Level::Deny, "pass");
    waived.waived = vec![WaivedFinding {
        waiver: "W-1".to_owned(),
        finding: Finding::new(file("notes.txt"), "is not signed"),
    }];
    Report {
        schema_version: SCHEMA_VERSION,
        verdict: Verdict::Deny,
        mode: Mode::Enforce,
        reasons: vec![
            "digest-mismatch: 1 finding".to_owned(),
            "code-on-load: 2 findings".to_owned(),
        ],
        tool: ToolSummary {
            name: "bonafide",
            version: "0.1.0",
            digest: Some(digest(9)),
        },
        evaluated_at: "2026-06-01T12:00:00Z".parse().unwrap(),
        artifact: ArtifactSummary {
            target: RawName::from("models/m"),
            kind: "directory",
            purl: None,
            root: Some(digest(3)),
            digests: vec![
                FileDigestSummary {
                    name: RawName::from("head.pkl"),
                    digest: digest(4),
                },
                FileDigestSummary {
                    name: RawName::from("model.bin"),
                    digest: digest(2),
                },
            ],
            files: 4,
            bytes: 4000,
            bytes_hashed: 4000,
            links: Vec::new(),
            unreadable: Vec::new(),
        },
        policy: PolicySummary {
            name: "registry-gate".to_owned(),
            version: "1.0.0".to_owned(),
            source: Some(RawName::from("policies/registry-gate.toml")),
            digest: digest(5),
            extends: Vec::new(),
            signed_by: None,
            no_match: "deny",
            expires: Some("2029-12-31".to_owned()),
            trust: vec!["key \"publisher\"".to_owned()],
            trust_added: Vec::new(),
            lists: Vec::new(),
            material: vec![MaterialSummary {
                source: RawName::from("keys/publisher.pub.pem"),
                kind: "key",
                digest: digest(6),
            }],
        },
        signatures: vec![
            signature(SignatureState::Verified),
            signature(SignatureState::Untrusted),
        ],
        documents: vec![document()],
        lineage: None,
        inspection: Some(inspection()),
        checks: vec![
            mismatch,
            code,
            licence,
            stale,
            lineage,
            waived,
            check("signature-rejected", Level::Deny, "pass"),
            check("untrusted-signer", Level::Deny, "inconclusive"),
            check("uninspected-file", Level::Warn, "inconclusive"),
            check("weak-identity", Level::Deny, "not-applicable"),
        ],
        waivers: vec![WaiverSummary {
            id: "W-1".to_owned(),
            control: "digest-mismatch".to_owned(),
            subject: "pkg:huggingface/acme/m@*".to_owned(),
            until: "2026-07-01".to_owned(),
            days_left: 31,
            reason: "is migrated".to_owned(),
            owner: "ml-platform@acme.example".to_owned(),
            approved_by: "security@acme.example".to_owned(),
            source: "waivers.toml".to_owned(),
            state: WaiverState::Used,
            findings: 2,
        }],
        warnings: vec!["waiver W-9 is not used".to_owned()],
        threats: Vec::new(),
        standards: vec![standard()],
    }
}

fn signature(state: SignatureState) -> SignatureSummary {
    let verified = state == SignatureState::Verified;
    SignatureSummary {
        source: RawName::from(if verified {
            "models/m/model.sig"
        } else {
            "models/m.other.sig"
        }),
        digest: digest(7),
        scheme: "OMS v1.0, method key".to_owned(),
        state,
        line: None,
        reason: None,
        category: None,
        content: Some("model".to_owned()),
        stated_result: None,
        signer: Some("key \"publisher\"".to_owned()),
        signer_grade: Some(if verified {
            Grade::Verified
        } else {
            Grade::Claimed
        }),
        cosigners: Vec::new(),
        claims: Vec::new(),
        times: Vec::new(),
        log_entries: None,
        log_indices: Vec::new(),
        serialization: Some("files, sha256".to_owned()),
        covered: 3,
        root: Some(digest(3)),
        bound_by: None,
        gaps: Vec::new(),
        gaps_omitted: None,
    }
}

fn document() -> DocumentSummary {
    DocumentSummary {
        source: RawName::from("models/m.cdx.json"),
        digest: digest(8),
        format: Some("CycloneDX 1.6, JSON".to_owned()),
        reason: None,
        about: Some("m 1.0".to_owned()),
        supplier: None,
        signatures: Vec::new(),
        violations: 0,
        contradictions: 0,
        listed: 4,
        verified: 2,
        differing: 1,
        missing: 0,
        not_compared: 1,
        unlisted: 0,
    }
}

fn inspection() -> InspectionSummary {
    InspectionSummary {
        rule_set: digest(10),
        advisories: Vec::new(),
        clean: BTreeMap::from([("text", 2)]),
        files: vec![InspectedFile {
            name: RawName::from("head.pkl"),
            size: 100,
            digest: None,
            format: Some("pickle"),
            title: Some("pickle"),
            coverage: CoverageSummary::Scanned,
            parts: Vec::new(),
            findings: vec![ModelFinding {
                rule: &RULE,
                weight: Weight::Deny,
                part: String::new(),
                start: Some(23),
                end: Some(24),
                about: Some("os.system".to_owned()),
                message: "calls `os.system`".to_owned(),
            }],
            omitted: BTreeMap::new(),
            content: ContentSummary::default(),
        }],
        rules: Vec::new(),
    }
}

fn standard() -> StandardSummary {
    let requirement = |id: &str, class, standing, controls: &[&str]| RequirementSummary {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        assertion: "Every file has the digest that was signed.".to_owned(),
        class,
        controls: controls
            .iter()
            .map(|control| (*control).to_owned())
            .collect(),
        standing,
        reason: "because".to_owned(),
        limit: "not that it is safe".to_owned(),
    };
    StandardSummary {
        id: "aisvs".to_owned(),
        name: "AI Security Verification Standard".to_owned(),
        version: "1.0".to_owned(),
        owner: "OWASP".to_owned(),
        requirements: vec![
            requirement(
                "6.1.1",
                RequirementClass::Automated,
                RequirementStanding::Supported,
                &["signature-rejected"],
            ),
            requirement(
                "6.1.2",
                RequirementClass::Automated,
                RequirementStanding::Contradicted,
                &["digest-mismatch", "signature-rejected"],
            ),
            requirement(
                "6.1.3",
                RequirementClass::Automated,
                RequirementStanding::Undecided,
                &["untrusted-signer"],
            ),
            requirement(
                "6.1.4",
                RequirementClass::Attestation,
                RequirementStanding::Waived,
                &["uncovered-file"],
            ),
            requirement(
                "6.1.5",
                RequirementClass::Document,
                RequirementStanding::NoEvidence,
                &[],
            ),
        ],
    }
}
