//! A whole document, element by element.

use bonafide_core::assessment::Evidence;

use super::{Known, assess, base, changes, document, profile};
use crate::profile::{ByteEvidence, DigestStrength, PROFILES, SignatureEvidence};

/// What stands behind each element of the base document, alone. Read one by one when it
/// was written: what the document does not say is missing, what only it says is declared.
const ALONE: [(&str, &str); 5] = [
    (
        "g7-2026",
        "MD-01=missing MD-02=declared MD-03=consistent MD-04=consistent MD-05=missing \
         MD-06=declared MD-07=declared MD-08=declared MD-09=consistent MD-10=consistent \
         SLP-01=consistent SLP-02=consistent SLP-03=consistent SLP-04=declared \
         SLP-05=declared SLP-06=consistent SLP-07=missing SLP-08=declared SLP-09=declared \
         MDL-01=consistent MDL-02=consistent MDL-03=declared MDL-04=declared \
         MDL-05=consistent MDL-06=declared MDL-07=declared MDL-08=consistent \
         MDL-09=declared MDL-10=declared MDL-11=consistent MDL-12=declared MDL-13=declared \
         DP-01=declared DP-02=missing DP-03=declared DP-04=missing DP-05=declared \
         DP-06=declared DP-07=missing DP-08=missing DP-09=consistent DP-10=declared \
         INF-01=consistent INF-02=missing SP-01=consistent SP-02=consistent SP-03=missing \
         SP-04=consistent KPI-01=missing KPI-02=declared",
    ),
    (
        "ntia-2021",
        "supplier-name=missing component-name=declared component-version=declared \
         other-unique-identifiers=missing dependency-relationship=consistent \
         author-of-sbom-data=missing timestamp=consistent",
    ),
    (
        "cisa-2025",
        "sbom-author=missing tool-name=declared timestamp=consistent \
         generation-context=declared dependency-relationship=consistent \
         software-producer=missing component-name=declared component-version=declared \
         software-identifiers=missing component-hash=declared license=declared",
    ),
    (
        "owasp-aibom",
        "bomFormat=consistent specVersion=consistent serialNumber=declared version=declared \
         primaryPurpose=declared suppliedBy=consistent standardCompliance=missing \
         domain=missing autonomyType=missing name=consistent type=consistent \
         component_version=declared purl=consistent description=declared licenses=declared \
         external_references=declared energyConsumption=declared hyperparameter=missing \
         technicalLimitations=declared safetyRiskAssessment=missing intendedUse=declared \
         typeOfModel=declared datasets=consistent ethicalConsiderations=missing \
         modelExplainability=missing energyQuantity=declared energyUnit=declared \
         informationAboutTraining=consistent informationAboutApplication=declared \
         metric=declared metricDecisionThreshold=missing modelDataPreprocessing=missing \
         useSensitivePersonalInformation=missing vocab_size=missing tokenizer_class=missing \
         context_length=missing embedding_length=missing block_count=missing \
         attention_head_count=missing attention_head_count_kv=missing \
         feed_forward_length=missing rope_dimension_count=missing \
         quantization_version=missing quantization_file_type=missing \
         downloadLocation=declared vcs=missing website=missing paper=missing",
    ),
    (
        "aisvs-6.2",
        "C6.2.1-format=consistent C6.2.1-edition=declared C6.2.1-datasets=consistent \
         C6.2.1-weights=declared C6.2.1-licences=declared C6.2.1-origin=consistent \
         C6.2.2=missing C6.2.3=missing",
    ),
];

#[test]
fn says_of_each_element_what_stands_behind_it() {
    let bytes = base();
    for (name, expected) in ALONE {
        let assessment = assess(&bytes, profile(name), &Known::NOTHING);
        let found: Vec<String> = assessment
            .rows()
            .map(|row| format!("{}={}", row.id, row.evidence))
            .collect();
        let expected: Vec<&str> = expected.split(' ').collect();
        assert_eq!(found, expected, "{name}");
    }
    assert_eq!(
        ALONE.map(|(name, _)| name),
        [
            PROFILES[0],
            PROFILES[1],
            PROFILES[2],
            PROFILES[3],
            PROFILES[4],
        ]
        .map(|profile| profile.id.name())
    );
}

fn with(name: &str, known: &Known) -> Vec<(&'static str, Evidence)> {
    let bytes = base();
    let alone = assess(&bytes, profile(name), &Known::NOTHING);
    changes(&alone, &assess(&bytes, profile(name), known))
}

fn equal(strength: DigestStrength) -> Option<ByteEvidence> {
    Some(ByteEvidence::Equal { strength })
}

