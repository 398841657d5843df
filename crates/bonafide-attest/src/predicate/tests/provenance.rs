//! SLSA provenance.

use super::*;

pub(super) const PROVENANCE_V1: &str = "https://slsa.dev/provenance/v1";
const PROVENANCE_V02: &str = "https://slsa.dev/provenance/v0.2";

pub(super) fn provenance_v1() -> Value {
    json!({
        "buildDefinition": {
            "buildType": "https://ml.example/training-run/v1",
            "externalParameters": {"recipe": "configs/tiny.yaml"},
            "internalParameters": {"pool": "gpu-8"},
            "resolvedDependencies": [
                {"uri": "git+https://ml.example/recipes@refs/heads/main", "digest": {"gitCommit": COMMIT}},
                {"name": "corpus", "uri": "https://data.example/corpus.tar", "digest": {"sha256": HEX},
                 "downloadLocation": "https://mirror.example/c", "mediaType": "application/x-tar"},
            ],
        },
        "runDetails": {
            "builder": {"id": "https://ml.example/builder@v3", "version": {"runner": "3.1"}},
            "metadata": {"invocationId": "run-17", "startedOn": "2025-02-01T08:00:00Z",
                         "finishedOn": "2025-02-01T09:30:00.5Z"},
        },
    })
}

fn provenance_v02() -> Value {
    json!({
        "builder": {"id": "https://ml.example/builder@v2"},
        "buildType": "https://ml.example/convert@v1",
        "invocation": {"configSource": {
            "uri": "git+https://ml.example/recipes", "digest": {"sha1": COMMIT}, "entryPoint": "convert.yaml"}},
        "metadata": {"buildInvocationId": "5", "buildStartedOn": "2023-05-05T00:00:00Z",
                     "buildFinishedOn": null, "reproducible": false},
        "materials": [{"uri": "git+https://ml.example/recipes", "digest": {"sha256": COMMIT}}],
    })
}

#[test]
fn slsa_provenance_v1() {
    let Ok(Predicate::SlsaProvenanceV1(read)) = read(PROVENANCE_V1, provenance_v1()) else {
        panic!()
    };
    assert_eq!(read.builder, "https://ml.example/builder@v3");
    assert_eq!(
        read.builder_versions,
        [("runner".to_owned(), "3.1".to_owned())]
    );
    assert_eq!(read.build_type, "https://ml.example/training-run/v1");
    assert_eq!(read.invocation.as_deref(), Some("run-17"));
    assert_eq!(read.started, Some(seconds("2025-02-01T08:00:00Z")));
    assert_eq!(read.finished, Some(seconds("2025-02-01T09:30:00.5Z")));
    assert_eq!(
        read.external_parameters(),
        Some(&json!({"recipe": "configs/tiny.yaml"}))
    );
    let [git, corpus] = read.resolved_dependencies.as_slice() else {
        panic!()
    };
    assert_eq!(
        git.digests,
        [SubjectDigest::Unknown {
            name: "gitCommit".to_owned(),
            value: COMMIT.to_owned()
        }]
    );
    assert_eq!(corpus.digests[0].known().unwrap().hex(), HEX);
    assert_eq!(corpus.name, Some(RawName::from("corpus")));
    assert_eq!(
        corpus.download_location.as_deref(),
        Some("https://mirror.example/c")
    );
    assert_eq!(corpus.media_type.as_deref(), Some("application/x-tar"));
    assert_eq!(read.raw, provenance_v1());
}

#[test]
fn slsa_provenance_v1_without_what_is_optional() {
    let least = json!({
        "buildDefinition": {"buildType": "t", "externalParameters": null, "resolvedDependencies": null},
        "runDetails": {"builder": {"id": "b"}, "metadata": null, "extension_field": [1]},
    });
    let Ok(Predicate::SlsaProvenanceV1(read)) = read(PROVENANCE_V1, least) else {
        panic!()
    };
    assert_eq!(
        (read.started, read.finished, read.invocation),
        (None, None, None)
    );
    assert_eq!(read.resolved_dependencies, []);
}

