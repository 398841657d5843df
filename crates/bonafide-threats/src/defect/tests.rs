use super::*;
use crate::data::{DataError, catalogue, crosswalk, mappings};

const HEADER: &str = "threat,framework,version,reference,title,relation,source,verification\n";
const SOUND: &str =
    "SIG-01,owasp-llm,2026,LLM04:2026,Supply Chain,instance of,2026/final,primary\n";

/// Defects of one row with the real catalogue, without those about categories, which a crosswalk
/// of one row cannot serve.
fn of_row(row: &str) -> Vec<Defect> {
    let rows = mappings(&format!("{HEADER}{row}")).unwrap();
    let mut found = Vec::new();
    of_rows(catalogue(), &rows, &mut found);
    found
}

fn shown(defects: &[Defect]) -> Vec<String> {
    defects.iter().map(ToString::to_string).collect()
}

/// The real catalogue with a change.
fn with(change: impl FnOnce(&mut Catalogue)) -> Vec<Defect> {
    let mut changed = catalogue().clone();
    change(&mut changed);
    defects(&changed, crosswalk())
}

#[test]
fn the_embedded_data_has_no_defect() {
    assert_eq!(shown(&defects(catalogue(), crosswalk())), [""; 0]);
    assert_eq!(catalogue().threats.len(), 45);
    assert_eq!(crosswalk().len(), 1115);
}

#[test]
fn every_threat_is_mapped_to_the_frameworks_that_cover_all_of_them() {
    for threat in &catalogue().threats {
        for (framework, version) in [
            ("iso-27090", "FDIS"),
            ("atlas", "5.6.0"),
            ("atlas", "2026.09"),
            ("owasp-llm", "2025"),
            ("owasp-llm", "2026"),
            ("eu-ai-act", "2026-07-27"),
            ("iso-42001", "2023"),
            ("owasp-aisvs", "1.0"),
        ] {
            assert!(
                crosswalk().iter().any(|row| row.threat == threat.id
                    && row.framework == framework
                    && row.version == version),
                "{} has no row for {framework} {version}",
                threat.id
            );
        }
    }
}

/// Readers print them in this order, under a heading for each framework.
#[test]
fn rows_of_a_threat_and_a_framework_are_together() {
    let mut left = BTreeSet::new();
    let mut last = None;
    for row in crosswalk() {
        let here = (&row.threat, &row.framework, &row.version);
        if last != Some(here) {
            assert!(left.insert(here), "line {}", row.line);
            last = Some(here);
        }
    }
}

#[test]
fn no_clause_of_27090_is_here() {
    let mut labels = BTreeSet::new();
    for row in crosswalk().iter().filter(|row| row.framework == CATEGORIES) {
        assert_eq!(row.reference, "", "line {}", row.line);
        labels.insert(row.title.as_str());
    }
    assert_eq!(
        labels.into_iter().collect::<Vec<_>>(),
        ["AI supply chain attacks", "Data poisoning"]
    );
    let framework = catalogue().framework(CATEGORIES, "FDIS").unwrap();
    assert_eq!(framework.status, "FDIS; publication not confirmed");
}

#[test]
fn a_sound_row_is_accepted() {
    assert_eq!(of_row(SOUND), []);
}

#[test]
fn a_row_without_a_source_is_refused() {
    assert_eq!(
        of_row(&SOUND.replace("2026/final", " ")),
        [Defect::NoSource { line: 2 }]
    );
}

#[test]
fn a_row_without_a_title_is_refused() {
    assert_eq!(
        of_row(&SOUND.replace("Supply Chain", "")),
        [Defect::NoTitle { line: 2 }]
    );
}

#[test]
fn an_id_of_the_llm_list_without_a_year_is_refused() {
    assert_eq!(
        shown(&of_row(&SOUND.replace("LLM04:2026", "LLM04"))),
        ["line 2: `LLM04` without its year; write `LLM04:2026`"]
    );
}

#[test]
fn an_id_of_another_year_is_refused() {
    assert_eq!(
        shown(&of_row(&SOUND.replace("LLM04:2026", "LLM03:2025"))),
        ["line 2: `LLM03:2025` is no identifier of owasp-llm 2026"]
    );
}