#[test]
fn bytes_prove_and_refute_what_is_about_bytes_and_nothing_else() {
    let known = |bytes| Known {
        bytes,
        ..Known::NOTHING
    };
    let strong = known(equal(DigestStrength::Strong));
    let weak = known(equal(DigestStrength::Weak));
    let differs = known(Some(ByteEvidence::Differs));
    let gone = known(Some(ByteEvidence::Missing));
    let open = known(Some(ByteEvidence::NotCompared {
        reason: "it is elsewhere".to_owned(),
    }));
    use Evidence::{Consistent, Contradicted, Verified};
    assert_eq!(
        with("g7-2026", &strong),
        [
            ("MDL-07", Verified),
            ("MDL-08", Verified),
            ("MDL-13", Consistent),
            ("DP-05", Verified)
        ]
    );
    assert_eq!(
        with("g7-2026", &weak),
        [("MDL-07", Consistent), ("DP-05", Consistent)]
    );
    assert_eq!(
        with("g7-2026", &differs),
        [
            ("MDL-07", Contradicted),
            ("MDL-08", Contradicted),
            ("MDL-13", Contradicted),
            ("DP-05", Contradicted)
        ]
    );
    assert_eq!(
        with("g7-2026", &gone),
        [
            ("MDL-07", Contradicted),
            ("MDL-08", Contradicted),
            ("DP-05", Contradicted)
        ]
    );
    assert_eq!(with("g7-2026", &open), []);
    assert_eq!(with("cisa-2025", &strong), [("component-hash", Verified)]);
    assert_eq!(
        with("owasp-aibom", &strong),
        [("external_references", Consistent)]
    );
    assert_eq!(with("aisvs-6.2", &strong), [("C6.2.1-weights", Verified)]);
    assert_eq!(with("ntia-2021", &strong), []);
}

#[test]
fn a_signature_proves_itself_and_who_signed() {
    let signed = |signature| Known {
        signature,
        ..Known::NOTHING
    };
    let by = |signer: &str| {
        signed(SignatureEvidence::Verified {
            signer: signer.to_owned(),
        })
    };
    let reason = || "so".to_owned();
    use Evidence::{Contradicted, Declared, Verified};
    assert_eq!(
        with("g7-2026", &by("key of Example")),
        [("MD-05", Verified)]
    );
    assert_eq!(with("aisvs-6.2", &by("somebody")), [("C6.2.2", Verified)]);
    let rejected = signed(SignatureEvidence::Rejected { reason: reason() });
    assert_eq!(with("g7-2026", &rejected), [("MD-05", Contradicted)]);
    let stranger = signed(SignatureEvidence::NotTrusted { reason: reason() });
    assert_eq!(with("g7-2026", &stranger), [("MD-05", Declared)]);
    assert_eq!(with("g7-2026", &signed(SignatureEvidence::None)), []);
}

#[test]
fn the_author_is_proven_by_a_signature_in_that_name_only() {
    let text = String::from_utf8(base()).unwrap();
    let named = text.replacen(
        "\"metadata\": {",
        "\"metadata\": {\"authors\": [{\"name\": \"Example Team\"}],",
        1,
    );
    assert_ne!(named, text);
    for (signer, expected) in [
        ("key \"example team\"", Evidence::Verified),
        ("mailto:x@example.com (Example Team)", Evidence::Verified),
        ("Example Teams", Evidence::Declared),
        ("Counterexample Team", Evidence::Declared),
        ("", Evidence::Declared),
    ] {
        let known = Known {
            signature: SignatureEvidence::Verified {
                signer: signer.to_owned(),
            },
            ..Known::NOTHING
        };
        let assessment = assess(named.as_bytes(), profile("g7-2026"), &known);
        let author = assessment.rows().next().unwrap();
        assert_eq!(
            (author.id, author.evidence),
            ("MD-01", expected),
            "{signer}"
        );
    }
}

#[test]
fn what_an_old_version_has_no_place_for_is_missing_for_that_reason() {
    let text = br#"{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,
        "components":[{"type":"library","name":"a","version":"1"}]}"#;
    let assessment = assess(text, profile("g7-2026"), &Known::NOTHING);
    assert_eq!(
        super::reason(&assessment, "MDL-07"),
        "CycloneDX 1.4 has no place for it; version 1.5 has"
    );
    assert_eq!(
        super::reason(&assessment, "SP-02"),
        "CycloneDX 1.4 has no place for it; version 1.6 has"
    );
    assert_eq!(
        super::reason(&assessment, "SP-04"),
        "no vulnerability, nor where one would be found"
    );
}

#[test]
fn xml_is_judged_as_json_is() {
    let text = br#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
        <metadata><component type="machine-learning-model"><name>m</name><version>2</version></component></metadata></bom>"#;
    assert!(document(text).violations.is_empty());
    let assessment = assess(text, profile("g7-2026"), &Known::NOTHING);
    let grade = |id: &str| assessment.rows().find(|row| row.id == id).unwrap().evidence;
    assert_eq!(grade("MD-04"), Evidence::Consistent);
    assert_eq!(grade("MDL-01"), Evidence::Declared);
    assert_eq!(grade("MDL-07"), Evidence::Missing);
}
