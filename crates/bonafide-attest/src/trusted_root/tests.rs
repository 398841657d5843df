use super::document::MOST_ENTRIES;
use super::*;

const GITHUB: &str = sigstore_trust_root::SIGSTORE_GITHUB_TRUSTED_ROOT;
const STAGING: &str = sigstore_trust_root::SIGSTORE_STAGING_TRUSTED_ROOT;

fn wrapped(root: &str) -> String {
    format!(
        r#"{{"mediaType":"{TRUST_CONFIG_MEDIA_TYPE}","trustedRoot": {root} ,"signingConfig":{{"a":[1]}}}}"#
    )
}

fn changed(pointer: &str, value: serde_json::Value) -> Vec<u8> {
    let mut document: serde_json::Value = serde_json::from_str(EMBEDDED_TRUSTED_ROOT).unwrap();
    *document.pointer_mut(pointer).unwrap() = value;
    serde_json::to_vec(&document).unwrap()
}

#[test]
fn the_embedded_root_is_the_one_whose_date_we_state() {
    let summary = summarize(EMBEDDED_TRUSTED_ROOT.as_bytes()).unwrap();
    assert_eq!(summary.sha256.to_string(), EMBEDDED_SHA256);
    assert_eq!(summary.container, Container::TrustedRoot);
    assert_eq!(summary.certificate_authorities.len(), 2);
    assert_eq!(summary.transparency_logs.len(), 2);
    assert_eq!(summary.certificate_logs.len(), 2);
    assert_eq!(summary.timestamp_authorities.len(), 1);
    assert!(summary.unread_members.is_empty());
    let [first, second] = &summary.transparency_logs[..] else {
        panic!()
    };
    assert_eq!(first.key, "P-256");
    assert_eq!(
        first.id,
        "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d"
    );
    // A log of the first kind is named by the digest of its key (RFC 6962 §3.2).
    assert_eq!(
        first.fingerprint.to_string(),
        format!("sha256:{}", first.id)
    );
    assert_eq!(second.key, "Ed25519");
    let authority = &summary.certificate_authorities[1];
    assert_eq!(authority.subject, "sigstore.dev, sigstore");
    assert_eq!(authority.certificates.len(), 2);
    assert_eq!(authority.certificates[1].key, "P-384");
    assert_eq!(
        authority.certificates[1].subject,
        "CN=sigstore,O=sigstore.dev"
    );
}

#[test]
fn other_published_roots_are_read() {
    let github = summarize(GITHUB.as_bytes()).unwrap();
    assert!(github.transparency_logs.is_empty());
    assert_eq!(github.certificate_authorities.len(), 6);
    let staging = summarize(STAGING.as_bytes()).unwrap();
    let bare = &staging.certificate_logs[0];
    assert_eq!(
        (bare.key.as_str(), bare.key_details.as_str()),
        ("RSA-4096", "PKCS1_RSA_PKCS1V5")
    );
}

#[test]
fn a_configuration_yields_the_bytes_of_its_root() {
    let config = wrapped(EMBEDDED_TRUSTED_ROOT.trim());
    let inner = unwrap_trust_config(config.as_bytes()).unwrap();
    assert_eq!(&*inner, EMBEDDED_TRUSTED_ROOT.trim().as_bytes());
    let summary = summarize(config.as_bytes()).unwrap();
    assert_eq!(summary.container, Container::ClientTrustConfig);
    assert_eq!(
        summary.sha256,
        sha256(EMBEDDED_TRUSTED_ROOT.trim().as_bytes())
    );
    let plain = unwrap_trust_config(EMBEDDED_TRUSTED_ROOT.as_bytes()).unwrap();
    assert_eq!(&*plain, EMBEDDED_TRUSTED_ROOT.as_bytes());
}

