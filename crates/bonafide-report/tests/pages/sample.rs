//! Reports to render.

use std::borrow::Cow;

use bonafide_core::lineage::{
    EdgeEvidence, Lineage, LineageLimits, LineageNode, MaterialProof, NodeKind, Relation,
    RevisionPin, SignedMaterial, Testimony,
};
use bonafide_core::{
    ArtifactSummary, CheckResult, Confidence, CoverageGap, Digest, DocumentSignature,
    DocumentSummary, Finding, Grade, Hazard, InspectionSummary, Level, LineageSummary, LinkSummary,
    MaterialSummary, Measured, Mode, PolicyLayer, PolicySummary, RawName, Reach, RelativeSummary,
    Report, RequirementClass, RequirementStanding, RequirementSummary, Rule, SCHEMA_VERSION,
    Severity, SignatureState, SignatureSummary, StandardSummary, Subject, ThreatId, ThreatStanding,
    ThreatSummary, ToolSummary, Verdict, WaivedFinding, WaiverState, WaiverSummary,
};

/// Names that files of an attacker have.
pub const HOSTILE: [&[u8]; 14] = [
    b"<img src=x onerror=alert(1)>.bin",
    b"\"><svg/onload=alert(1)>",
    b"' onmouseover='alert(1)",
    b"`rm`",
    b"[x](javascript:alert(1))",
    "model\u{202e}nip.exe".as_bytes(),
    b"new\nline | cell",
    b"not\xffutf8",
    b"]]><script>alert(1)</script>",
    b"</style><script>alert(1)</script>",
    b"@everyone #1 :tada: www.evil.example https://evil.example/",
    b"````````",
    b"a\\|b",
    "\u{ffff}\u{0}\u{1b}[2J".as_bytes(),
];

static RULE: Rule = Rule {
    slug: "pickle-dangerous-call",
    title: "Pickle calls something that runs, loads, writes or sends",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "The call is made while the file is loaded.",
    remediation: "Do not load the file. Ask for the weights as `safetensors`.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &[],
};

pub fn digest(number: u8) -> Digest {
    Digest::sha256([number; 32])
}

fn file(name: &str, message: &str) -> Finding {
    Finding::new(Subject::File(name.into()), message)
}

pub fn check(slug: &str, severity: Severity, outcome: &'static str) -> CheckResult {
    CheckResult {
        control: slug.to_owned(),
        check: slug.to_owned().into(),
        title: format!("Title of {slug}").into(),
        level: Level::Deny,
        effective_on: None,
        applies_to: None,
        out_of_scope: Vec::new(),
        demanded: true,
        outcome,
        reason: None,
        severity,
        threats: Cow::Borrowed(&[ThreatId("SIG-02"), ThreatId("DAT-01")]),
        demands: format!("What {slug} demands, such as `model.sig`.").into(),
        rationale:
            "A single changed byte can be a changed weight. The signer did not vouch for it.".into(),
        cannot_prove: "That the signer is honest.".into(),
        remediation:
            "Fetch the files again with `bonafide`. If they still differ, tell the publisher."
                .into(),
        findings: Vec::new(),
        waived: Vec::new(),
        excused: Vec::new(),
    }
}

pub fn report(verdict: Verdict) -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        verdict,
        mode: Mode::Enforce,
        reasons: vec!["every demand of the policy is met".to_owned()],
        tool: ToolSummary {
            name: "bonafide",
            version: "0.0.0",
            digest: Some(digest(9)),
        },
        evaluated_at: "2026-11-22T12:00:00Z".parse().unwrap(),
        artifact: ArtifactSummary {
            target: "models/digits".into(),
            kind: "directory",
            purl: Some("pkg:huggingface/example/digits@1.0.0".to_owned()),
            root: Some(digest(1)),
            digests: Vec::new(),
            files: 5,
            bytes: 1_234_567,
            bytes_hashed: 1_234_567,
            links: vec![LinkSummary {
                name: "latest".into(),
                target: "model.safetensors".into(),
                leads_to: "file",
            }],
            unreadable: Vec::new(),
        },
        policy: PolicySummary {
            name: "registry".to_owned(),
            version: "1.2.0".to_owned(),
            source: Some("policy.toml".into()),
            digest: digest(2),
            extends: vec![PolicyLayer {
                source: "preset:baseline".into(),
                name: "baseline".to_owned(),
                version: "1.0.0".to_owned(),
                digest: digest(3),
            }],
            signed_by: Some("key \"platform team\"".to_owned()),
            no_match: "deny",
            expires: Some("2027-01-01".to_owned()),
            trust: vec!["key \"digits publisher\"".to_owned()],
            trust_added: Vec::new(),
            lists: Vec::new(),
            material: vec![MaterialSummary {
                source: "publisher.pub".into(),
                kind: "key",
                digest: digest(4),
            }],
        },
        signatures: vec![signature()],
        documents: vec![document()],
        lineage: Some(lineage()),
        inspection: Some(InspectionSummary {
            rule_set: digest(6),
            advisories: Vec::new(),
            clean: [("JSON", 3), ("safetensors", 1)].into(),
            files: Vec::new(),
            rules: Vec::new(),
        }),
        checks: vec![
            check("unsigned-artifact", Severity::High, "pass"),
            check("digest-mismatch", Severity::Critical, "pass"),
            CheckResult {
                reason: Some("no signature uses a certificate".to_owned()),
                ..check("certificate-not-valid", Severity::High, "not-applicable")
            },
        ],
        waivers: Vec::new(),
        warnings: Vec::new(),
        threats: threats(),
        standards: vec![standard()],
    }
}

