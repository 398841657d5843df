//! The page for browsers, read as strictly as possible: as XML.

use std::collections::HashSet;

use bonafide_report::{Colour, Format, render};
use roxmltree::{Document, Node, ParsingOptions};

use crate::sample;

fn html(report: &bonafide_core::Report) -> String {
    render(report, Format::Html, Colour::Plain).unwrap()
}

fn parse(page: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(page, options).unwrap_or_else(|error| panic!("{error}: {page}"))
}

fn elements<'a>(document: &'a Document<'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    let nodes = document.descendants();
    nodes.filter(move |node| node.is_element() && node.tag_name().name() == name)
}

fn text(document: &Document<'_>) -> String {
    let nodes = document.descendants().filter(Node::is_text);
    nodes
        .filter_map(|node| node.text().map(str::to_owned))
        .collect()
}

fn samples() -> [bonafide_core::Report; 6] {
    [
        sample::allowed(),
        sample::denied(),
        sample::undecided(),
        sample::waived(),
        sample::hostile(),
        sample::large(2_500),
    ]
}

/// Elements that could load or run something, or send it somewhere.
const FORBIDDEN: [&str; 18] = [
    "script",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "input",
    "button",
    "img",
    "image",
    "video",
    "audio",
    "source",
    "foreignObject",
    "animate",
    "set",
    "use",
];

#[test]
fn nothing_is_loaded_run_or_sent() {
    for report in samples() {
        let page = html(&report);
        let document = parse(&page);
        for node in document.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            assert!(!FORBIDDEN.contains(&name), "{name}");
            for attribute in node.attributes() {
                let (key, value) = (attribute.name(), attribute.value());
                assert!(
                    !key.starts_with("on") && key != "style" && key != "src",
                    "{key}"
                );
                match key {
                    "href" => assert!(value.starts_with('#'), "{value}"),
                    "marker-end" | "clip-path" => assert!(value.starts_with("url(#"), "{value}"),
                    _ => assert!(!value.contains("url("), "{key}={value}"),
                }
            }
        }
        for style in elements(&document, "style") {
            let style = style.text().unwrap();
            assert!(!style.contains("url(") && !style.contains("@import"));
        }
    }
}

/// A browser applies a style only if its digest is in the policy about content; one that was
/// smuggled in has none there.
#[test]
fn the_policy_about_content_allows_the_styles_of_the_page_and_nothing_else() {
    use sha2::{Digest as _, Sha256};
    let page = html(&sample::denied());
    let document = parse(&page);
    let policy = elements(&document, "meta")
        .find(|meta| meta.attribute("http-equiv") == Some("Content-Security-Policy"))
        .unwrap();
    let policy = policy.attribute("content").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; base-uri 'none'; form-action 'none'; style-src ")
    );
    assert!(!policy.contains("unsafe"));
    let styles: Vec<_> = elements(&document, "style").collect();
    assert_eq!(styles.len(), 2);
    let allowed: Vec<&str> = policy
        .split_once("style-src ")
        .unwrap()
        .1
        .split(' ')
        .collect();
    assert_eq!(allowed.len(), 2);
    for style in styles {
        // The bytes between the tags, as a browser sees them.
        let range = style.range();
        let source = &page[range];
        let source = source
            .split_once('>')
            .unwrap()
            .1
            .rsplit_once("</")
            .unwrap()
            .0;
        let digest: Vec<u8> = Sha256::digest(source.as_bytes()).to_vec();
        let expected = format!("'sha256-{}'", data(&digest));
        assert!(allowed.contains(&expected.as_str()), "{expected}: {policy}");
    }
}

