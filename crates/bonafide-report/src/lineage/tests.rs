use std::collections::BTreeMap;

use bonafide_core::lineage::{EdgeGrade, LineageLimits, LineageNode, NodeKind};
use roxmltree::{Document, Node, ParsingOptions};

use super::words::shown;
use super::*;

fn drawn(lineage: &Lineage, format: LineageFormat) -> String {
    render_lineage(lineage, format, Colour::Plain).unwrap()
}

/// Both forms that are XML, taken apart.
fn parsed(text: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).unwrap()
}

fn of_class<'a>(document: &'a Document<'_>, class: &str) -> Vec<Node<'a, 'a>> {
    document
        .descendants()
        .filter(|node| node.attribute("class") == Some(class))
        .collect()
}

fn title<'a>(node: Node<'a, 'a>) -> &'a str {
    node.children()
        .find(|child| child.has_tag_name(("http://www.w3.org/2000/svg", "title")))
        .and_then(|title| title.text())
        .unwrap()
}

/// What can mislead a reader or a terminal is spelled out everywhere.
fn is_plain(character: char) -> bool {
    let reorders = matches!(character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = matches!(character, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    character == '\n' || !(character.is_control() || reorders || breaks)
}

#[test]
fn nothing_of_a_document_controls_the_output() {
    for format in LineageFormat::ALL {
        let text = drawn(&samples::hostile(), format);
        let text = match format {
            // What XML cannot hold is no trouble in JSON.
            LineageFormat::Json => text.replace(['\u{fffe}', '\u{ffff}'], ""),
            _ => text,
        };
        assert_eq!(text.chars().find(|character| !is_plain(*character)), None);
        assert!(text.ends_with('\n'));
    }
}

#[test]
fn every_form_is_the_same_every_time() {
    for ((name, one), (_, other)) in samples::all().iter().zip(samples::all().iter()) {
        for format in LineageFormat::ALL {
            assert!(drawn(one, format) == drawn(other, format), "{name}");
        }
    }
}

#[test]
fn the_picture_has_every_artifact_and_every_link_in_its_grade() {
    for (name, lineage) in samples::all() {
        let text = drawn(&lineage, LineageFormat::Svg);
        let document = parsed(&text);
        let cards = of_class(&document, "l-node");
        assert_eq!(cards.len(), lineage.nodes().len(), "{name}");
        for node in lineage.nodes() {
            let label = shown(node.label(), 1_000);
            assert!(
                cards
                    .iter()
                    .any(|card| title(*card).contains(&label) && title(*card).contains(node.id())),
                "{name}: {label}"
            );
        }
        assert_eq!(of_class(&document, "l-edge").len(), lineage.edges().len());
        for grade in [
            EdgeGrade::Unknown,
            EdgeGrade::Claimed,
            EdgeGrade::Proven,
            EdgeGrade::Contradicted,
        ] {
            let class = format!("l-link l-link-{}", grade.word());
            // One more in the legend.
            let lines = of_class(&document, &class).len() - 1;
            assert_eq!(lines, lineage.count(grade), "{name} {class}");
        }
    }
}

/// Whatever names say, only our own elements and attributes come out.
#[test]
fn picture_and_page_hold_no_active_content_and_load_nothing() {
    const ELEMENTS: [&str; 33] = [
        "svg", "title", "desc", "style", "defs", "marker", "path", "clipPath", "rect", "g", "text",
        "line", "circle", "html", "head", "meta", "body", "div", "main", "h2", "table", "thead",
        "tbody", "tr", "th", "td", "ul", "li", "a", "bdi", "br", "strong", "code",
    ];
    for (name, lineage) in samples::all() {
        for format in [LineageFormat::Svg, LineageFormat::Html] {
            let text = drawn(&lineage, format);
            for node in parsed(&text).descendants().filter(Node::is_element) {
                assert!(
                    ELEMENTS.contains(&node.tag_name().name()),
                    "{name} {node:?}"
                );
                for attribute in node.attributes() {
                    let key = attribute.name();
                    assert!(!key.starts_with("on") && key != "src", "{name} {key}");
                    if key == "href" {
                        assert!(attribute.value().starts_with("#artifact-"));
                    }
                    if let Some(url) = attribute.value().strip_prefix("url(") {
                        assert!(url.starts_with("#lineage-"), "{url}");
                    }
                }
            }
            let styles = ["@import", "url(http", "url('", "url(\""];
            assert!(styles.iter().all(|word| !text.contains(word)));
        }
        let page = drawn(&lineage, LineageFormat::Html);
        assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    }
}

#[test]
fn the_page_has_a_row_for_every_link_and_every_artifact_with_all_evidence() {
    for (name, lineage) in samples::all() {
        let page = drawn(&lineage, LineageFormat::Html);
        let document = parsed(&page);
        let rows: BTreeMap<&str, String> = document
            .descendants()
            .filter_map(|node| {
                let id = node.attribute("id")?;
                let text = node.descendants().filter_map(|part| part.text());
                Some((id, text.collect::<Vec<_>>().join(" ")))
            })
            .collect();
        for (index, edge) in lineage.numbered_edges() {
            let row = &rows[&*format!("link-{}", index.get())];
            assert!(row.contains(edge.grade().word()), "{name}: {row}");
            for evidence in edge.evidence() {
                assert!(row.contains(&words::testimony(evidence)), "{name}: {row}");
            }
        }
        for (index, node) in lineage.numbered_nodes() {
            let row = &rows[&*format!("artifact-{}", index.get())];
            assert!(row.contains(&shown(node.label(), 4_096)), "{name}: {row}");
            for digest in node.digests() {
                assert!(row.contains(&digest.digest.to_string()), "{name}: {row}");
            }
        }
    }
}

/// Cards do not cover each other, and labels cover neither cards nor labels.
#[test]
fn nothing_on_the_picture_hides_anything_else() {
    for (name, lineage) in samples::all() {
        let text = drawn(&lineage, LineageFormat::Svg);
        let document = parsed(&text);
        let boxes = |class: &str| -> Vec<[f64; 4]> {
            of_class(&document, class)
                .into_iter()
                .map(|node| {
                    let place = node.attribute("transform").unwrap();
                    let place = place
                        .trim_start_matches("translate(")
                        .trim_end_matches(')')
                        .split_once(' ')
                        .unwrap();
                    let own = node
                        .children()
                        .find(|child| child.tag_name().name() == "rect")
                        .unwrap();
                    let size = |key: &str| own.attribute(key).unwrap().parse::<f64>().unwrap();
                    let (x, y): (f64, f64) = (place.0.parse().unwrap(), place.1.parse().unwrap());
                    [x, y, x + size("width"), y + size("height")]
                })
                .collect()
        };
        let mut all = boxes("l-node");
        all.extend(boxes("l-edge"));
        for (number, one) in all.iter().enumerate() {
            assert!(one[0] >= 0.0 && one[1] >= 0.0, "{name}: {one:?}");
            for other in &all[..number] {
                let apart = one[2] <= other[0]
                    || other[2] <= one[0]
                    || one[3] <= other[1]
                    || other[3] <= one[1];
                assert!(apart, "{name}: {one:?} {other:?}");
            }
        }
    }
}

#[test]
fn a_graph_that_is_too_large_for_a_picture_says_what_is_not_on_it() {
    let lineage = samples::long(3_000);
    let text = drawn(&lineage, LineageFormat::Svg);
    let document = parsed(&text);
    let cards = of_class(&document, "l-node").len();
    let edges = of_class(&document, "l-edge").len();
    let remark = format!(
        "{} artifacts and {} links are not on this picture",
        lineage.nodes().len() - cards,
        lineage.edges().len() - edges
    );
    assert!(cards > 30 && text.contains(&remark), "{remark}");
    let page = drawn(&lineage, LineageFormat::Html);
    assert_eq!(page.matches("<tr id=\"artifact-").count(), 3_000);
}

#[test]
fn what_found_no_room_in_the_graph_is_told_in_every_form() {
    let limits = LineageLimits { nodes: 1, edges: 1 };
    let mut lineage = Lineage::new(LineageNode::new("a", NodeKind::Model), limits);
    let node = LineageNode::new("b", NodeKind::Model);
    assert!(lineage.add_node(node).is_err());
    for format in LineageFormat::ALL {
        let words = match format {
            LineageFormat::Json => "\"nodes-omitted\": 1",
            _ => "not complete: 1 artifact and 0 links found no room",
        };
        assert!(drawn(&lineage, format).contains(words), "{format:?}");
    }
}

#[test]
fn text_draws_each_artifact_once_and_refers_back() {
    let text = drawn(&samples::cycle(), LineageFormat::Text);
    let titles = |name: &str| {
        text.lines()
            .filter(|line| line.ends_with(&format!("derived model {name}")))
            .count()
    };
    assert_eq!(titles("second"), 1);
    assert_eq!(titles("ouroboros"), 1);
    assert_eq!(text.matches("(see above; part of a cycle)").count(), 2);
    assert!(text.contains("cycle: each comes from each other: ouroboros, second, third"));
    assert!(text.contains("cycle: own-parent is said to come from itself"));
    let apart = text.split("No link to the subject\n").nth(1).unwrap();
    assert!(apart.starts_with("dataset unrelated-data\n"));
}

#[test]
fn text_says_what_is_proven_and_by_whom() {
    let text = drawn(&samples::chain(), LineageFormat::Text);
    for line in [
        "  4 artifacts, 3 links: 2 proven, 1 claimed",
        "└─ ✓ proven, quantised from: fine-tune digits-classifier 1.0.0",
        "   ├─ ~ claimed, fine-tuned from: base model example/tiny-vision-base",
        "   └─ ✓ proven, trained on: dataset optical-digits 2024.3",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert_eq!(
        text.matches("proven by key \"digits publisher\"").count(),
        2
    );
    assert!(!text.contains('\u{1b}'));
    let coloured = render_lineage(&samples::chain(), LineageFormat::Text, Colour::Ansi).unwrap();
    assert!(coloured.contains('\u{1b}'));
}

/// A tree as deep as the graph would take room that grows with its square.
#[test]
fn a_deep_graph_is_continued_at_the_margin() {
    let lineage = samples::long(2_000);
    let text = drawn(&lineage, LineageFormat::Text);
    let indent = text.lines().map(|line| line.find('~').unwrap_or(0)).max();
    assert!(indent.is_some_and(|indent| indent < 300), "{indent:?}");
    let ids: std::collections::BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_once(" id "))
        .map(|(_, id)| id)
        .collect();
    assert_eq!(ids.len(), lineage.nodes().len());
}

#[test]
fn json_has_graph_and_analysis() {
    for (name, lineage) in samples::all() {
        let text = drawn(&lineage, LineageFormat::Json);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let graph = &document["lineage"];
        assert_eq!(document["schema-version"], 1);
        assert_eq!(
            graph["nodes"].as_array().unwrap().len(),
            lineage.nodes().len()
        );
        let edges = graph["edges"].as_array().unwrap();
        for (edge, found) in lineage.edges().iter().zip(edges) {
            assert_eq!(found["grade"], edge.grade().word(), "{name}");
            let evidence = found["evidence"].as_array().unwrap();
            assert_eq!(evidence.len(), edge.evidence().len());
        }
        assert_eq!(graph["truncated"], serde_json::Value::Null);
    }
    let text = drawn(&samples::chain(), LineageFormat::Json);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["analysis"]["depth"], 2);
    assert_eq!(
        document["analysis"]["proven"],
        serde_json::json!(["node:1", "node:2"])
    );
    assert_eq!(
        document["analysis"]["roots"],
        serde_json::json!(["node:2", "node:3"])
    );
    let edge = &document["lineage"]["edges"][0];
    assert_eq!(edge["child"], "node:0");
    assert_eq!(edge["evidence"][0]["testimony"], "proof");
    assert_eq!(edge["evidence"][0]["signer"], "key \"digits publisher\"");
    assert_eq!(edge["evidence"][1]["testimony"], "claim");
}

/// The quoted strings of a line of DOT, and what is left of it without them.
fn strings(line: &str) -> (Vec<String>, String) {
    let (mut strings, mut rest) = (Vec::new(), String::new());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character != '"' {
            rest.push(character);
            continue;
        }
        let mut string = String::new();
        loop {
            match characters.next().expect("string ends on its line") {
                '"' => break,
                '\\' => match characters.next() {
                    Some('n') => string.push('\n'),
                    Some(escaped @ ('\\' | '"')) => string.push(escaped),
                    other => panic!("unknown escape {other:?}"),
                },
                character => string.push(character),
            }
        }
        strings.push(string.replace("&amp;", "&"));
        rest.push('S');
    }
    (strings, rest)
}