fn signature() -> SignatureSummary {
    SignatureSummary {
        source: "models/digits/model.sig".into(),
        digest: digest(5),
        scheme: "OMS v1.0, method key".to_owned(),
        state: SignatureState::Verified,
        line: None,
        reason: None,
        category: None,
        content: Some("model".to_owned()),
        stated_result: None,
        signer: Some("key \"digits publisher\"".to_owned()),
        signer_grade: Some(Grade::Verified),
        cosigners: Vec::new(),
        claims: Vec::new(),
        times: Vec::new(),
        log_entries: Some(1),
        log_indices: vec![42],
        serialization: Some("files, sha256".to_owned()),
        covered: 4,
        root: Some(digest(1)),
        bound_by: None,
        gaps: vec![CoverageGap {
            name: "model.sig".into(),
            reason: "signature file".to_owned(),
        }],
        gaps_omitted: None,
    }
}

fn document() -> DocumentSummary {
    DocumentSummary {
        source: "models/digits/model.cdx.json".into(),
        digest: digest(7),
        format: Some("CycloneDX 1.6, JSON".to_owned()),
        reason: None,
        about: Some("digits 1.0.0".to_owned()),
        supplier: Some("Digits Demonstration".to_owned()),
        signatures: vec![DocumentSignature {
            source: "models/digits/model.sig".into(),
            signer: "key \"digits publisher\"".to_owned(),
            way: "listed in a signed manifest",
        }],
        violations: 0,
        contradictions: 0,
        listed: 4,
        verified: 3,
        differing: 0,
        missing: 0,
        not_compared: 0,
        unlisted: 1,
    }
}

fn lineage() -> LineageSummary {
    let mut model = LineageNode::new("model", NodeKind::Model).named("digits-classifier");
    model.add_measured(&Measured::from_bytes(digest(1)));
    let mut data = LineageNode::new("data", NodeKind::Dataset).named("digits-dataset");
    data.add_measured(&Measured::from_bytes(digest(8)));
    let base = LineageNode::new("base", NodeKind::Model).named("example/<b>base</b>");
    let mut graph = Lineage::new(model, LineageLimits::DEFAULT);
    let subject = graph.subject();
    let data = graph.add_node(data).unwrap();
    let base = graph.add_node(base).unwrap();
    let signed = SignedMaterial {
        subject: digest(1),
        material: digest(8),
        signer: "key \"digits publisher\"".to_owned(),
        statement: "https://slsa.dev/provenance/v1".to_owned(),
    };
    let proof = MaterialProof::new(signed, &Measured::from_bytes(digest(8))).unwrap();
    for (parent, relation, testimony) in [
        (data, Relation::TrainedOn, Testimony::Proof(proof)),
        (
            base,
            Relation::FineTunedFrom,
            Testimony::Claim { signer: None },
        ),
    ] {
        let evidence = EdgeEvidence {
            source: "model.cdx.json".into(),
            pointer: Some("/components/0".to_owned()),
            says: format!("{relation} it"),
            pin: RevisionPin::None,
            testimony,
        };
        graph.add_edge(subject, parent, relation, evidence).unwrap();
    }
    LineageSummary {
        graph,
        relatives: vec![RelativeSummary {
            name: "models/digits-dataset".into(),
            found: "found beside",
            verdict: Some(Verdict::Allow),
            reason: None,
        }],
        gaps: Vec::new(),
        notes: Vec::new(),
    }
}

