//! What a name of the document stands for (JSON-LD 1.1 §4.1).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::json::Node;

/// Longest name that is looked up. Names become parts of pointers, which are kept for
/// each value below; the longest that means anything is an IRI of 62 characters.
const LONGEST_NAME: usize = 96;

/// A meaning that is none: no keyword and no IRI.
const NOTHING: &str = "@none";

/// Terms that are defined through terms that are defined through terms.
const MOST_STEPS: usize = 4;

/// Namespaces, and the prefix under which their names are known here. Schema.org,
/// Croissant, its predecessor and Dublin Core share no name with two meanings.
const NAMESPACES: [(&str, &str); 6] = [
    ("mlcommons.org/croissant/RAI/", "rai:"),
    ("mlcommons.org/croissant/", ""),
    ("mlcommons.org/schema/", ""),
    ("schema.org/", ""),
    ("purl.org/dc/terms/", ""),
    ("www.w3.org/ns/prov#", "prov:"),
];

/// The vocabulary that the specification's context has.
const SCHEMA_ORG: [&str; 2] = ["https://schema.org/", "http://schema.org/"];

/// Prefixes that count without being declared, as in the specification's examples.
const PREFIXES: [(&str, &str); 8] = [
    ("sc", "https://schema.org/"),
    ("schema", "https://schema.org/"),
    ("cr", "http://mlcommons.org/croissant/"),
    ("ml", "http://mlcommons.org/schema/"),
    ("rai", "http://mlcommons.org/croissant/RAI/"),
    ("dct", "http://purl.org/dc/terms/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("prov", "http://www.w3.org/ns/prov#"),
];

/// The terms of a document's own `@context`.
#[derive(Debug, Default)]
pub(super) struct Context {
    terms: HashMap<String, String>,
    vocabulary: Option<String>,
    base: Option<String>,
}

impl Context {
    /// Reads `@context`: an object, or a list with objects. A URL is left alone.
    pub(super) fn read(node: Option<&Node<'_>>) -> Self {
        let mut context = Self::default();
        match node {
            Some(Node::List(list)) => list.iter().for_each(|part| context.add(part)),
            Some(part) => context.add(part),
            None => {}
        }
        context
    }

    fn add(&mut self, part: &Node<'_>) {
        let Some(object) = part.object() else { return };
        for (term, definition) in object.iter() {
            let meaning = match definition {
                Node::Text(text) => text,
                Node::Object(object) => match object.get("@id") {
                    Some(Node::Text(text)) => text,
                    _ => continue,
                },
                // Defined as meaning nothing.
                Node::Null if !term.starts_with('@') => NOTHING,
                _ => continue,
            };
            // What is longer than every name of the specification is none of them.
            let short = if meaning.len() <= LONGEST_NAME {
                meaning
            } else {
                NOTHING
            };
            match term {
                "@vocab" => self.vocabulary = Some(short.to_owned()),
                "@base" => self.base = Some(meaning.to_owned()),
                _ if term.len() <= LONGEST_NAME => {
                    self.terms.insert(term.to_owned(), short.to_owned());
                }
                _ => {}
            }
        }
    }

    /// True if a term stands for something of Croissant or its predecessor.
    pub(super) fn knows_croissant(&self) -> bool {
        self.terms
            .values()
            .chain(&self.vocabulary)
            .any(|meaning| is_croissant(meaning))
    }

    /// True if terms stand for the vocabulary of Croissant 0.8 only.
    pub(super) fn knows_only_predecessor(&self) -> bool {
        let has = |namespace: &str| {
            self.terms
                .values()
                .any(|meaning| without_scheme(meaning).starts_with(namespace))
        };
        has("mlcommons.org/schema/") && !has("mlcommons.org/croissant/")
    }

    /// The name that a member or type has in the specification, with `rai:` and `prov:`
    /// in front where it has it there. None if it stands for something else.
    pub(super) fn name<'t>(&'t self, written: &'t str) -> Option<Cow<'t, str>> {
        if written.len() > LONGEST_NAME {
            return None;
        }
        let mut meaning = Cow::Borrowed(written);
        for _ in 0..MOST_STEPS {
            if meaning.starts_with('@') {
                return Some(meaning);
            }
            if let Some(known) = self.terms.get(&*meaning)
                && *known != *meaning
            {
                meaning = Cow::Borrowed(known);
                continue;
            }
            let Some((prefix, rest)) = meaning.split_once(':') else {
                // Without a vocabulary of its own, a plain name is the specification's.
                return match &self.vocabulary {
                    Some(vocabulary) if !SCHEMA_ORG.contains(&vocabulary.as_str()) => {
                        local(&format!("{vocabulary}{meaning}")).map(Cow::Owned)
                    }
                    _ => Some(meaning),
                };
            };
            if rest.starts_with("//") {
                return local(&meaning).map(Cow::Owned);
            }
            let namespace = self.terms.get(prefix).map(String::as_str).or_else(|| {
                PREFIXES
                    .iter()
                    .find_map(|(known, namespace)| (*known == prefix).then_some(*namespace))
            })?;
            meaning = Cow::Owned(format!("{namespace}{rest}"));
            if meaning.len() > 2 * LONGEST_NAME {
                return None;
            }
        }
        None
    }

    /// An identifier as it is compared: relative to `@base`.
    pub(super) fn identifier(&self, written: &str) -> String {
        let relative = self
            .base
            .as_deref()
            .filter(|base| !base.is_empty())
            .and_then(|base| written.strip_prefix(base));
        relative.unwrap_or(written).to_owned()
    }
}

/// True if the text is an IRI of Croissant or its predecessor.
pub(super) fn is_croissant(iri: &str) -> bool {
    let rest = without_scheme(iri);
    rest.starts_with("mlcommons.org/croissant") || rest.starts_with("mlcommons.org/schema/")
}

fn local(iri: &str) -> Option<String> {
    let rest = without_scheme(iri);
    NAMESPACES.iter().find_map(|(namespace, prefix)| {
        let name = rest.strip_prefix(namespace)?;
        (!name.is_empty()).then(|| format!("{prefix}{name}"))
    })
}

fn without_scheme(iri: &str) -> &str {
    iri.strip_prefix("https://")
        .or_else(|| iri.strip_prefix("http://"))
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    fn context(text: &str) -> Context {
        Context::read(Some(&admit(text.as_bytes(), 1 << 20).unwrap()))
    }

    #[test]
    fn one_name_for_every_spelling() {
        let context = context(
            r#"[{"@vocab": "https://schema.org/", "c": "http://mlcommons.org/croissant/",
                "licence": "sc:license", "id": "@id", "dataBiases": "rai:dataBiases",
                "parts": {"@id": "c:recordSet"}, "md5": "http://example.org/md5",
                "sha256": null, "loop": "loop2", "loop2": "loop"}, "https://example.org/context"]"#,
        );
        for (written, name) in [
            ("name", Some("name")),
            ("sc:name", Some("name")),
            ("schema:name", Some("name")),
            ("http://schema.org/name", Some("name")),
            ("https://schema.org/name", Some("name")),
            ("licence", Some("license")),
            ("c:includes", Some("includes")),
            ("cr:includes", Some("includes")),
            ("parts", Some("recordSet")),
            ("id", Some("@id")),
            ("dataBiases", Some("rai:dataBiases")),
            ("rai:dataBiases", Some("rai:dataBiases")),
            ("prov:wasDerivedFrom", Some("prov:wasDerivedFrom")),
            ("dct:conformsTo", Some("conformsTo")),
            ("md5", None),
            ("sha256", Some("@none")),
            ("other:name", None),
            ("https://example.org/name", None),
            ("https://schema.org/", None),
            ("loop", None),
        ] {
            assert_eq!(context.name(written).as_deref(), name, "{written}");
        }
        let long = format!("https://schema.org/{}", "x".repeat(100));
        assert_eq!(context.name(&long), None);
    }

    #[test]
    fn a_vocabulary_of_its_own_counts() {
        let foreign = context(r#"{"@vocab": "https://example.org/"}"#);
        assert_eq!(foreign.name("name"), None);
        assert_eq!(foreign.name("sc:name").as_deref(), Some("name"));
        let none = Context::read(None);
        assert_eq!(none.name("sha256").as_deref(), Some("sha256"));
    }
}
