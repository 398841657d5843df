//! CycloneDX in XML: the official documents, their JSON twins, and mutants of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bonafide_bom::xml::{self, XmlDocument};
use serde_json::Value;

use crate::harness::{root, vectors};

/// More than any official document has.
const LIMIT: usize = 1 << 24;

const VERSIONS: [&str; 5] = ["1.3", "1.4", "1.5", "1.6", "1.7"];

/// Official XML documents whose name begins like this, with their version.
fn documents(vectors: &Path, prefix: &str) -> Vec<(&'static str, PathBuf)> {
    let mut found = Vec::new();
    for version in VERSIONS {
        let folder = vectors.join("cyclonedx/resources").join(version);
        let mut paths: Vec<_> = folder
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
            .filter(|path| name(path).starts_with(prefix))
            .collect();
        paths.sort();
        found.extend(paths.into_iter().map(|path| (version, path)));
    }
    found
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// What is wrong with it; nothing if it is valid.
fn defects(bytes: &[u8]) -> Vec<String> {
    match xml::read(bytes, LIMIT) {
        Ok(document) => document
            .violations
            .iter()
            .map(ToString::to_string)
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn official_documents_are_judged_as_their_name_says() {
    let Some(vectors) = vectors() else { return };
    let valid = documents(&vectors, "valid-");
    let invalid = documents(&vectors, "invalid-");
    assert_eq!((valid.len(), invalid.len()), (208, 127));
    for (version, path) in &valid {
        let bytes = std::fs::read(path).unwrap();
        let document = xml::read(&bytes, LIMIT).unwrap();
        assert_eq!(document.version.as_str(), *version, "{}", name(path));
        let defects = defects(&bytes);
        assert!(defects.is_empty(), "{version} {}: {defects:?}", name(path));
    }
    for (version, path) in &invalid {
        let defects = defects(&std::fs::read(path).unwrap());
        assert!(!defects.is_empty(), "{version} {}", name(path));
    }
}

/// Differences of an official XML document from its JSON twin, as classes and pointers.
///
/// Left out are those that are no differences: where the schema of the JSON document is,
/// a list that one of them leaves out and the other leaves empty, an element alone for a
/// list of it (JSON allows both for some), signatures (JSON has JSF where XML has XML
/// signatures), and another spelling of the same point in time.
fn differences(xml: &Value, json: &Value, pointer: &str, found: &mut Vec<String>) {
    let empty = |value: Option<&Value>| {
        value.is_none_or(|value| value.as_array().is_some_and(Vec::is_empty))
    };
    match (xml, json) {
        (Value::Object(left), Value::Object(right)) => {
            let names: BTreeSet<_> = left.keys().chain(right.keys()).collect();
            for name in names {
                let inner = format!("{pointer}/{name}");
                match (left.get(name), right.get(name)) {
                    (None, Some(_)) if name == "signature" || inner == "/$schema" => {}
                    (Some(left), Some(right)) => differences(left, right, &inner, found),
                    (left, right) if empty(left) && empty(right) => {}
                    (Some(_), _) => found.push(format!("only-xml {inner}")),
                    (None, _) => found.push(format!("only-json {inner}")),
                }
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                differences(left, right, &format!("{pointer}/{index}"), found);
            }
        }
        (Value::Array(_), Value::Array(_)) => found.push(format!("length {pointer}")),
        (Value::Array(left), Value::Object(_)) if left.len() == 1 => {
            differences(&left[0], json, pointer, found);
        }
        (Value::Number(left), Value::Number(right)) if left.as_f64() == right.as_f64() => {}
        (Value::String(left), Value::String(right)) => {
            let class = match left == right || *right == left.replace('Z', "+00:00") {
                true => return,
                false if squeezed(left) == squeezed(right) => "space",
                false => "text",
            };
            found.push(format!("{class} {pointer}"));
        }
        _ if xml == json => {}
        _ => found.push(format!("kind {pointer}")),
    }
}

/// Most twins become the same tree. Some pairs were written by hand and say different
/// things; the file lists where, and everything else must be equal. Classes: `text`,
/// `space` (white space alone), `length` of a list, `only-xml`, `only-json`. There is no
/// `kind`: nothing became another kind of value than it is in JSON.
#[test]
fn official_twins_become_the_same_tree() {
    let Some(vectors) = vectors() else { return };
    let mut lines = String::new();
    let (mut pairs, mut equal) = (0, 0);
    for (version, path) in documents(&vectors, "valid-") {
        let Ok(json) = std::fs::read(path.with_extension("json")) else {
            continue;
        };
        pairs += 1;
        let bytes = std::fs::read(&path).unwrap();
        let document = xml::read(&bytes, LIMIT).unwrap();
        let ours = serde_json::to_value(&document.root).unwrap();
        let mut found = Vec::new();
        let json = serde_json::from_slice(&json).unwrap();
        differences(&ours, &json, "", &mut found);
        equal += usize::from(found.is_empty());
        for difference in found {
            assert!(
                !difference.starts_with("kind"),
                "{version} {}: {difference}",
                name(&path)
            );
            let stem = path.file_stem().unwrap().to_str().unwrap();
            writeln!(lines, "{version} {stem} {difference}").unwrap();
        }
    }
    let file = root().join("tests/data/bom_xml_twins.txt");
    if std::env::var_os("BONAFIDE_WRITE").is_some() {
        std::fs::write(&file, &lines).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), lines);
    assert_eq!((pairs, equal), (193, 140));
}

/// What a valid document becomes keeps the rules of the JSON form, which know it by
/// other words: names, kinds and lists are those of JSON. Some texts may be wrong there:
/// the XML schemas have no pattern for them.
#[test]
fn the_tree_keeps_the_rules_of_the_json_form() {
    let Some(vectors) = vectors() else { return };
    let mut lines = String::new();
    for (version, path) in documents(&vectors, "valid-") {
        let bytes = std::fs::read(&path).unwrap();
        let document = xml::read(&bytes, LIMIT).unwrap();
        for violation in bonafide_bom::grammar::validate(&document.root, document.version) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            writeln!(lines, "{version} {stem} {violation}").unwrap();
        }
    }
    let file = root().join("tests/data/bom_xml_json_rules.txt");
    if std::env::var_os("BONAFIDE_WRITE").is_some() {
        std::fs::write(&file, &lines).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), lines);
}

