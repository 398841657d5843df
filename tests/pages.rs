//! Pages of real runs: what a new user reads of a denied model, and of the worst that a folder can
//! hold. What they say of every kind of report is tested where they are made.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use roxmltree::{Document, ParsingOptions};

use crate::harness::{Run, bonafide, command, copy, fixture, root};

const GATE: &str = "policies/registry-gate.toml";

/// Runs `verify` with all three pages and gives them.
fn pages(target: &str) -> (Run, String, String) {
    let place = tempfile::tempdir().unwrap();
    let (html, markdown) = (place.path().join("r.html"), place.path().join("r.md"));
    let run = bonafide([
        "verify",
        target,
        "--policy",
        GATE,
        "--output",
        &format!("html={}", html.display()),
        "--output",
        &format!("markdown={}", markdown.display()),
    ]);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    (run, read(&html), read(&markdown))
}

fn parse(page: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(page, options).unwrap()
}

fn text(document: &Document<'_>) -> String {
    let nodes = document.descendants().filter(|node| node.is_text());
    nodes.filter_map(|node| node.text()).collect()
}

#[test]
fn a_denied_model_is_told_of_in_every_page() {
    let target = "fixtures/supply-chain/tampered/flipped-byte";
    let (run, html, markdown) = pages(target);
    assert_eq!(run.code, 1, "{run:?}");
    let html = text(&parse(&html));
    let expected = "sha256:884465562bbcc68395324ac28c2db22b5b9bd2f5d63cb844cb2d2d3083b71309";
    let measured = "sha256:3cbe761b0cf3026e53fd22d2b003b0cb0ffe97eb0735f1206a3edad587804572";
    for page in [&run.stdout, &html, &markdown] {
        // What, where, and what shows it; why, how to fix it, by which control and threat.
        for part in [
            "content differs from what was signed",
            "model.safetensors",
            expected,
            measured,
            "A single changed byte",
            "digest-mismatch",
            "SIG-02",
            target,
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    assert!(markdown.starts_with("## ❌ DENY: "), "{markdown}");
}

/// Every defect that a check has a fixture for: no page is malformed.
#[test]
fn every_failing_fixture_gives_well_formed_pages() {
    let mut runs = 0;
    let mut folders: Vec<_> = fixture("checks")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path().join("fail/model"))
        .filter(|model| model.exists())
        .collect();
    folders.sort();
    // A part of them: the others differ in what is wrong, not in what a page is made of.
    for model in folders.iter().step_by(4) {
        let (run, html, markdown) = pages(model.to_str().unwrap());
        let document = parse(&html);
        let verdict = run.stdout.split("  ").next().unwrap();
        assert!(text(&document).contains(verdict), "{run:?}");
        assert!(markdown.contains(verdict), "{markdown}");
        runs += 1;
    }
    assert!(runs > 5);
}

#[test]
fn names_of_files_are_text_in_every_page() {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &model);
    let names: [&[u8]; 7] = [
        b"<img src=x onerror=alert(1)>.bin",
        b"\"><svg onload=alert(1)>",
        b"]]><script>alert(1)<",
        b"`rm` | [x](javascript:alert(1))",
        b"new\nline",
        "model\u{202e}nip.exe".as_bytes(),
        b"not\xffutf8",
    ];
    for name in names {
        std::fs::write(model.join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    let (run, html, markdown) = pages(model.to_str().unwrap());
    assert_eq!(run.code, 1, "{run:?}");
    let document = parse(&html);
    for node in document.descendants().filter(|node| node.is_element()) {
        assert!(!["script", "img"].contains(&node.tag_name().name()));
        assert!(
            !node
                .attributes()
                .any(|attribute| attribute.name().starts_with("on"))
        );
    }
    let shown = text(&document);
    for name in [
        "<img src=x onerror=alert(1)>.bin",
        "\"><svg onload=alert(1)>",
        "]]><script>alert(1)<",
        "`rm` | [x](javascript:alert(1))",
        "new\\nline",
        "model\\u{202e}nip.exe",
        "not\\xffutf8",
    ] {
        assert!(shown.contains(name), "{name}");
    }
    assert!(!markdown.contains('\u{202e}') && !run.stdout.contains('\u{202e}'));
    assert!(
        markdown.contains("`<img src=x onerror=alert(1)>.bin`"),
        "{markdown}"
    );
}

/// The same input and clock give the same bytes. (A gate takes no clock from its caller, so the
/// embedded policy judges.)
#[test]
fn pages_are_the_same_for_every_number_of_threads() {
    let soon = jiff::Timestamp::now().as_second() + 3_600;
    for format in ["text", "markdown", "html"] {
        let pages: Vec<Vec<u8>> = ["1", "5"]
            .iter()
            .map(|jobs| {
                let output = command()
                    .env("SOURCE_DATE_EPOCH", soon.to_string())
                    .current_dir(root())
                    .args(["verify", "fixtures/supply-chain/tampered/file-not-in-bom"])
                    .args(["--output", format, "--jobs", jobs])
                    .output()
                    .unwrap();
                output.stdout
            })
            .collect();
        assert!(!pages[0].is_empty());
        assert_eq!(pages[0], pages[1], "{format}");
    }
}