fn threats() -> Vec<ThreatSummary> {
    let threat = |id: &str, title: &str, group: &str, standing| ThreatSummary {
        id: id.to_owned(),
        title: title.to_owned(),
        group: group.to_owned(),
        stages: vec!["distribution".to_owned()],
        severity: Severity::High,
        reach: Reach::Checked,
        standing,
        controls: vec!["digest-mismatch".to_owned(), "gone".to_owned()],
        limit: "Nothing shows that the signer is honest.".to_owned(),
        mappings: Vec::new(),
    };
    vec![
        threat(
            "SIG-01",
            "Unsigned artifact",
            "signature",
            ThreatStanding::Evidence,
        ),
        threat(
            "SIG-02",
            "Content changed after signing",
            "signature",
            ThreatStanding::Found,
        ),
        threat("DAT-01", "Poisoned data", "data", ThreatStanding::Undecided),
        threat("OPS-01", "Evasion", "operation", ThreatStanding::NotChecked),
    ]
}

fn standard() -> StandardSummary {
    let requirement = |id: &str, class, standing| RequirementSummary {
        id: id.to_owned(),
        title: "Origin of models is checked".to_owned(),
        assertion: "A trusted signature covers every file.".to_owned(),
        class,
        controls: vec!["unsigned-artifact".to_owned()],
        standing,
        reason: "1 of 1 controls passed".to_owned(),
        limit: "Not that the model is safe.".to_owned(),
    };
    StandardSummary {
        id: "example".to_owned(),
        name: "Example standard".to_owned(),
        version: "1.0".to_owned(),
        owner: "Example".to_owned(),
        requirements: vec![
            requirement(
                "3.1",
                RequirementClass::Automated,
                RequirementStanding::Supported,
            ),
            requirement(
                "3.2",
                RequirementClass::Document,
                RequirementStanding::NoEvidence,
            ),
        ],
    }
}

pub fn allowed() -> Report {
    report(Verdict::Allow)
}

pub fn denied() -> Report {
    let mut report = report(Verdict::Deny);
    report.reasons = vec![
        "digest-mismatch: 2 findings".to_owned(),
        "code-on-load: 12 findings".to_owned(),
    ];
    report.checks[1] = CheckResult {
        findings: vec![
            file("model.safetensors", "content differs from what was signed")
                .with_digests(digest(0xaa), digest(0xbb)),
            Finding::new(
                Subject::Document("model.cdx.json".into()),
                "differs from `x.bin` in it",
            )
            .with_hint("Compare it with the publisher's."),
        ],
        ..check("digest-mismatch", Severity::Critical, "fail")
    };
    report.checks.push(CheckResult {
        control: "no-code".to_owned(),
        findings: (0..12)
            .map(|number| {
                file(&format!("head-{number}.pkl"), "calls `os.system` (at 23)")
                    .with_rule(&RULE)
                    .with_hint("The same for each.")
            })
            .collect(),
        applies_to: Some("files `**/*.pkl`".to_owned()),
        out_of_scope: vec![file("old/head.pkl", "calls `os.system` (at 2)")],
        ..check("code-on-load", Severity::Critical, "fail")
    });
    report.checks.push(CheckResult {
        level: Level::Warn,
        effective_on: Some("2027-01-01".to_owned()),
        findings: vec![Finding::new(Subject::Artifact, "comes without a licence")],
        ..check("licence-undeclared", Severity::Medium, "fail")
    });
    report
}

pub fn undecided() -> Report {
    let mut report = report(Verdict::Undecided);
    report.mode = Mode::Audit;
    report.reasons = vec!["`weights.bin`: 200 bytes were not read".to_owned()];
    for (slug, level) in [
        ("uninspected-file", Level::Deny),
        ("hidden-content", Level::Deny),
        ("bom-stale", Level::Warn),
    ] {
        report.checks.push(CheckResult {
            level,
            reason: Some("`weights.bin`: 200 bytes were not read".to_owned()),
            ..check(slug, Severity::High, "inconclusive")
        });
    }
    report.signatures.clear();
    report
}