/// Everything that a valid document says is in the tree or among the leftovers: every
/// text and every attribute value, as often as it is said.
#[test]
fn nothing_is_lost() {
    fn texts(value: &Value, found: &mut BTreeMap<String, usize>) {
        match value {
            Value::Object(members) => members.values().for_each(|value| texts(value, found)),
            Value::Array(elements) => elements.iter().for_each(|value| texts(value, found)),
            Value::String(text) => *found.entry(squeezed(text)).or_default() += 1,
            Value::Null => {}
            other => *found.entry(other.to_string()).or_default() += 1,
        }
    }
    let Some(vectors) = vectors() else { return };
    for (version, path) in documents(&vectors, "valid-") {
        let bytes = std::fs::read(&path).unwrap();
        let XmlDocument {
            root, leftovers, ..
        } = xml::read(&bytes, LIMIT).unwrap();
        let mut kept = BTreeMap::new();
        texts(&serde_json::to_value(&root).unwrap(), &mut kept);
        let text = std::str::from_utf8(&bytes).unwrap();
        let tree = roxmltree::Document::parse(text).unwrap();
        for node in tree.descendants() {
            let own = leftovers.iter().any(|leftover| {
                let start = leftover.text.as_ptr().addr() - text.as_ptr().addr();
                (start..start + leftover.text.len()).contains(&node.range().start)
            });
            if own {
                continue;
            }
            let mut said: Vec<String> = node
                .attributes()
                .filter(|attribute| {
                    let value = attribute.value();
                    attribute.namespace().is_none()
                        && !leftovers.iter().any(|one| one.text.contains(value))
                })
                .map(|attribute| attribute.value().to_owned())
                .collect();
            if node.is_element() && !node.children().any(|child| child.is_element()) {
                said.extend(node.text().map(str::to_owned));
            }
            for said in said {
                let key = squeezed(&said);
                let number = key.parse::<f64>().map(|number| number.to_string());
                let found = [Some(key.clone()), number.ok()]
                    .into_iter()
                    .flatten()
                    .find(|key| kept.get(key).is_some_and(|left| *left > 0));
                if key.is_empty() {
                    continue;
                }
                let found =
                    found.unwrap_or_else(|| panic!("{version} {}: `{key}` is lost", name(&path)));
                *kept.get_mut(&found).unwrap() -= 1;
            }
        }
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A reproducible sequence of numbers (Knuth's MMIX generator).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    fn one_of<'t, T>(&mut self, choices: &'t [T]) -> Option<&'t T> {
        (!choices.is_empty()).then(|| &choices[self.below(choices.len())])
    }
}

/// Texts that some type takes and another does not.
const TEXTS: [&str; 46] = [
    "",
    " ",
    "x",
    "true",
    "1",
    "0",
    "-1",
    "+5",
    "1.5",
    ".5",
    "5.",
    "1e3",
    "007",
    "True",
    "NaN",
    "2026-01-31",
    "2026-01-31T12:00:00",
    "2026-01-31T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T12:00:60Z",
    "2026-01-31T12:00:00.5+14:00",
    "2026-01-31T12:00:00+14:30",
    "12026-01-31T12:00:00Z",
    "-0001-01-01T00:00:00Z",
    "2026-01-31 12:00:00",
    "2024-02-29",
    "2023-02-29",
    "2026-01-31+02:00",
    "a b",
    "  a  b\n",
    "http://example.com/a b",
    "http://[::1]:80/",
    "http://h:p/",
    "%zz",
    "%41",
    "a#b",
    "a#b#c",
    "é",
    "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    ":x",
    "a[b]",
    "text/plain",
    "MIT",
    "library",
    "641b6e166f8b33c5e959e2adcc18b1c7",
];

/// One change to a document; none if it is not possible there.
fn mutant(kind: &str, text: &str, version: &str, random: &mut Sequence) -> Option<String> {
    let tree = roxmltree::Document::parse(text).unwrap();
    let elements: Vec<_> = tree
        .root_element()
        .descendants()
        .filter(roxmltree::Node::is_element)
        .collect();
    let below: Vec<_> = elements.iter().skip(1).copied().collect();
    let attributes: Vec<_> = elements.iter().flat_map(|one| one.attributes()).collect();
    let leaves: Vec<_> = elements
        .iter()
        .filter(|one| one.children().all(|child| child.is_text()))
        .copied()
        .collect();
    let source = |node: roxmltree::Node<'_, '_>| text[node.range()].to_owned();
    let replaced = |range: std::ops::Range<usize>, new: &str| {
        format!("{}{new}{}", &text[..range.start], &text[range.end..])
    };
    // Behind the name of a start tag, and between the tags if there are two.
    let behind_name = |node: roxmltree::Node<'_, '_>| {
        let start = node.range().start + 1;
        let name = text[start..].find(|byte: char| " \t\r\n/>".contains(byte));
        start + name.unwrap()
    };
    let inside = |node: roxmltree::Node<'_, '_>| {
        let (first, last) = (node.first_child()?, node.last_child()?);
        Some(first.range().start..last.range().end)
    };
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
    };
    let changed = match kind {
        "delete" => replaced(random.one_of(&below)?.range(), ""),
        "duplicate" => {
            let chosen = *random.one_of(&below)?;
            let end = chosen.range().end;
            replaced(end..end, &source(chosen))
        }
        "swap" => {
            let chosen = *random.one_of(&below)?;
            let next = chosen.next_sibling_element()?;
            let middle = &text[chosen.range().end..next.range().start];
            let new = format!("{}{middle}{}", source(next), source(chosen));
            replaced(chosen.range().start..next.range().end, &new)
        }
        "rename" => {
            let chosen = *random.one_of(&below)?;
            let other = random.one_of(&elements)?.tag_name().name();
            let old = chosen.tag_name().name();
            let new = source(chosen);
            let new = new.replacen(&format!("<{old}"), &format!("<{other}"), 1);
            let new = match new.strip_suffix(&format!("</{old}>")) {
                Some(head) => format!("{head}</{other}>"),
                None => new,
            };
            replaced(chosen.range(), &new)
        }
        "move" => {
            let (chosen, target) = (*random.one_of(&below)?, *random.one_of(&below)?);
            let at = target.range().end;
            replaced(at..at, &source(chosen))
        }
        "foreign" => {
            let target = *random.one_of(&elements)?;
            let at = inside(target)?;
            let at = if random.below(2) == 0 {
                at.start
            } else {
                at.end
            };
            let new = [
                "<f:x xmlns:f=\"urn:f\" bom-ref=\"1\"><y/></f:x>",
                "<x xmlns=\"\"/>",
            ];
            replaced(at..at, random.one_of(&new)?)
        }
        "text" => {
            let chosen = *random.one_of(&leaves)?;
            let value = match random.below(4) {
                0 => random.one_of(&leaves)?.text().unwrap_or_default(),
                _ => random.one_of(&TEXTS)?,
            };
            replaced(inside(chosen)?, &escaped(value))
        }
        "empty" => replaced(inside(*random.one_of(&elements)?)?, ""),
        "blank" => replaced(inside(*random.one_of(&elements)?)?, " \n "),
        "spaces" => {
            let chosen = inside(*random.one_of(&leaves)?)?;
            replaced(chosen.clone(), &format!("\n {}<!-- -->\t", &text[chosen]))
        }
        "between" => {
            let at = inside(*random.one_of(&elements)?)?.end;
            let new = [
                "x",
                "<![CDATA[ ]]>",
                "<![CDATA[x]]>",
                "&#32;",
                "<?p x?>",
                "<!-- x -->",
            ];
            replaced(at..at, random.one_of(&new)?)
        }
        "attribute-delete" => replaced(random.one_of(&attributes)?.range(), ""),
        "attribute-rename" => {
            let chosen = random.one_of(&attributes)?;
            let other = random.one_of(&attributes)?.name();
            replaced(
                chosen.range_qname(),
                if random.below(2) == 0 {
                    other
                } else {
                    "unknown"
                },
            )
        }
        "attribute-value" => {
            let chosen = random.one_of(&attributes)?;
            let value = match random.below(3) {
                0 => random.one_of(&attributes)?.value(),
                _ => random.one_of(&TEXTS)?,
            };
            replaced(chosen.range_value(), &escaped(value))
        }
        "attribute-add" => {
            let at = behind_name(*random.one_of(&elements)?);
            let namespace =
                format!(" xmlns:b=\"http://cyclonedx.org/schema/bom/{version}\" b:x=\"1\"");
            let new = [
                " unknown=\"1\"",
                " bom-ref=\"a\"",
                " bom-ref=\"\"",
                " xmlns:f=\"urn:f\" f:x=\"1\"",
                " xml:lang=\"en\"",
                " xsi:schemaLocation=\"a b\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
                " xsi:nil=\"false\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
                " xsi:other=\"1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
                &namespace,
            ];
            replaced(at..at, random.one_of(&new)?)
        }
        "version" => {
            let other = random.one_of(&VERSIONS)?;
            text.replace(
                &format!("schema/bom/{version}"),
                &format!("schema/bom/{other}"),
            )
        }
        _ => panic!("no such mutation: {kind}"),
    };
    (changed != text && roxmltree::Document::parse(&changed).is_ok()).then_some(changed)
}

const KINDS: [&str; 16] = [
    "delete",
    "duplicate",
    "swap",
    "rename",
    "move",
    "foreign",
    "text",
    "empty",
    "blank",
    "spaces",
    "between",
    "attribute-delete",
    "attribute-rename",
    "attribute-value",
    "attribute-add",
    "version",
];

/// Mutants of every valid document, with a name that says what was done.
fn mutants(vectors: &Path, rounds: usize) -> Vec<(String, String)> {
    let mut random = Sequence(4);
    let mut all = Vec::new();
    for (version, path) in documents(vectors, "valid-") {
        let text = std::fs::read_to_string(&path).unwrap();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        for round in 0..rounds {
            for kind in KINDS {
                if let Some(mutant) = mutant(kind, &text, version, &mut random) {
                    all.push((format!("{version}-{stem}-{kind}-{round}.xml"), mutant));
                }
            }
        }
    }
    all
}

/// Reads mutants of all documents. With `BONAFIDE_XML_MUTANTS` they are written into that
/// folder with what we say of each, for `.ci/bom_xml_oracle.py` to ask a foreign
/// validator.
#[test]
fn mutants_are_judged() {
    let Some(vectors) = vectors() else { return };
    let folder = std::env::var_os("BONAFIDE_XML_MUTANTS").map(PathBuf::from);
    let rounds = std::env::var("BONAFIDE_XML_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap());
    let all = mutants(&vectors, rounds);
    let mut verdicts = String::new();
    let mut refused = 0;
    for (name, text) in &all {
        let defects = defects(text.as_bytes());
        refused += usize::from(!defects.is_empty());
        if let Some(folder) = &folder {
            let verdict = defects.first().map_or("accepted", String::as_str);
            writeln!(verdicts, "{name}\t{verdict}").unwrap();
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    if let Some(folder) = &folder {
        std::fs::write(folder.join("verdicts.tsv"), verdicts).unwrap();
    }
    assert!(all.len() > 2_000, "{}", all.len());
    // Many mutations keep a document valid; a reader that refuses all would agree with none.
    assert!(
        refused > all.len() / 3 && refused < all.len() * 9 / 10,
        "{refused} of {}",
        all.len()
    );
}