#[test]
fn a_row_of_atlas_without_a_version_is_refused() {
    let row = "SIG-01,atlas,,AML.T0010,AI Supply Chain Compromise,instance of,x,primary\n";
    assert_eq!(
        of_row(row),
        [Defect::NoVersion {
            line: 2,
            framework: "atlas".to_owned()
        }]
    );
    assert_eq!(
        shown(&of_row(&row.replace("atlas,,", "atlas,2027.01,"))),
        ["line 2: there is no framework `atlas` in version `2027.01`"]
    );
}

#[test]
fn superseded_ids_are_refused_in_the_new_version_only() {
    let row = "DAT-02,atlas,5.6.0,AML.T0019,Publish Poisoned Datasets,instance of,x,primary\n";
    assert_eq!(of_row(row), []);
    assert_eq!(
        shown(&of_row(&row.replace("5.6.0", "2026.09"))),
        ["line 2: `AML.T0019` was superseded in 2026.07 by `AML.T0115.000`"]
    );
    for (old, new) in [
        ("AML.T0019", "AML.T0115.000"),
        ("AML.T0058", "AML.T0115.001"),
        ("AML.T0104", "AML.T0115.002"),
    ] {
        let framework = catalogue().framework("atlas", "2026.09").unwrap();
        let entry = framework
            .superseded
            .iter()
            .find(|entry| entry.reference == old);
        assert_eq!(entry.unwrap().by, new);
    }
}

#[test]
fn an_unknown_threat_is_refused() {
    assert_eq!(
        shown(&of_row(&SOUND.replace("SIG-01", "SIG-77"))),
        ["line 2 names the threat `SIG-77`, which is not in the catalogue"]
    );
    assert_eq!(
        shown(&unknown_threats(
            catalogue(),
            "check `x`",
            &[ThreatId("SIG-01"), ThreatId("NIX-01")]
        )),
        ["check `x` names the threat `NIX-01`, which is not in the catalogue"]
    );
}

#[test]
fn a_row_that_is_there_twice_is_refused() {
    // Even with another source.
    let again = SOUND.replace("2026/final", "elsewhere");
    assert_eq!(
        of_row(&format!("{SOUND}{again}")),
        [Defect::SameRow { line: 3, first: 2 }]
    );
}

#[test]
fn one_identifier_has_one_title() {
    let other = SOUND
        .replace("SIG-01", "SIG-02")
        .replace("Supply Chain", "Supply");
    assert_eq!(
        shown(&of_row(&format!("{SOUND}{other}"))),
        ["line 3: `LLM04:2026` has another title in line 2"]
    );
}

#[test]
fn words_that_promise_too_much_are_refused() {
    for word in ["compliant", "Certified"] {
        let row = SOUND.replace("Supply Chain", &format!("{word} supply chain"));
        assert!(matches!(*of_row(&row), [Defect::Promise { .. }]), "{word}");
    }
    let found = with(|data| data.threats[3].mitigation += " Then you are compliant.");
    assert_eq!(
        shown(&found),
        ["SIG-04, mitigation: `compliant` promises what no check can show"]
    );
    let found = with(|data| data.frameworks[0].status = "certified".to_owned());
    assert!(matches!(*found, [Defect::Promise { .. }]));
    let found = with(|data| data.categories[0].attestation = "certified".to_owned());
    assert!(matches!(*found, [Defect::Promise { .. }]));
}

#[test]
fn the_notes_beside_the_data_promise_nothing() {
    let mut found = Vec::new();
    for text in [
        include_str!("../../data/README.md"),
        crate::DISCLAIMER,
        crate::CATEGORIES_NOTE,
    ] {
        promises("note", text, &mut found);
    }
    assert_eq!(found, []);
}

