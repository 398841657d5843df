//! Trust material: what is shown of it, and that only the right updates of it
//! are taken. Repositories are served on loopback by a thread; the broken ones
//! were put to the reference client when they were made.

use serde_json::Value;

use crate::harness::{Run, bonafide, fixture};

/// The embedded root, or that of a file, as JSON.
fn shown(arguments: &[&str]) -> Value {
    let mut all = vec!["trust", "show", "--format", "json"];
    all.extend(arguments);
    let run = bonafide(all);
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_embedded_root_is_shown_with_its_age() {
    let document = shown(&[]);
    assert_eq!(document["schema-version"], 1);
    let origin = &document["origin"];
    assert_eq!(origin["kind"], "embedded");
    let refreshed: jiff::civil::Date = origin["refreshed"].as_str().unwrap().parse().unwrap();
    let days = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
        .since((jiff::Unit::Day, refreshed))
        .unwrap()
        .get_days();
    // A clock that is behind gives 0; midnight may pass between the two.
    let age = origin["age-in-days"].as_i64().unwrap();
    assert!((age - i64::from(days.max(0))).abs() <= 1, "{age} {days}");
    let root = &document["trusted-root"];
    assert_eq!(
        root["sha256"],
        bonafide_attest::trusted_root::EMBEDDED_SHA256
    );
    assert_eq!(
        root["transparency-logs"][0]["id"],
        "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d"
    );
    assert_eq!(
        root["certificate-authorities"][1]["certificates"][0]["key"],
        "P-384"
    );

    let text = bonafide(["trust", "show"]).stdout;
    for expected in [
        "embedded in this release, public-good instance",
        "refreshed 2026-10-23, ",
        "\nCertificate authorities\n  https://fulcio.sigstore.dev\n    sigstore.dev, sigstore\n",
        "\nTransparency logs\n  https://rekor.sigstore.dev\n    key P-256 (PKIX_ECDSA_P256_SHA_256)\n",
        "\nCertificate logs\n",
        "\nTimestamp authorities\n  https://timestamp.sigstore.dev/api/v1/timestamp\n",
        "valid from 2021-03-07T03:20:29Z to 2022-12-31T23:59:59.999Z (over)",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn a_file_is_shown_alone_or_in_a_configuration() {
    let place = tempfile::tempdir().unwrap();
    let root = std::fs::read_to_string(trusted_root("v2")).unwrap();
    let plain = place.path().join("root.json");
    std::fs::write(&plain, &root).unwrap();
    let config = place.path().join("config.json");
    let wrapped = format!(
        r#"{{"mediaType":"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json","trustedRoot":{},"signingConfig":{{}}}}"#,
        root.trim()
    );
    std::fs::write(&config, wrapped).unwrap();
    let of_plain = shown(&["--trusted-root", plain.to_str().unwrap()]);
    let of_config = shown(&["--trusted-root", config.to_str().unwrap()]);
    assert_eq!(of_plain["origin"]["kind"], "file");
    assert_eq!(of_plain["origin"]["age-in-days"], Value::Null);
    assert_eq!(of_plain["trusted-root"]["container"], "trusted-root");
    assert_eq!(
        of_config["trusted-root"]["container"],
        "client-trust-config"
    );
    let logs = |document: &Value| document["trusted-root"]["transparency-logs"].clone();
    assert_eq!(logs(&of_plain), logs(&of_config));
    assert_eq!(logs(&of_plain).as_array().unwrap().len(), 2);
    let text = bonafide(["trust", "show", "--trusted-root", config.to_str().unwrap()]).stdout;
    assert!(
        text.contains("inside a client trust configuration"),
        "{text}"
    );
    assert!(text.contains("\nTimestamp authorities\n  none\n"), "{text}");
}

#[test]
fn what_is_no_trust_material_is_refused_with_its_place() {
    let policy = bonafide(["trust", "show", "--trusted-root", "policies/baseline.toml"]);
    assert_refused(&policy, "malformed trust material");
    assert!(
        policy.stderr.contains("policies/baseline.toml"),
        "{policy:?}"
    );
    let missing = bonafide(["trust", "show", "--trusted-root", "does/not/exist"]);
    assert_refused(&missing, "does/not/exist");
    let root = fixture("tuf/root.json");
    let metadata = bonafide(["trust", "show", "--trusted-root", root.to_str().unwrap()]);
    assert_refused(&metadata, "mediaType");
}

/// The one target of a repository of the fixtures.
fn trusted_root(directory: &str) -> std::path::PathBuf {
    let targets = fixture("tuf").join(directory).join("targets");
    let mut files = targets.read_dir().unwrap();
    let path = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    path
}

fn assert_refused(run: &Run, expected: &str) {
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    assert!(run.stderr.starts_with("error: "), "{run:?}");
    assert!(run.stderr.contains(expected), "{expected}: {run:?}");
}

#[cfg(not(feature = "online"))]
#[test]
fn without_network_code_an_update_says_so() {
    let run = bonafide(["trust", "update"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stderr.contains("without the feature `online`"),
        "{run:?}"
    );
}

#[cfg(feature = "online")]
mod online {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    use bonafide_engine::trust_material::{
        Change, Repository, TrustMaterialError, TrustUpdate, TrustUpdateRequest, update_trust,
    };
    use serde::Deserialize;
    use tempfile::TempDir;

    use super::{assert_refused, bonafide, trusted_root};
    use crate::harness::{Run, command, fixture, flip};
    use crate::loopback::{Behaviour, Server};

    /// A cache of its own for each test.
    struct Client {
        place: TempDir,
    }

    impl Client {
        fn new() -> Self {
            let place = tempfile::tempdir().unwrap();
            Self { place }
        }

        fn cache(&self) -> PathBuf {
            self.place.path().join("cache")
        }

        fn output(&self) -> PathBuf {
            self.cache().join("trusted_root.json")
        }

        fn update(&self, server: &Server) -> Run {
            self.update_with(&server.url(), &[])
        }

        fn update_with(&self, url: &str, more: &[&str]) -> Run {
            let cache = self.cache();
            let root = fixture("tuf/root.json");
            let mut command = update_command(&self.place);
            command
                .args(["--url", url, "--root", root.to_str().unwrap()])
                .args(["--cache", cache.to_str().unwrap()])
                .args(more);
            let run = Run::from(command.output().unwrap());
            assert!(!run.stderr.contains("panicked"), "{run:?}");
            run
        }

        fn updated(&self, server: &Server) -> String {
            let run = self.update(server);
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
            run.stdout
        }

        fn written(&self) -> Option<Vec<u8>> {
            std::fs::read(self.output()).ok()
        }
    }

    /// `trust update` of a user who has nothing, not even certificate authorities, behind a
    /// proxy that must not be asked for addresses of this machine.
    fn update_command(home: &TempDir) -> std::process::Command {
        let mut command = command();
        command.args(["trust", "update"]);
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env(name, "http://127.0.0.1:9");
        }
        command
            .env("SSL_CERT_FILE", "/does/not/exist")
            .env("SSL_CERT_DIR", "/does/not/exist")
            .env_remove("XDG_CACHE_HOME")
            .env("HOME", home.path());
        command
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        name: String,
        after: Vec<String>,
        serve: Vec<String>,
        reference: String,
    }

    /// What each broken repository is refused with; the others are accepted.
    const REFUSALS: &[(&str, &str)] = &[
        ("tampered-target", "trusted_root.json: sha256 mismatch"),
        ("tampered-snapshot", "snapshot.json: sha256 mismatch"),
        ("tampered-targets", "targets.json: sha256 mismatch"),
        (
            "forged-snapshot",
            "snapshot has 0 valid signatures of the 1 that it needs",
        ),
        ("longer-target", "trusted_root.json`: longer than "),
        (
            "expired-timestamp",
            "timestamp has expired at 2020-01-01T00:00:00Z",
        ),
        (
            "expired-snapshot",
            "snapshot has expired at 2020-01-01T00:00:00Z",
        ),
        (
            "expired-targets",
            "targets has expired at 2020-01-01T00:00:00Z",
        ),
        ("expired-root", "root has expired at 2020-01-01T00:00:00Z"),
        (
            "root-by-strangers",
            "root has 0 valid signatures of the 2 that it needs",
        ),
        (
            "root-by-one",
            "root has 1 valid signatures of the 2 that it needs",
        ),
        (
            "root-without-new",
            "root has 1 valid signatures of the 2 that it needs",
        ),
        (
            "root-skipped",
            "root goes from version 1 to 3, not to the next one",
        ),
        (
            "root-repeated",
            "root goes from version 1 to 1, not to the next one",
        ),
        (
            "oversized-target",
            "pinned length 4194305 exceeds configured max 4194304",
        ),
        (
            "targets-by-one",
            "targets has 1 valid signatures of the 2 that it needs",
        ),
        (
            "timestamp-by-stranger",
            "timestamp has 0 valid signatures of the 1 that it needs",
        ),
        (
            "snapshot-by-stranger",
            "snapshot has 0 valid signatures of the 1 that it needs",
        ),
        ("without-target", "no target `trusted_root.json` is listed"),
        (
            "no-trusted-root",
            "publishes something that is no trusted root",
        ),
        (
            "rolled-back-timestamp",
            "timestamp goes back from version 2 to 1",
        ),
        (
            "rolled-back-snapshot",
            "snapshot (via timestamp) goes back from version 2 to 1",
        ),
        ("rolled-back-targets", "goes back from version 2 to 1"),
    ];

    #[test]
    fn each_repository_is_accepted_or_refused_for_its_reason() {
        let text = std::fs::read_to_string(fixture("tuf/cases.toml")).unwrap();
        let cases: Cases = toml::from_str(&text).unwrap();
        let mut refused = BTreeSet::new();
        for case in &cases.case {
            let client = Client::new();
            for directories in &case.after {
                let directories: Vec<&str> = directories.split(' ').collect();
                client.updated(&Server::of(&directories));
            }
            let before = client.written();
            let directories: Vec<&str> = case.serve.iter().map(String::as_str).collect();
            let server = Server::of(&directories);
            let expected = REFUSALS.iter().find(|(name, _)| *name == case.name);
            let Some((name, expected)) = expected else {
                assert_eq!(case.reference, "accepts", "{}", case.name);
                client.updated(&server);
                let published = std::fs::read(trusted_root(directories[0])).unwrap();
                assert_eq!(client.written(), Some(published), "{}", case.name);
                continue;
            };
            refused.insert(*name);
            let run = client.update(&server);
            assert_refused(&run, expected);
            assert!(run.stderr.contains(&server.url()), "{name}: {run:?}");
            assert!(run.stderr.contains("\n  hint: "), "{name}: {run:?}");
            assert_eq!(client.written(), before, "{name} was written");
            // The reference client knows nothing of what a target is for.
            assert_eq!(
                case.reference == "accepts",
                *name == "no-trusted-root",
                "{name}"
            );
            if *name == "oversized-target" {
                let asked = server.asked();
                assert!(
                    asked.iter().all(|path| !path.contains("targets/")),
                    "{asked:?}"
                );
            }
        }
        assert_eq!(refused.len(), REFUSALS.len(), "{refused:?}");
    }

    #[test]
    fn an_update_says_what_it_did() {
        let client = Client::new();
        let text = client.updated(&Server::of(&["v1"]));
        let path = client.output();
        let path = path.display();
        assert!(
            text.ends_with(&format!(
                "wrote {path}\nuse it with `--trusted-root {path}`\n"
            )),
            "{text}"
        );
        for expected in [
            "\n  root       version 1, valid until 2099-12-31T23:59:59Z\n",
            "\n  timestamp  version 1, ",
            "\n  sha256:",
        ] {
            assert!(text.contains(expected), "{text}");
        }
        let next = Server::of(&["v2", "v1"]);
        let text = client.updated(&next);
        assert!(text.contains("\n  root       version 2, "), "{text}");
        assert!(text.contains(&format!("\nreplaced {path}\n")), "{text}");
        let text = client.updated(&next);
        assert!(text.contains(&format!("\nunchanged {path}\n")), "{text}");
        // What is cached and still stated is not fetched again.
        let targets = next
            .asked()
            .iter()
            .filter(|path| path.contains("targets/"))
            .count();
        assert_eq!(targets, 1);

        // The cache remembers the newer root, so the older repository cannot come back,
        // and its own root is no way around that.
        let run = client.update(&Server::of(&["v1"]));
        assert_refused(&run, "timestamp goes back from version 2 to 1");

        let shown = bonafide(["trust", "show", "--trusted-root", &path.to_string()]);
        assert!(
            shown.stdout.contains("https://log2.example.test"),
            "{shown:?}"
        );
        let quiet = client.update_with(&next.url(), &["--quiet"]);
        assert_eq!((quiet.code, quiet.stdout.as_str()), (0, ""), "{quiet:?}");
    }

    /// A server that holds back news by repeating what was good once (freeze attack).
    #[test]
    fn what_was_seen_before_must_still_hold() {
        let server = Server::of(&["short-timestamp", "v1"]);
        let place = tempfile::tempdir().unwrap();
        let update_from = |server: &Server, time: &str| {
            update_trust(&TrustUpdateRequest {
                repository: Repository::Other {
                    url: server.url(),
                    root: fixture("tuf/root.json"),
                },
                caches: PathBuf::new(),
                cache: Some(place.path().to_owned()),
                output: None,
                now: time.parse().unwrap(),
                limit: Duration::from_secs(10),
            })
        };
        let update_at = |time: &str| update_from(&server, time);
        let update = update_at("2029-12-31T23:59:59Z").unwrap();
        assert_eq!(update.change, Change::New);
        let again = update_at("2029-12-31T23:59:59Z").unwrap();
        assert_eq!(again.change, Change::Unchanged);
        let reason = |result: Result<TrustUpdate, TrustMaterialError>| {
            let Err(TrustMaterialError::Update(error)) = result else {
                panic!("{result:?}");
            };
            std::error::Error::source(&error).unwrap().to_string()
        };
        let late = "2030-01-01T00:00:01Z";
        assert_eq!(
            reason(update_at(late)),
            "timestamp has expired at 2030-01-01T00:00:00Z"
        );
        // It no longer vouches for anything, and it still says what was seen.
        assert_eq!(
            reason(update_from(&Server::of(&["v1"]), late)),
            "timestamp goes back from version 2 to 1"
        );
    }

    #[test]
    fn a_damaged_cache_is_never_trusted() {
        let next = Server::of(&["v2", "v1"]);
        let published = std::fs::read(trusted_root("v2")).unwrap();
        let strangers = fixture("tuf/root-by-strangers/2.root.json");
        let client = Client::new();
        client.updated(&next);
        // Fetched anew: whatever does not verify counts as not there.
        for name in [
            "root.json",
            "root_history/2.root.json",
            "timestamp.json",
            "snapshot.json",
            "targets.json",
            "targets/trusted_root.json",
        ] {
            let path = client.cache().join(name);
            flip(&path);
            std::fs::remove_file(client.output()).unwrap();
            client.updated(&next);
            assert_eq!(client.written().as_ref(), Some(&published), "{name}");
            std::fs::copy(&strangers, &path).unwrap();
            client.updated(&next);
            assert_eq!(client.written().as_ref(), Some(&published), "{name}");
        }
        let cached = std::fs::read(client.cache().join("targets/trusted_root.json")).unwrap();
        assert_eq!(cached, published);

        // What cannot be read or written is an error: it would remember nothing.
        let timestamp = client.cache().join("timestamp.json");
        std::fs::remove_file(&timestamp).unwrap();
        std::os::unix::fs::symlink("/dev/null", &timestamp).unwrap();
        let run = client.update(&next);
        assert_refused(&run, "versions seen before cannot be read");
        assert!(run.stderr.contains("timestamp.json"), "{run:?}");
        std::fs::remove_file(&timestamp).unwrap();
        std::fs::write(&timestamp, vec![b' '; 6_000_000]).unwrap();
        assert_refused(&client.update(&next), "larger than the limit");
        std::fs::remove_file(&timestamp).unwrap();
        std::fs::create_dir(&timestamp).unwrap();
        assert_refused(&client.update(&next), "not a regular file");

        let blocked = Client::new();
        std::fs::write(blocked.cache(), "a file").unwrap();
        assert_refused(&blocked.update(&next), "root_history");
    }

    #[test]
    fn only_the_named_output_is_written() {
        let server = Server::of(&["v1"]);
        let client = Client::new();
        let output = client.place.path().join("out").join("root.json");
        let arguments = ["--output", output.to_str().unwrap()];
        // The directory of an output is the user's to make.
        assert_refused(&client.update_with(&server.url(), &arguments), "root.json");
        std::fs::create_dir(output.parent().unwrap()).unwrap();
        let run = client.update_with(&server.url(), &arguments);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(
            std::fs::read(&output).unwrap(),
            std::fs::read(trusted_root("v1")).unwrap()
        );
        assert_eq!(client.written(), None);
        assert_eq!(names(output.parent().unwrap()), ["root.json"]);
        assert_eq!(
            names(&client.cache()),
            [
                "root.json",
                "root_history",
                "snapshot.json",
                "targets",
                "targets.json",
                "timestamp.json"
            ]
        );
        std::fs::write(&output, "mine").unwrap();
        let broken = Server::of(&["expired-timestamp", "v1"]);
        let fresh = Client::new();
        assert_refused(&fresh.update_with(&broken.url(), &arguments), "expired");
        assert_eq!(std::fs::read(&output).unwrap(), b"mine");
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> = directory
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_cache_of_the_user_is_used_and_nothing_reads_it_by_itself() {
        let server = Server::of(&["v1"]);
        let home = tempfile::tempdir().unwrap();
        let root = fixture("tuf/root.json");
        let arguments = ["--url", &server.url(), "--root", root.to_str().unwrap()];
        let name = format!("bonafide/tuf/127.0.0.1%3A{}/trusted_root.json", server.port);
        let run = Run::from(update_command(&home).args(arguments).output().unwrap());
        assert_eq!(run.code, 0, "{run:?}");
        assert!(home.path().join(".cache").join(&name).is_file(), "{run:?}");

        let xdg = tempfile::tempdir().unwrap();
        let run = update_command(&home)
            .args(arguments)
            .env("XDG_CACHE_HOME", xdg.path())
            .output()
            .unwrap();
        assert_eq!(Run::from(run).code, 0);
        assert!(xdg.path().join(&name).is_file());
        let shown = command()
            .args(["trust", "show", "--format", "json"])
            .env("HOME", home.path())
            .env("XDG_CACHE_HOME", xdg.path())
            .output()
            .unwrap();
        assert!(Run::from(shown).stdout.contains("\"embedded\""));

        let run = update_command(&home)
            .args(arguments)
            .env_remove("HOME")
            .output();
        assert_refused(&Run::from(run.unwrap()), "`--cache`");
    }

    #[test]
    fn only_https_or_this_machine_is_asked() {
        let client = Client::new();
        for (url, reason) in [
            (
                "http://example.test",
                "http is for addresses of this machine only",
            ),
            ("http://127.0.0.1.example.test", "of this machine only"),
            ("ftp://example.test", "it is not https"),
            ("file:///tmp", "it is not https"),
            (
                "https://user:secret@example.test",
                "a user name or a password",
            ),
            ("nowhere", "no absolute URL"),
        ] {
            assert_refused(&client.update_with(url, &[]), reason);
        }
        assert!(!client.cache().exists());
        for usage in [&["--url", "https://example.test"][..], &["--root", "x"]] {
            let run = bonafide(["trust", "update"].iter().chain(usage));
            assert_eq!(run.code, 4, "{run:?}");
        }
        let server = Server::of(&["v1"]);
        // No encryption where encryption was asked for.
        let encrypted = format!("https://127.0.0.1:{}/", server.port);
        assert_refused(&client.update_with(&encrypted, &[]), "cannot be ");
        let local = format!("http://localhost:{}/", server.port);
        assert_eq!(client.update_with(&local, &[]).code, 0);
    }

    #[test]
    fn the_root_to_start_from_must_stand_for_itself() {
        let server = Server::of(&["v1"]);
        let home = tempfile::tempdir().unwrap();
        let flipped = home.path().join("root.json");
        let text = std::fs::read_to_string(fixture("tuf/root.json")).unwrap();
        std::fs::write(&flipped, text.replace("2099", "2098")).unwrap();
        let large = home.path().join("large.json");
        std::fs::write(&large, vec![b' '; 600_000]).unwrap();
        let timestamp = fixture("tuf/v1/timestamp.json");
        for (root, reason) in [
            (&flipped, "the root to start from cannot be trusted"),
            (&timestamp, "the root to start from cannot be trusted"),
            (&large, "larger than the limit"),
        ] {
            let run = update_command(&home)
                .args(["--url", &server.url(), "--root", root.to_str().unwrap()])
                .output()
                .unwrap();
            assert_refused(&Run::from(run), reason);
        }
        assert_eq!(server.asked(), [""; 0]);
    }

    #[test]
    fn a_server_that_gives_no_answer_is_said_to_give_none() {
        for (head, reason) in [
            (
                "404 Not Found\r\nContent-Length: 0",
                "timestamp.json not found",
            ),
            ("500 Oh\r\nContent-Length: 0", "status 500"),
            (
                "302 Found\r\nLocation: https://example.test/\r\nContent-Length: 0",
                "status 302",
            ),
            (
                "301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0",
                "status 301",
            ),
            (
                "200 OK\r\nContent-Length: 99999999999999",
                "`2.root.json`: longer than 512000 bytes",
            ),
            (
                "200 OK\r\nContent-Length: 100",
                "`2.root.json`: error decoding response body",
            ),
            ("garbage\u{1b}[2J", "`2.root.json`: error sending request"),
        ] {
            let client = Client::new();
            let server = Server::start(Behaviour::Answer(head));
            let run = client.update(&server);
            assert_refused(&run, reason);
            assert!(run.stderr.contains("cannot be fetched"), "{run:?}");
            assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
            assert_eq!(client.written(), None);
        }
        let client = Client::new();
        let server = Server::start(Behaviour::Endless);
        assert_refused(
            &client.update(&server),
            "`2.root.json`: longer than 512000 bytes",
        );
        let gone = server.url();
        drop(server);
        assert_refused(&client.update_with(&gone, &[]), "cannot be fetched");
    }

    #[test]
    fn a_server_that_hangs_does_not_hold_us() {
        times_out(Behaviour::Hang);
    }

    #[test]
    fn a_server_that_drips_does_not_hold_us() {
        times_out(Behaviour::Drip);
    }

    fn times_out(behaviour: Behaviour) {
        let client = Client::new();
        let server = Server::start(behaviour);
        let started = Instant::now();
        let run = client.update_with(&server.url(), &["--timeout", "1"]);
        let took = started.elapsed();
        assert_refused(&run, "not done after 1 s, while waiting for `2.root.json`");
        assert!(run.stderr.contains("`--timeout`"), "{run:?}");
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert_eq!(client.written(), None);
    }
}
