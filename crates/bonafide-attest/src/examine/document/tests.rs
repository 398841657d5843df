//! The dialect of cdxgen: named where it is met, and accepted only where the trust
//! material says so.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::*;
use crate::jsf::{SignatureRequest, sign};
use crate::key::SigningKey;
use crate::key::fixtures::{ED25519_PRIVATE, ED25519_PUBLIC, P256_PRIVATE, P256_PUBLIC};
use crate::rejection::Category;
use crate::trust::DocumentSignatures;

fn document() -> Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "components": [{"type": "file", "name": "é", "hashes": []}], "x": 1.5,
    })
}

/// What cdxgen's `createSignatureBlock` does with an Ed25519 key.
fn block(document: &Value, pem: &str) -> Value {
    let mut signed = document.clone();
    signed.as_object_mut().unwrap().remove("signature");
    let message = serde_json_canonicalizer::to_vec(&signed).unwrap();
    if pem == ED25519_PRIVATE {
        let key = SigningKey::from_pem(pem.as_bytes(), None).unwrap();
        let value = BASE64URL_NOPAD.encode(&key.sign(&message).unwrap());
        return json!({"algorithm": "Ed25519", "value": value});
    }
    let der = pem::parse(pem).unwrap().into_contents();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).unwrap();
    let value = pair.sign(&SystemRandom::new(), &message).unwrap();
    json!({"algorithm": "ES256", "value": BASE64URL_NOPAD.encode(value.as_ref())})
}

fn with_signature(signature: Value) -> Value {
    let mut document = document();
    document["signature"] = signature;
    document
}

fn trust(accepted: DocumentSignatures) -> TrustStore {
    let mut trust = TrustStore::new();
    trust.add_key("one", P256_PUBLIC.as_bytes()).unwrap();
    trust.add_key("two", ED25519_PUBLIC.as_bytes()).unwrap();
    trust.accept_document_signatures(accepted);
    trust
}

fn examined(document: &Value, trust: &TrustStore) -> Examination {
    examine(
        document.to_string().as_bytes(),
        trust,
        Timestamp::UNIX_EPOCH,
    )
}

fn label(examination: &Examination) -> Option<String> {
    match &examination.conclusion {
        Conclusion::Verified(verified) => match verified.signer() {
            Signer::Key { label, .. } => Some(label.clone()),
            other => panic!("{other:?}"),
        },
        _ => None,
    }
}

fn deviations(examination: &Examination) -> Vec<String> {
    match &examination.conclusion {
        Conclusion::Verified(verified) => verified.get().deviations(),
        other => panic!("{other}"),
    }
}

#[test]
fn the_dialect_is_refused_by_name_and_accepted_only_on_demand() {
    for (pem, name) in [(ED25519_PRIVATE, "two"), (P256_PRIVATE, "one")] {
        let document = with_signature(block(&document(), pem));
        let refused = examined(&document, &trust(DocumentSignatures::Jsf));
        let Conclusion::Rejected(rejection) = &refused.conclusion else {
            panic!("{}", refused.conclusion);
        };
        let key = format!("key \"{name}\"");
        assert_eq!(*rejection, Rejection::CdxgenDialect { key: key.clone() });
        assert_eq!(rejection.category(), Category::Signature);
        assert!(rejection.to_string().contains("dialect of cdxgen"));

        let accepted = examined(&document, &trust(DocumentSignatures::JsfOrCdxgen));
        assert_eq!(label(&accepted).as_deref(), Some(name));
        let warning = deviations(&accepted).concat();
        assert!(warning.starts_with(&key), "{warning}");
        assert!(warning.contains("not authenticated"), "{warning}");
    }
}