#[test]
fn a_threat_without_evidence_or_limit_is_refused() {
    let found = with(|data| data.threats[0].evidence.clear());
    assert_eq!(shown(&found), ["SIG-01: `evidence` is empty"]);
    let found = with(|data| data.threats[0].limit = "  ".to_owned());
    assert_eq!(shown(&found), ["SIG-01: `limit` is empty"]);
    let found = with(|data| data.threats[0].stages.clear());
    assert_eq!(shown(&found), ["SIG-01: `stages` is empty"]);
    let found = with(|data| data.threats[0].stride.clear());
    assert_eq!(shown(&found), ["SIG-01: `stride` is empty"]);
    // Left out altogether, it cannot even be read.
    let error = Catalogue::parse(
        &include_str!("../../data/threats.toml").replacen("\nlimit = ", "\nlimits = ", 1),
        "framework = []",
        "category = []",
    );
    let message = error.unwrap_err().to_string();
    assert!(message.contains("threats.toml"), "{message}");
    assert!(message.contains("limits"), "{message}");
}

#[test]
fn ids_and_groups_are_checked() {
    let found = with(|data| data.threats[1].id = "SIG-01".to_owned());
    assert!(shown(&found).contains(&"SIG-01 is there twice".to_owned()));
    let found = with(|data| data.threats[1].id = "sig-2".to_owned());
    assert!(found.contains(&Defect::Id {
        id: "sig-2".to_owned()
    }));
    let found = with(|data| data.threats[1].group = "lineage".to_owned());
    assert!(matches!(*found, [Defect::Group { .. }]));
}

#[test]
fn frameworks_are_checked() {
    let found = with(|data| data.frameworks[2].licence.clear());
    assert_eq!(shown(&found), ["atlas 2026.09: `licence` is empty"]);
    let found = with(|data| data.frameworks[2].superseded[0].by = "AML.T0058".to_owned());
    assert!(matches!(*found, [Defect::Supersession { .. }]));
    let found = with(|data| data.frameworks.push(data.frameworks[0].clone()));
    assert_eq!(shown(&found), ["iso-27090 FDIS is there twice"]);
    let found = with(|data| data.frameworks[3].reference = "(".to_owned());
    assert!(matches!(*found, [Defect::Pattern { .. }]));
}

#[test]
fn categories_are_checked() {
    let found = with(|data| data.categories[0].scope = CategoryScope::Attested);
    assert!(matches!(*found, [Defect::Scope { .. }]));
    let found = with(|data| data.categories[2].scope = CategoryScope::InScope);
    assert!(matches!(*found, [Defect::Scope { .. }]));
    let found = with(|data| data.categories[0].label = "Poisoning".to_owned());
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn reach_has_to_follow_from_the_checks() {
    let all: Vec<ThreatId> = catalogue()
        .threats
        .iter()
        .filter(|threat| threat.reach == Reach::Checked)
        .map(|threat| ThreatId(threat.id.clone().leak()))
        .collect();
    assert_eq!(coverage_defects(catalogue(), &[("x", &all)]), []);
    assert_eq!(
        shown(&coverage_defects(catalogue(), &[("x", &all[1..])])),
        ["SIG-01: said to be checked, but no check names it"]
    );
    let mut data = catalogue().clone();
    let threats = data.threats.iter_mut();
    for threat in threats.filter(|threat| threat.id == "DAT-07") {
        threat.reach = Reach::OutOfReach;
    }
    let others: Vec<ThreatId> = all.iter().copied().filter(|id| id.0 != "DAT-07").collect();
    assert_eq!(
        shown(&coverage_defects(
            &data,
            &[("x", &others), ("y", &[ThreatId("DAT-07")])]
        )),
        ["DAT-07: said to be out of reach, but the check `y` names it"]
    );
}

#[test]
fn other_columns_are_refused() {
    let error = mappings("threat,framework\nSIG-01,atlas\n").unwrap_err();
    assert!(matches!(error, DataError::Columns { .. }));
    let error = mappings(&format!("{HEADER}SIG-01,atlas\n")).unwrap_err();
    assert!(matches!(error, DataError::Csv { .. }));
    let error = mappings(&format!(
        "{HEADER}{}",
        SOUND.replace("instance of", "fulfils")
    ));
    assert!(matches!(error, Err(DataError::Csv { .. })));
}
