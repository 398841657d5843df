//! Attribute reports and bills of materials.

use super::*;

const SCAI: &str = "https://in-toto.io/attestation/scai/attribute-report/v0.2";

fn scai() -> Value {
    json!({
        "attributes": [
            {"attribute": "TRAINED_IN_ENCLAVE", "conditions": {"mode": "sgx"},
             "target": {"name": "weights", "digest": {"blake3": HEX}},
             "evidence": {"uri": "https://evidence.example/quote", "digest": {"sha256": HEX}}},
            {"attribute": "REPRODUCIBLE"},
        ],
        "producer": {"uri": "https://ml.example/enclave"},
    })
}

fn cyclonedx() -> Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {"component": {"type": "machine-learning-model", "name": "tiny"}},
        "components": [],
    })
}

fn spdx3() -> Value {
    json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {"type": "ai_AIPackage", "spdxId": "urn:p", "name": "not the document"},
            {"type": "CreationInfo", "specVersion": "3.0.1"},
            {"type": "SpdxDocument", "spdxId": "urn:d", "name": "tiny bill"},
        ],
    })
}

#[test]
fn attribute_reports() {
    for predicate_type in [
        SCAI,
        &SCAI.replace("v0.2", "v0.3"),
        &SCAI.replace("/v0.2", ""),
    ] {
        let Ok(Predicate::Scai(read)) = read(predicate_type, scai()) else {
            panic!()
        };
        let [enclave, reproducible] = read.attributes.as_slice() else {
            panic!()
        };
        assert_eq!(enclave.attribute, "TRAINED_IN_ENCLAVE");
        assert_eq!(enclave.conditions, Some(json!({"mode": "sgx"})));
        let target = enclave.target.as_ref().unwrap();
        assert_eq!(
            target.digests[0].known().unwrap().algorithm(),
            Algorithm::Blake3
        );
        assert!(enclave.evidence.is_some());
        assert_eq!(
            (&reproducible.target, &reproducible.evidence),
            (&None, &None)
        );
        assert_eq!(
            read.producer.unwrap().uri.as_deref(),
            Some("https://ml.example/enclave")
        );
    }
    for (pointer, value, field) in [
        ("/attributes", json!(null), "attributes"),
        ("/attributes", json!([]), "attributes"),
        ("/attributes", json!({}), "attributes"),
        ("/attributes/1", json!("REPRODUCIBLE"), "attributes[1]"),
        (
            "/attributes/1/attribute",
            json!(""),
            "attributes[1].attribute",
        ),
        (
            "/attributes/0/conditions",
            json!("x"),
            "attributes[0].conditions",
        ),
        ("/attributes/0/target", json!([]), "attributes[0].target"),
        (
            "/attributes/0/evidence/uri",
            json!(1),
            "attributes[0].evidence.uri",
        ),
        ("/producer", json!("x"), "producer"),
    ] {
        assert_eq!(refused(SCAI, scai(), pointer, value).0, field);
    }
}

#[test]
fn cyclonedx_bills() {
    for predicate_type in [
        "https://cyclonedx.org/bom",
        "https://cyclonedx.org/bom/v1.6",
        "https://cyclonedx.org/bom/1.6",
    ] {
        let Ok(Predicate::CycloneDx(read)) = read(predicate_type, cyclonedx()) else {
            panic!("{predicate_type}")
        };
        assert_eq!(read.specification.as_deref(), Some("1.6"));
        assert_eq!(
            read.serial_number.as_deref(),
            Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79")
        );
        assert_eq!(read.name.as_deref(), Some("tiny"));
        assert_eq!(read.raw, cyclonedx());
    }
    let predicate_type = "https://cyclonedx.org/bom";
    for (pointer, value, field) in [
        ("/bomFormat", json!("SPDX"), "bomFormat"),
        ("/bomFormat", json!(1), "bomFormat"),
        ("/specVersion", json!(1.6), "specVersion"),
        ("/serialNumber", json!([]), "serialNumber"),
        ("/metadata", json!([]), "metadata"),
        ("/metadata/component", json!("tiny"), "metadata.component"),
        (
            "/metadata/component/name",
            json!(1),
            "metadata.component.name",
        ),
    ] {
        assert_eq!(
            refused(predicate_type, cyclonedx(), pointer, value).0,
            field
        );
    }
}

#[test]
fn spdx_bills() {
    let version_2 = json!({
        "SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.3", "name": "tiny",
        "documentNamespace": "https://spdx.example/tiny-1",
    });
    let version_3 = (spdx3(), ["3.0.1", "urn:d", "tiny bill"]);
    let version_2 = (
        version_2,
        ["SPDX-2.3", "https://spdx.example/tiny-1", "tiny"],
    );
    for predicate_type in [
        "https://spdx.dev/Document",
        "https://spdx.dev/Document/v2.3",
        "https://spdx.dev/Document/v3",
    ] {
        for (bill, [specification, serial_number, name]) in [&version_2, &version_3] {
            let Ok(Predicate::Spdx(read)) = read(predicate_type, bill.clone()) else {
                panic!("{predicate_type}")
            };
            assert_eq!(read.specification.as_deref(), Some(*specification));
            assert_eq!(read.serial_number.as_deref(), Some(*serial_number));
            assert_eq!(read.name.as_deref(), Some(*name));
            assert_eq!(&read.raw, bill);
        }
    }
    let predicate_type = "https://spdx.dev/Document";
    for (predicate, pointer, value, field) in [
        (version_2.0.clone(), "/spdxVersion", json!(2), "spdxVersion"),
        (version_2.0.clone(), "/name", json!([]), "name"),
        (
            version_2.0.clone(),
            "/documentNamespace",
            json!({}),
            "documentNamespace",
        ),
        (spdx3(), "/@graph", json!({}), "@graph"),
        (
            spdx3(),
            "/@graph/1/specVersion",
            json!(3),
            "@graph[1].specVersion",
        ),
        (spdx3(), "/@graph/2/name", json!(3), "@graph[2].name"),
    ] {
        assert_eq!(refused(predicate_type, predicate, pointer, value).0, field);
    }
}
