//! The three pages of four reports, as they are today.

use std::path::Path;

use bonafide_report::{Colour, Format, render};

use crate::sample;

#[test]
fn pages_are_those_of_the_snapshots() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/reports");
    let mut outdated = Vec::new();
    for (name, report) in [
        ("allowed", sample::allowed()),
        ("denied", sample::denied()),
        ("undecided", sample::undecided()),
        ("waived", sample::waived()),
    ] {
        for (format, extension) in [
            (Format::Text, "txt"),
            (Format::Markdown, "md"),
            (Format::Html, "html"),
        ] {
            let page = render(&report, format, Colour::Plain).unwrap();
            assert_eq!(page, render(&report, format, Colour::Plain).unwrap());
            let path = place.join(format!("{name}.{extension}"));
            if std::fs::read_to_string(&path).unwrap_or_default() == page {
                continue;
            }
            if std::env::var_os("BLESS").is_some() {
                std::fs::create_dir_all(&place).unwrap();
                std::fs::write(path, page).unwrap();
            } else {
                outdated.push(path);
            }
        }
    }
    assert!(
        outdated.is_empty(),
        "out of date, run `BLESS=1 cargo test -p bonafide-report --test pages`: {outdated:?}"
    );
}