#[test]
fn a_configuration_in_a_configuration_is_no_root() {
    let twice = wrapped(&wrapped(EMBEDDED_TRUSTED_ROOT));
    assert!(matches!(
        summarize(twice.as_bytes()),
        Err(TrustedRootError::MediaType { .. })
    ));
    let without = format!(r#"{{"mediaType":"{TRUST_CONFIG_MEDIA_TYPE}"}}"#);
    assert!(matches!(
        unwrap_trust_config(without.as_bytes()),
        Err(TrustedRootError::Malformed { .. })
    ));
}

#[test]
fn a_repeated_member_is_refused_at_any_depth() {
    let media = TRUSTED_ROOT_MEDIA_TYPES[0];
    for text in [
        format!(r#"{{"mediaType":"{media}","mediaType":"{media}"}}"#),
        format!(r#"{{"mediaType":"{media}","x":[{{"a":1,"\u0061":2}}]}}"#),
        wrapped(r#"{"tlogs":[],"tlogs":[]}"#),
    ] {
        let error = unwrap_trust_config(text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("appears twice"), "{error}");
    }
}

#[test]
fn what_is_no_trust_material_is_refused() {
    for text in ["", "[]", "null", "{", r#"{"mediaType":1}"#, "\u{feff}{}"] {
        assert!(
            matches!(
                summarize(text.as_bytes()),
                Err(TrustedRootError::Malformed { .. })
            ),
            "{text}"
        );
    }
    assert!(matches!(
        summarize(br#"{"mediaType":"text/plain\u001b[2J"}"#),
        Err(TrustedRootError::MediaType { found }) if !found.contains('\u{1b}')
    ));
    assert!(matches!(
        summarize(&vec![b' '; MOST_BYTES + 1]),
        Err(TrustedRootError::TooLarge { .. })
    ));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(summarize(deep.as_bytes()).is_err());
}

#[test]
fn an_unusable_entry_is_named() {
    for (pointer, value, expected) in [
        (
            "/tlogs/1/publicKey/rawBytes",
            "MCow".into(),
            "tlogs 2: not a DER",
        ),
        ("/tlogs/0/logId/keyId", "*".into(), "tlogs 1: `logId.keyId`"),
        ("/tlogs/0/logId/keyId", "".into(), "has 0 bytes"),
        (
            "/certificateAuthorities/0/certChain/certificates/0/rawBytes",
            "AAAA".into(),
            "certificateAuthorities 1: not a DER certificate",
        ),
        (
            "/timestampAuthorities/0/certChain/certificates",
            serde_json::json!([]),
            "timestampAuthorities 1: its certificate chain is empty",
        ),
        (
            "/ctlogs/0/publicKey/validFor/end",
            "2001-01-01T00:00:00Z".into(),
            "ctlogs 1: `validFor` ends before",
        ),
    ] {
        let error = summarize(&changed(pointer, value)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    // The start of a time is demanded by sigstore_common.proto.
    let open = changed("/tlogs/0/publicKey/validFor", serde_json::json!({}));
    assert!(matches!(
        summarize(&open),
        Err(TrustedRootError::Malformed { .. })
    ));
}

#[test]
fn long_lists_are_refused() {
    let document: serde_json::Value = serde_json::from_str(EMBEDDED_TRUSTED_ROOT).unwrap();
    let many = vec![document["tlogs"][0].clone(); MOST_ENTRIES + 1];
    let error = summarize(&changed("/tlogs", many.into())).unwrap_err();
    assert!(error.to_string().contains("more than 256"), "{error}");
}

#[test]
fn damage_anywhere_is_an_answer_and_no_panic() {
    let good = EMBEDDED_TRUSTED_ROOT.trim_end().as_bytes();
    let mut refused = 0;
    for place in (0..good.len()).step_by(3) {
        assert!(summarize(&good[..place]).is_err(), "cut at {place}");
        let mut bytes = good.to_vec();
        bytes[place] = bytes[place].wrapping_add(1);
        refused += usize::from(summarize(&bytes).is_err());
    }
    // Most of it is key bytes and texts, which may be anything; structure may not.
    assert!(refused > 300, "{refused}");
}

#[test]
fn texts_are_printable_and_unread_members_are_listed() {
    let mut document: serde_json::Value = serde_json::from_str(EMBEDDED_TRUSTED_ROOT).unwrap();
    document["tlogs"][0]["baseUrl"] = "https://\u{1b}[31m".into();
    document["later"] = serde_json::json!([]);
    let summary = summarize(&serde_json::to_vec(&document).unwrap()).unwrap();
    assert!(!summary.transparency_logs[0].uri.contains('\u{1b}'));
    assert_eq!(summary.unread_members, ["later"]);
}

#[test]
fn age_counts_whole_days_and_never_below_zero() {
    let age = |text: &str| embedded_age_in_days(text.parse().unwrap());
    assert_eq!(age("2026-10-23T23:59:59Z"), 0);
    assert_eq!(age("2026-10-24T00:00:00Z"), 1);
    assert_eq!(age("2027-10-23T12:00:00Z"), 365);
    assert_eq!(age("2020-01-01T00:00:00Z"), 0);
}

#[test]
fn a_time_has_both_its_ends() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let validity = Validity {
        start: at("2022-01-01T00:00:00Z"),
        end: Some(at("2023-01-01T00:00:00Z")),
    };
    assert_eq!(validity.phase(at("2021-12-31T23:59:59Z")), Phase::Future);
    assert_eq!(validity.phase(validity.start), Phase::Present);
    assert_eq!(validity.phase(at("2023-01-01T00:00:00Z")), Phase::Present);
    assert_eq!(validity.phase(at("2023-01-01T00:00:01Z")), Phase::Past);
}