/// cdxgen itself says of such a document that the named key signed it.
#[test]
fn a_key_id_neither_chooses_nor_names_the_signer() {
    for id in ["one", "two", "attacker-key"] {
        let mut signature = block(&document(), ED25519_PRIVATE);
        signature["keyId"] = Value::from(id);
        let document = with_signature(signature);
        let accepted = examined(&document, &trust(DocumentSignatures::JsfOrCdxgen));
        assert_eq!(label(&accepted).as_deref(), Some("two"), "{id}");
        assert_eq!(accepted.claimed_signer, None);
        let warning = deviations(&accepted).concat();
        assert!(warning.contains(&format!("`keyId` \"{id}\"")), "{warning}");
        let refused = examined(&document, &trust(DocumentSignatures::Jsf));
        assert!(matches!(
            refused.conclusion,
            Conclusion::Rejected(Rejection::CdxgenDialect { key }) if key == "key \"two\""
        ));
    }
}

#[test]
fn the_opt_in_accepts_nothing_else() {
    let accept = trust(DocumentSignatures::JsfOrCdxgen);
    let good = with_signature(block(&document(), ED25519_PRIVATE));
    // Another document, an addition, an excluded property, a signature of a stranger.
    let mut other = good.clone();
    other["version"] = Value::from(2);
    let mut added = good.clone();
    added["more"] = Value::Null;
    let mut excluded = added.clone();
    excluded["signature"]["excludes"] = json!(["more"]);
    for bad in [&other, &added, &excluded] {
        let examination = examined(bad, &accept);
        assert_eq!(label(&examination), None);
        assert!(matches!(examination.conclusion, Conclusion::Untrusted(_)));
    }
    let mut few = TrustStore::new();
    few.add_key("one", P256_PUBLIC.as_bytes()).unwrap();
    few.accept_document_signatures(DocumentSignatures::JsfOrCdxgen);
    assert_eq!(label(&examined(&good, &few)), None);
    few.accept_document_signatures(DocumentSignatures::Jsf);
    assert!(matches!(
        examined(&good, &few).conclusion,
        Conclusion::Untrusted(_)
    ));
    let none = TrustStore::new();
    assert!(matches!(
        examined(&good, &none).conclusion,
        Conclusion::Untrusted(Untrusted::NoKeys)
    ));
}

#[test]
fn a_document_in_jsf_is_no_deviation() {
    let key = SigningKey::from_pem(ED25519_PRIVATE.as_bytes(), None).unwrap();
    let text = document().to_string();
    let text = sign(text.as_bytes(), &key, &SignatureRequest::default()).unwrap();
    for accepted in [DocumentSignatures::Jsf, DocumentSignatures::JsfOrCdxgen] {
        let examination = examine(&text, &trust(accepted), Timestamp::UNIX_EPOCH);
        assert_eq!(label(&examination).as_deref(), Some("two"));
        assert_eq!(deviations(&examination), [""; 0]);
    }
    // The text that JSF signs is never one that the dialect signs.
    let mut document: Value = serde_json::from_slice(&text).unwrap();
    document["signature"]["keyId"] = Value::from("x");
    let examination = examined(&document, &trust(DocumentSignatures::JsfOrCdxgen));
    assert_eq!(label(&examination), None);
}

#[test]
fn several_signers_count_once_each() {
    let plain = document();
    let one = block(&plain, P256_PRIVATE);
    let two = block(&plain, ED25519_PRIVATE);
    for form in ["signers", "chain"] {
        let document = with_signature(json!({form: [one, two, one, two]}));
        let accepted = examined(&document, &trust(DocumentSignatures::JsfOrCdxgen));
        assert_eq!(label(&accepted).as_deref(), Some("one"));
        let Conclusion::Verified(verified) = &accepted.conclusion else {
            panic!("{}", accepted.conclusion);
        };
        assert_eq!(verified.signers().count(), 2);
    }
}

/// `cdx-sign -a PS256 --no-sign-components --key-id attacker-key` of cdxgen 12.8.4. It takes
/// the longest salt, which RFC 7518 §3.5 does not allow.
const PSS: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"file","name":"é","hashes":[]}],"x":1.5,"signature":{"algorithm":"PS256","value":"oLoiFzd1o0ypeOP_pBQG9zxMtkCNGWtQ2rsuaf9GDuyCAdKgqpiT13i55CUxmLpVP1QZnXtO-gaOfCY0TKHBAxcvM9ySYe0MNQxaqFNgcaIdXHQTdo39WNPjrYrbBy_PyvJq6xO3SQW0-62ffM7y9xZeb4X2u2flxm_UnDH0tenwK23qfDukOQ940__rxHF1i_JWFFFXWVCxeOqKaWFOCI5oPjHO7toLH1tsO65Xr3v-U-onma93PfN2L-WWPiPrDR4KsiVWtj9vFiEDpY6HLpC2PUz4f1DpKCy-klE7iZW65dhDPgeVmZIIe6tVCE091Exj-tATCaLnE90Rsthq9A","keyId":"attacker-key"}}"#;