/// Base64, bit by bit.
fn data(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let mut text: String = bits
        .chunks(6)
        .map(|chunk| {
            let value = (0..6).fold(0, |value, bit| {
                value << 1 | chunk.get(bit).copied().unwrap_or(0)
            });
            char::from(ALPHABET[usize::from(value)])
        })
        .collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[test]
fn every_link_leads_to_one_place() {
    for report in samples() {
        let page = html(&report);
        let document = parse(&page);
        let mut ids = HashSet::new();
        for node in document.descendants() {
            if let Some(id) = node.attribute("id") {
                assert!(ids.insert(id), "twice: {id}");
            }
        }
        let mut links = 0;
        for link in elements(&document, "a") {
            let target = link.attribute("href").unwrap().strip_prefix('#').unwrap();
            assert!(ids.contains(target), "{target}");
            links += 1;
        }
        assert!(links > 10);
        for node in document.descendants() {
            for names in node
                .attribute("aria-labelledby")
                .iter()
                .flat_map(|names| names.split(' '))
            {
                assert!(ids.contains(names), "{names}");
            }
        }
    }
}

#[test]
fn hostile_names_are_text() {
    let page = html(&sample::hostile());
    let document = parse(&page);
    let text = text(&document);
    for shown in [
        "<img src=x onerror=alert(1)>.bin",
        "\"><svg/onload=alert(1)>",
        "' onmouseover='alert(1)",
        "`rm`",
        "[x](javascript:alert(1))",
        "model\\u{202e}nip.exe",
        "new\\nline | cell",
        "not\\xffutf8",
        "]]><script>alert(1)</script>",
        "</style><script>alert(1)</script>",
    ] {
        assert!(text.contains(shown), "{shown}");
    }
    for raw in [
        "<img",
        "<svg/",
        "<script",
        "javascript:alert(1)\"",
        "]]>",
        "\u{202e}",
        "\u{1b}",
    ] {
        assert!(!page.contains(raw), "{raw}");
    }
}

#[test]
fn the_page_can_be_walked_without_seeing_it() {
    for report in samples() {
        let page = html(&report);
        let document = parse(&page);
        let root = document.root_element();
        assert_eq!(root.attribute("lang"), Some("en"));
        for (name, count) in [("h1", 1), ("main", 1), ("nav", 1)] {
            assert_eq!(elements(&document, name).count(), count, "{name}");
        }
        // Headings leave no level out.
        let mut level = 0;
        for node in document.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            let Some(next) = name
                .strip_prefix('h')
                .and_then(|next| next.parse::<u32>().ok())
            else {
                continue;
            };
            assert!(next <= level + 1, "h{next} after h{level}");
            level = next;
        }
        for table in elements(&document, "table") {
            let named = table
                .descendants()
                .filter(|node| node.has_tag_name("caption"));
            assert_eq!(named.count(), 1);
            let titles = table.descendants().filter(|node| node.has_tag_name("th"));
            for title in titles {
                assert!(title.attribute("scope").is_some());
            }
        }
        for drawn in elements(&document, "svg") {
            let named = drawn.attribute("aria-labelledby").is_some();
            assert!(named || drawn.attribute("aria-hidden") == Some("true"));
        }
    }
}

#[test]
fn verdict_and_outcomes_are_words() {
    for (report, word) in [
        (sample::allowed(), "ALLOW"),
        (sample::denied(), "DENY"),
        (sample::undecided(), "UNDECIDED"),
    ] {
        let page = html(&report);
        let document = parse(&page);
        let known: Vec<_> = document
            .descendants()
            .filter(|node| node.attribute("class") == Some("word"))
            .map(|node| node.text().unwrap().to_owned())
            .collect();
        assert_eq!(known, [word]);
        for node in document.descendants() {
            let class = node.attribute("class").unwrap_or_default();
            if class.starts_with("outcome") || class.starts_with("chip") {
                let words: String = node
                    .descendants()
                    .filter(Node::is_text)
                    .filter_map(|text| text.text())
                    .collect();
                assert!(
                    words
                        .chars()
                        .any(|character| character.is_ascii_alphabetic()),
                    "{words}"
                );
            }
        }
    }
}

#[test]
fn a_card_says_everything_that_a_reader_needs() {
    let page = html(&sample::denied());
    let document = parse(&page);
    let text = text(&document);
    for part in [
        "Title of digest-mismatch",
        "content differs from what was signed",
        "Why it matters",
        "How to fix it",
        "What a pass does not show",
        "Content changed after signing",
        "pickle-dangerous-call",
        "key \"digits publisher\"",
        "policy that it builds on",
        "pkg:huggingface/example/digits@1.0.0",
    ] {
        assert!(text.contains(part), "{part}");
    }
    for number in [0xaa, 0xbb, 1, 2, 3, 4, 5, 6, 7, 9] {
        let digest = sample::digest(number).to_string();
        assert!(text.contains(&digest), "{digest}");
    }
}

#[test]
fn a_page_stays_small_and_counts_what_it_leaves_out() {
    let (small, large) = (html(&sample::large(3_000)), html(&sample::large(6_000)));
    assert!(large.len() < 40 << 20, "{}", large.len());
    // Nothing but the numbers grows.
    assert!(
        large.len() < small.len() + 10_000,
        "{} {}",
        small.len(),
        large.len()
    );
    assert!(large.contains(" more findings: the JSON report has all of them"));
}