#[test]
fn dot_has_every_artifact_and_link_and_no_name_leaves_its_string() {
    for (name, lineage) in samples::all() {
        let text = drawn(&lineage, LineageFormat::Dot);
        let mut nodes = lineage.numbered_nodes();
        let mut edges = lineage.edges().iter();
        for line in text.lines().skip(5) {
            let (strings, rest) = strings(line);
            if rest == "}" {
                continue;
            }
            let (head, attributes) = rest.trim().split_once(' ').unwrap();
            assert!(
                rest.chars()
                    .all(|own| own.is_ascii_alphanumeric() || " []=,;->".contains(own)),
                "{name}: {rest}"
            );
            if let Some(target) = attributes.strip_prefix("-> ") {
                let edge = edges.next().unwrap();
                assert_eq!(head, format!("n{}", edge.child().get()));
                assert!(target.starts_with(&format!("n{} [", edge.parent().get())));
                assert!(strings[0].starts_with(edge.relation().words()), "{line}");
                assert!(strings[0].contains(edge.grade().word()), "{line}");
            } else {
                let (index, node) = nodes.next().unwrap();
                assert_eq!(head, format!("n{}", index.get()));
                assert!(strings[0].contains(&shown(node.label(), 60)), "{line}");
            }
        }
        assert!(nodes.next().is_none() && edges.next().is_none(), "{name}");
    }
}