#[test]
fn slsa_provenance_v1_demands_builder_and_build_type() {
    let missing = |pointer: &str, value: Value, field: &str| {
        let found = refused(PROVENANCE_V1, provenance_v1(), pointer, value);
        assert_eq!(found, (field.to_owned(), FieldDefect::Missing));
    };
    missing("/buildDefinition", json!(null), "buildDefinition");
    missing(
        "/buildDefinition/buildType",
        json!(""),
        "buildDefinition.buildType",
    );
    missing("/runDetails", json!(null), "runDetails");
    missing("/runDetails/builder", json!(null), "runDetails.builder");
    missing(
        "/runDetails/builder/id",
        json!(null),
        "runDetails.builder.id",
    );
    let kind = |pointer: &str, value: Value, field: &str, expected: &'static str| {
        let found = refused(PROVENANCE_V1, provenance_v1(), pointer, value);
        assert_eq!(found, (field.to_owned(), FieldDefect::Kind { expected }));
    };
    kind(
        "/runDetails/builder/id",
        json!(["b"]),
        "runDetails.builder.id",
        "a string",
    );
    kind(
        "/runDetails/builder",
        json!("b"),
        "runDetails.builder",
        "an object",
    );
    kind(
        "/buildDefinition/externalParameters",
        json!([]),
        "buildDefinition.externalParameters",
        "an object",
    );
    kind(
        "/buildDefinition/resolvedDependencies",
        json!({}),
        "buildDefinition.resolvedDependencies",
        "a list",
    );
    kind(
        "/buildDefinition/resolvedDependencies/1",
        json!("x"),
        "buildDefinition.resolvedDependencies[1]",
        "an object",
    );
    kind(
        "/buildDefinition/resolvedDependencies/1/digest/sha256",
        json!(7),
        "buildDefinition.resolvedDependencies[1].digest.sha256",
        "a string",
    );
    kind(
        "/runDetails/builder/version",
        json!({"a": 1}),
        "runDetails.builder.version.a",
        "a string",
    );
    let (field, defect) = refused(
        PROVENANCE_V1,
        provenance_v1(),
        "/runDetails/metadata/startedOn",
        json!("yesterday\u{7}"),
    );
    assert_eq!(field, "runDetails.metadata.startedOn");
    let found = "yesterday\\u{7}".to_owned();
    assert_eq!(defect, FieldDefect::Time { found });
}

#[test]
fn slsa_provenance_v02() {
    let Ok(Predicate::SlsaProvenanceV02(read)) = read(PROVENANCE_V02, provenance_v02()) else {
        panic!()
    };
    assert_eq!(read.builder, "https://ml.example/builder@v2");
    assert_eq!(read.build_type, "https://ml.example/convert@v1");
    assert_eq!(read.invocation.as_deref(), Some("5"));
    assert_eq!(read.started, Some(seconds("2023-05-05T00:00:00Z")));
    assert_eq!(read.finished, None);
    let configuration = read.configuration.unwrap();
    assert_eq!(
        configuration.entry_point,
        Some(RawName::from("convert.yaml"))
    );
    assert_eq!(
        configuration.digests,
        [SubjectDigest::Weak {
            name: "sha1".to_owned(),
            value: COMMIT.to_owned()
        }]
    );
    // A Git commit under the name of SHA-256, as one builder writes it: kept, and of no use.
    assert_eq!(
        read.materials[0].digests,
        [SubjectDigest::Unknown {
            name: "sha256".to_owned(),
            value: COMMIT.to_owned()
        }]
    );
    let least = super::read(
        PROVENANCE_V02,
        json!({"builder": {"id": "b"}, "buildType": "t"}),
    );
    assert!(least.is_ok());
    for (pointer, value, field) in [
        ("/builder", json!(null), "builder"),
        ("/builder/id", json!(""), "builder.id"),
        ("/buildType", json!(null), "buildType"),
        ("/invocation", json!([]), "invocation"),
        (
            "/invocation/configSource",
            json!("x"),
            "invocation.configSource",
        ),
        (
            "/invocation/configSource/uri",
            json!(1),
            "invocation.configSource.uri",
        ),
        (
            "/metadata/buildStartedOn",
            json!(1683244800),
            "metadata.buildStartedOn",
        ),
        (
            "/metadata/buildFinishedOn",
            json!("2023-05-05"),
            "metadata.buildFinishedOn",
        ),
        ("/materials", json!("x"), "materials"),
        ("/materials/0/uri", json!({}), "materials[0].uri"),
        ("/materials/0/digest", json!("x"), "materials[0].digest"),
    ] {
        assert_eq!(
            refused(PROVENANCE_V02, provenance_v02(), pointer, value).0,
            field
        );
    }
}