pub fn waived() -> Report {
    let mut report = allowed();
    report.warnings = vec!["waiver `W-2` has expired on 2026-11-01".to_owned()];
    report.checks.push(CheckResult {
        waived: vec![WaivedFinding {
            waiver: "W-1".to_owned(),
            finding: file("loader.py", "is code that a loader runs"),
        }],
        ..check("code-in-repository", Severity::High, "pass")
    });
    let waiver = |id: &str, days_left, state, findings| WaiverSummary {
        id: id.to_owned(),
        control: "code-in-repository".to_owned(),
        subject: "pkg:huggingface/example/*".to_owned(),
        until: "2026-12-04".to_owned(),
        days_left,
        reason: "Reviewed by hand; the publisher replaces it in the next release.".to_owned(),
        owner: "Ada Example".to_owned(),
        approved_by: "Platform security".to_owned(),
        source: "waivers.toml".to_owned(),
        state,
        findings,
    };
    report.waivers = vec![
        waiver("W-1", 12, WaiverState::Used, 1),
        waiver("W-2", -21, WaiverState::Expired, 0),
        waiver("W-3", 1, WaiverState::Unused, 0),
    ];
    report
}

/// Every text that an attacker could write is hostile.
pub fn hostile() -> Report {
    let all = HOSTILE
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .join(" ");
    let mut report = waived();
    report.verdict = Verdict::Deny;
    report.artifact.target = RawName::new(HOSTILE[0]);
    report.artifact.purl = Some(all.clone());
    report.reasons = vec![all.clone()];
    report.warnings = vec![all.clone()];
    report.policy.name = all.clone();
    report.policy.version = all.clone();
    report.policy.trust = vec![all.clone()];
    report.policy.signed_by = Some(all.clone());
    let findings = HOSTILE
        .iter()
        .map(|name| {
            let shown = String::from_utf8_lossy(name);
            let mut finding = Finding::new(
                Subject::File(RawName::new(*name)),
                format!("differs from {shown} in `{shown}`"),
            );
            finding.hint = Some(shown.into_owned());
            finding
        })
        .collect();
    report.checks.push(CheckResult {
        control: all.clone(),
        title: all.clone().into(),
        rationale: all.clone().into(),
        remediation: all.clone().into(),
        demands: all.clone().into(),
        cannot_prove: all.clone().into(),
        applies_to: Some(all.clone()),
        findings,
        excused: HOSTILE.iter().map(|name| RawName::new(*name)).collect(),
        ..check("custom", Severity::Critical, "fail")
    });
    report.checks.push(CheckResult {
        reason: Some(all.clone()),
        ..check("undecided", Severity::Low, "inconclusive")
    });
    for waiver in &mut report.waivers {
        waiver.reason.clone_from(&all);
        waiver.owner.clone_from(&all);
        waiver.subject.clone_from(&all);
        waiver.until.clone_from(&all);
    }
    let signature = &mut report.signatures[0];
    signature.signer = Some(all.clone());
    signature.claims = vec![all.clone()];
    signature.gaps = HOSTILE
        .iter()
        .map(|name| CoverageGap {
            name: RawName::new(*name),
            reason: all.clone(),
        })
        .collect();
    report.documents[0].about = Some(all.clone());
    report.documents[0].format = Some(all.clone());
    report.threats[0].title.clone_from(&all);
    report.threats[0].id.clone_from(&all);
    report.standards[0].requirements[0].title.clone_from(&all);
    report.standards[0].name.clone_from(&all);
    report.lineage.as_mut().unwrap().gaps = vec![all];
    report
}

/// As much of everything as a run could find, all of it in characters that grow.
pub fn large(count: usize) -> Report {
    let mut report = hostile();
    let text = "|".repeat(3_000);
    let name = RawName::from(&*"`````".repeat(800));
    report.reasons = vec![text.clone(); 100];
    report.warnings = vec![text.clone(); 100];
    report.waivers = vec![
        WaiverSummary {
            reason: text.clone(),
            owner: text.clone(),
            control: text.clone(),
            ..report.waivers[0].clone()
        };
        100
    ];
    for number in 0..100 {
        let findings = vec![
            Finding {
                hint: Some(text.clone()),
                ..Finding::new(Subject::File(name.clone()), text.clone())
            };
            count / 100
        ];
        report.checks.push(CheckResult {
            control: format!("{text}{number}"),
            title: text.clone().into(),
            rationale: text.clone().into(),
            remediation: text.clone().into(),
            findings,
            waived: vec![
                WaivedFinding {
                    waiver: text.clone(),
                    finding: Finding::new(Subject::File(name.clone()), text.clone()),
                };
                20
            ],
            ..check("large", Severity::Critical, "fail")
        });
        report.checks.push(CheckResult {
            control: text.clone(),
            reason: Some(format!("{number} {text}")),
            ..check("undecided", Severity::Low, "inconclusive")
        });
    }
    report
}
