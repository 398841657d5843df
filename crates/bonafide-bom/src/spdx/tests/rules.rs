//! The rules of the format, one by one.

use super::{complaints, document, element, graph};
use crate::spdx::SIGNATURE_NOTE;
use crate::spdx::rule::{Class, Kind, Presence};
use crate::spdx::tables::{self, ELEMENT};

fn found(members: &str) -> Vec<String> {
    let text = graph(&element("ai_AIPackage", "root", members));
    complaints(&document(text.as_bytes()))
}

#[test]
fn members_are_what_their_class_says() {
    for members in [
        "",
        r#""ai_energyConsumption":{"type":"ai_EnergyConsumption"}"#,
        r#""ai_energyConsumption":{"type":"ai_EnergyConsumption","@id":"_:e","ai_trainingEnergyConsumption":
            [{"type":"ai_EnergyConsumptionDescription","ai_energyQuantity":"1.","ai_energyUnit":"other"}]}"#,
        r#""extension":[{"type":"https://example.org/Own","anything":{"goes":[1]}}]"#,
        r#""verifiedUsing":[]"#,
        r#""suppliedBy":"SpdxOrganization""#,
        r#""creationInfo2":null"#,
    ] {
        let complaints = found(members);
        let expected = usize::from(members.contains("creationInfo2"));
        assert_eq!(complaints.len(), expected, "{members}: {complaints:?}");
    }
    for (members, expected) in [
        (r#""name":7"#, "/@graph/3/name text"),
        (r#""ai_domain":"x""#, "/@graph/3/ai_domain a list"),
        (
            r#""ai_safetyRiskAssessment":"none""#,
            "/@graph/3/ai_safetyRiskAssessment one of `high`, `low`, `medium`, `serious`",
        ),
        (
            r#""ai_metric":[{"key":"a"}]"#,
            "/@graph/3/ai_metric/0 a member `type`",
        ),
        (
            r#""ai_metric":[{"type":"DictionaryEntry"}]"#,
            "/@graph/3/ai_metric/0 a member `key`",
        ),
        (
            r#""ai_metric":[{"type":"Hash"}]"#,
            "/@graph/3/ai_metric/0/type an object of the class `DictionaryEntry`",
        ),
        (
            r#""ai_metric":[{"type":"DictionaryEntry","key":"a","spdxId":"a:b"}]"#,
            "/@graph/3/ai_metric/0/spdxId only members of `DictionaryEntry`",
        ),
        (
            r#""ai_metric":[true]"#,
            "/@graph/3/ai_metric/0 an object of the class `DictionaryEntry` or the identifier of one",
        ),
        (
            r#""suppliedBy":"nobody""#,
            "/@graph/3/suppliedBy an object of the class `Agent` or the identifier of one",
        ),
        (
            r#""suppliedBy":"NoneElement""#,
            "/@graph/3/suppliedBy an object of the class `Agent` or the identifier of one",
        ),
        (
            r#""verifiedUsing":[{"type":"Hash","algorithm":"sha256"}]"#,
            "/@graph/3/verifiedUsing/0 a member `hashValue`",
        ),
        (
            r#""verifiedUsing":[{"type":"Hash","@id":"x","algorithm":"sha1","hashValue":"a"}]"#,
            "/@graph/3/verifiedUsing/0/@id an IRI or a blank node",
        ),
        (
            r#""ai_energyConsumption":{"type":"ai_EnergyConsumption","ai_trainingEnergyConsumption":
                [{"type":"ai_EnergyConsumptionDescription","ai_energyQuantity":"much","ai_energyUnit":"other"}]}"#,
            "/@graph/3/ai_energyConsumption/ai_trainingEnergyConsumption/0/ai_energyQuantity a decimal number",
        ),
        (
            r#""@id":"a:b""#,
            "/@graph/3/@id only members of `ai_AIPackage`",
        ),
        (
            r#""extension":[{"type":"own"}]"#,
            "/@graph/3/extension/0/type the name of a class of SPDX 3.0.1",
        ),
    ] {
        assert_eq!(found(members), [expected], "{members}");
    }
}

#[test]
fn elements_have_an_identifier_and_nothing_stands_beside_the_graph() {
    let text = graph(&format!(
        r#"{},{},{},"text""#,
        element("ai_AIPackage", "root", ""),
        element("Tool", "t", "").replace("urn:x:t", "_:t"),
        r#"{"type":"HashAlgorithm","@id":"a:b","x":1}"#,
    ))
    .replacen('{', r#"{"more":1,"#, 1);
    assert_eq!(
        complaints(&document(text.as_bytes())),
        [
            "/more only `@context` and `@graph`",
            "/@graph/4/spdxId an IRI",
            "/@graph/5/x only members of `a word`",
            "/@graph/6 an object",
        ]
    );
}

#[test]
fn times_of_another_version_are_told() {
    let text = graph(&element("ai_AIPackage", "root", "")).replace("3.0.1\",\"cr", "3.0.0\",\"cr");
    assert_eq!(
        complaints(&document(text.as_bytes())),
        ["/@graph/0/specVersion spdx-other-version"]
    );
}

#[test]
fn the_tables_are_whole() {
    let classes: Vec<&Class> = tables::CLASSES.iter().copied().flatten().copied().collect();
    assert_eq!(classes.len() + tables::VOCABULARIES.len(), 78);
    let mut names: Vec<&str> = classes.iter().map(|class| class.name).collect();
    names.extend(tables::VOCABULARIES);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), classes.len() + tables::VOCABULARIES.len());
    for class in classes {
        assert_ne!(class.kind, Kind::Abstract, "{}", class.name);
        let mut members: Vec<&str> = class.all_members().map(|member| member.name).collect();
        let count = members.len();
        members.sort_unstable();
        members.dedup();
        // A name comes once, so that the first definition found is the one.
        assert_eq!(members.len(), count, "{}", class.name);
        let element = class.is(&ELEMENT);
        assert_eq!(element, class.kind == Kind::Element, "{}", class.name);
        let creation = class
            .all_members()
            .find(|member| member.name == "creationInfo");
        assert_eq!(
            creation.map(|member| member.presence),
            element.then_some(Presence::Required)
        );
    }
    assert!(SIGNATURE_NOTE.contains("no place for a signature"));
}