/// `openssl pkey -in rsa.pem -pubout`
const PSS_KEY: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAveUSapx0xs76K7NlRSIW
QUW0qoxaDpdeDBlTUW9Z4CpTPsnpC9yIZmfgtegJTC/aB58M4DQCKsi5p0Lv3oI7
8X0zohMuUOUjk7aO4flp4zMJvzDh5yEpYVSJSEUWiawnUPqF/EgjVESfMcX3a4wD
7ssLWQCAuG81OfMYFDSLGkbVvjF74k0hR8/BbNxJszZPIC0PDVtc/rBeSqQq3sUw
BxBhDDFPm3FGlmD2MmjvpFirl6RKbY2I2LV9k3TuW6pOm/9sOiefG4ZJmBl7Q46v
g4M1XlzkZd/AV1Qd0vAbPrVQg/QkFZ1yuHoPSOdo1QOiPGq1atHUDqWIpLfloxST
jQIDAQAB
-----END PUBLIC KEY-----
";

#[test]
fn what_cdxgen_signed_with_pss_is_recognised() {
    let mut trust = TrustStore::new();
    trust.add_key("RSA", PSS_KEY.as_bytes()).unwrap();
    let examined =
        |text: &str, trust: &TrustStore| examine(text.as_bytes(), trust, Timestamp::UNIX_EPOCH);
    assert!(matches!(
        examined(PSS, &trust).conclusion,
        Conclusion::Rejected(Rejection::CdxgenDialect { .. })
    ));
    trust.accept_document_signatures(DocumentSignatures::JsfOrCdxgen);
    assert_eq!(label(&examined(PSS, &trust)).as_deref(), Some("RSA"));
    let changed = PSS.replace("\"version\":1", "\"version\":2");
    assert_ne!(changed, PSS);
    assert_eq!(label(&examined(&changed, &trust)), None);
    let renamed = PSS.replace("PS256", "RS256");
    assert_eq!(label(&examined(&renamed, &trust)), None);
}

/// What `cdx-sign` of cdxgen 12.8.4 wrote, and what was done to it afterwards.
#[test]
fn documents_of_cdxgen_itself() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/bom/generators/signed/"
    );
    let read = |name: &str| std::fs::read(format!("{folder}{name}")).unwrap();
    for (name, key, holds) in [
        ("cdxgen-ed25519", "cdxgen-ed25519", true),
        ("cdxgen-es256", "cdxgen-p256", true),
        ("cdxgen-es256-root", "cdxgen-p256", true),
        // `cdx-verify` calls this one signed by `attacker-key`.
        ("cdxgen-es256-root-other-key-id", "cdxgen-p256", true),
        ("cdxgen-es256-other-digest", "cdxgen-p256", false),
        ("cdxgen-es256", "cdxgen-ed25519", false),
    ] {
        let text = read(&format!("{name}.cdx.json"));
        let mut trust = TrustStore::new();
        trust.add_key("key", &read(&format!("{key}.pub"))).unwrap();
        let refused = examine(&text, &trust, Timestamp::UNIX_EPOCH);
        let named = matches!(
            refused.conclusion,
            Conclusion::Rejected(Rejection::CdxgenDialect { .. })
        );
        assert_eq!(named, holds, "{name}: {}", refused.conclusion);
        trust.accept_document_signatures(DocumentSignatures::JsfOrCdxgen);
        let accepted = examine(&text, &trust, Timestamp::UNIX_EPOCH);
        let expected = holds.then_some("key");
        assert_eq!(label(&accepted).as_deref(), expected, "{name}");
    }
}
