//! Our tables say what the official schemas say, in every version, of every value.

use std::collections::{BTreeMap, BTreeSet};

use bonafide_bom::grammar::{
    Bounds, Demand, List, Repetition, Rule, Shape, SpecVersion, Text, document, licence_ids,
};
use serde_json::{Value, json};

use super::schema;

/// The four documents that the schema of a version is made of.
struct Schemas {
    version: SpecVersion,
    documents: BTreeMap<String, Value>,
    main: String,
}

/// A schema, and the document that its references are relative to.
#[derive(Clone)]
struct Place<'s> {
    file: &'s str,
    schema: Value,
    /// How one comes here, for messages.
    path: String,
}

const SIDE: [&str; 3] = [
    "spdx.schema.json",
    "jsf-0.82.schema.json",
    "cryptography-defs.schema.json",
];

/// What a schema says to people only.
const REMARKS: [&str; 9] = [
    "title",
    "description",
    "$comment",
    "examples",
    "default",
    "meta:enum",
    "deprecated",
    "$id",
    "$schema",
];

#[test]
fn tables_and_official_schemas_say_the_same() {
    let Some(folder) = schema::folder() else {
        return;
    };
    let mut sizes = Vec::new();
    for version in SpecVersion::ALL {
        let main = schema::file(version);
        let files = SIDE.iter().copied().chain([&*main]);
        let documents = files
            .map(|file| (file.to_owned(), schema::read(&folder, file)))
            .collect();
        let schemas = Schemas {
            version,
            documents,
            main,
        };
        let mut walk = Walk {
            schemas: &schemas,
            compared: BTreeSet::new(),
            definitions: BTreeSet::new(),
        };
        let root = Place {
            file: &schemas.main,
            schema: without_definitions(&schemas.documents[&schemas.main]),
            path: format!("{version} "),
        };
        walk.compare(root, &document().rule);
        let defined = schemas.documents[&schemas.main]["definitions"]
            .as_object()
            .unwrap();
        let unused: Vec<&str> = defined
            .keys()
            .map(String::as_str)
            .filter(|name| !walk.definitions.contains(*name))
            .collect();
        // What nothing refers to has no rule to be held against.
        let expected: &[&str] = match version {
            SpecVersion::V1_6 | SpecVersion::V1_7 => &["range"],
            _ => &[],
        };
        assert_eq!(unused, expected, "{version}");
        sizes.push(walk.compared.len());
    }
    eprintln!("values compared, by version: {sizes:?}");
    assert!(sizes.is_sorted() && sizes[0] > 130, "{sizes:?}");
}

fn without_definitions(schema: &Value) -> Value {
    let mut schema = schema.clone();
    schema.as_object_mut().unwrap().remove("definitions");
    schema
}

struct Walk<'s> {
    schemas: &'s Schemas,
    /// Pairs of a reference and a rule that were compared.
    compared: BTreeSet<(String, usize)>,
    definitions: BTreeSet<String>,
}

impl<'s> Walk<'s> {
    /// The schema behind references, without remarks; and our rule behind ours.
    fn compare(&mut self, place: Place<'s>, rule: &'static Rule) {
        let (place, reference) = self.resolved(place);
        let rule = resolved(rule, self.schemas.version);
        let here = std::ptr::from_ref(rule).addr();
        let known = reference.unwrap_or_else(|| place.path.clone());
        if !self.compared.insert((known, here)) {
            return;
        }
        let schema = place.schema.as_object().unwrap();
        let path = &place.path;
        match rule {
            Rule::Boolean => self.exactly(&place, json!({"type": "boolean"})),
            Rule::Integer(bounds) => self.exactly(&place, number("integer", *bounds)),
            Rule::Number(bounds) => self.exactly(&place, number("number", *bounds)),
            Rule::Text(rule) => self.exactly(&place, text(rule)),
            Rule::Word(words) => {
                let version = self.schemas.version;
                let known = words.iter().filter(|(since, _)| *since <= version);
                let ours = known.flat_map(|(_, words)| words.iter().copied());
                self.words(&place, ours.collect());
            }
            Rule::LicenceId => self.words(&place, licence_ids().to_vec()),
            Rule::List(rule) => self.list(place, rule),
            // JSF writes its three kinds of key as three conditions on `kty`.
            Rule::Tagged(tagged) => {
                assert_eq!(place.schema["required"], json!([tagged.tag]), "{path}");
                let cases = place.schema["allOf"].as_array().unwrap();
                assert_eq!(cases.len(), tagged.cases.len(), "{path}");
                for (case, (word, shape)) in cases.iter().zip(tagged.cases) {
                    let condition = json!({"properties": {tagged.tag: {"const": word}}});
                    assert_eq!(bare(&case["if"]), condition, "{path}");
                    let then = with_type(&case["then"], "object");
                    self.object(place.inner(then, word), shape);
                }
            }
            Rule::OneOf(rules) => self.alternatives(&place, "oneOf", rules),
            Rule::AnyOf(rules) => self.alternatives(&place, "anyOf", rules),
            Rule::Object(shape) => {
                assert!(!schema.contains_key("enum"), "{path}");
                self.object(place, shape);
            }
            Rule::Refer(_) | Rule::Revised(_) => unreachable!("resolved"),
        }
    }

    fn resolved(&mut self, mut place: Place<'s>) -> (Place<'s>, Option<String>) {
        let mut reference = None;
        loop {
            place.schema = bare(&place.schema);
            // Draft 7: what stands beside a reference does not count.
            let target = match place.schema.get("$ref") {
                Some(target) => target.as_str().unwrap().to_owned(),
                None => match place.schema.get("allOf").and_then(Value::as_array) {
                    Some(all) if all.len() == 1 && place.schema.as_object().unwrap().len() == 1 => {
                        place.schema = all[0].clone();
                        continue;
                    }
                    _ => return (place, reference),
                },
            };
            let (file, pointer) = target.split_once('#').unwrap_or((&target, ""));
            if !file.is_empty() {
                let (file, _) = self.schemas.documents.get_key_value(file).unwrap();
                place.file = file;
            }
            if place.file == self.schemas.main {
                let name = pointer.strip_prefix("/definitions/").unwrap();
                self.definitions.insert(name.to_owned());
            }
            let document = &self.schemas.documents[place.file];
            place.schema = document.pointer(pointer).unwrap().clone();
            reference = Some(format!("{}#{pointer}", place.file));
        }
    }

    fn exactly(&self, place: &Place<'_>, ours: Value) {
        assert_eq!(place.schema, ours, "{}", place.path);
    }

    fn words(&self, place: &Place<'_>, mut ours: Vec<&str>) {
        let mut theirs = place.schema.clone();
        theirs["enum"]
            .as_array_mut()
            .unwrap()
            .sort_by_key(|word| word.as_str().unwrap().to_owned());
        ours.sort_unstable();
        let ours = json!({"type": "string", "enum": ours});
        assert_eq!(theirs, ours, "{}", place.path);
    }

    fn list(&mut self, place: Place<'s>, rule: &'static List) {
        let mut schema = place.schema.as_object().unwrap().clone();
        let mut items = schema.remove("items").unwrap();
        let mut ours = json!({"type": "array"}).as_object().unwrap().clone();
        if let Value::Array(tuple) = items {
            // A tuple of one and nothing more.
            assert_eq!(tuple.len(), 1, "{}", place.path);
            assert_eq!(schema["additionalItems"], false, "{}", place.path);
            items = tuple[0].clone();
        }
        // Without a tuple it has no meaning.
        schema.remove("additionalItems");
        if rule.repetition == Repetition::Refused {
            ours.insert("uniqueItems".to_owned(), json!(true));
        }
        if rule.least > 0 {
            ours.insert("minItems".to_owned(), json!(rule.least));
        }
        if let Some(most) = rule.most {
            ours.insert("maxItems".to_owned(), json!(most));
        }
        assert_eq!(schema, ours, "{}", place.path);
        self.compare(place.inner(items, "[]"), rule.element);
    }

    fn alternatives(&mut self, place: &Place<'s>, keyword: &str, rules: &'static [Rule]) {
        let mut schema = place.schema.as_object().unwrap().clone();
        let alternatives = schema.remove(keyword).unwrap();
        let kind = schema.remove("type");
        assert!(schema.is_empty(), "{}: {schema:?}", place.path);
        let alternatives = alternatives.as_array().unwrap();
        assert_eq!(alternatives.len(), rules.len(), "{}", place.path);
        for (index, (alternative, rule)) in alternatives.iter().zip(rules).enumerate() {
            // A type around all of them is the type of each, unless that says the same.
            let inner = match &kind {
                Some(Value::String(kind)) if alternative.get("$ref").is_none() => {
                    with_type(alternative, kind)
                }
                _ => alternative.clone(),
            };
            self.compare(place.inner(inner, &format!("|{index}")), rule);
            if let Some(kind) = &kind {
                let (resolved, _) = self.resolved(place.inner(alternative.clone(), ""));
                let own = resolved.schema.get("type").unwrap_or(kind);
                assert_eq!(own, kind, "{}", place.path);
            }
        }
    }

    fn object(&mut self, place: Place<'s>, shape: &'static Shape) {
        let version = self.schemas.version;
        let path = &place.path;
        let mut schema = place.schema.as_object().unwrap().clone();
        let properties = schema.remove("properties").unwrap();
        let properties = properties.as_object().unwrap();
        let known = || {
            shape
                .members
                .iter()
                .filter(|member| member.is_known(version))
        };

        let names: BTreeSet<&str> = known().map(|member| member.name).collect();
        let theirs: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(theirs, names, "{path}");
        assert_eq!(known().count(), names.len(), "{path}: a name comes twice");

        let required: BTreeSet<&str> = known()
            .filter(|member| member.is_required(version))
            .map(|member| member.name)
            .collect();
        let theirs = schema.remove("required").unwrap_or(json!([]));
        let theirs: BTreeSet<&str> = strings(&theirs).into_iter().collect();
        assert_eq!(theirs, required, "{path}");

        let closed = shape.closed.is_some_and(|since| since <= version);
        let theirs = schema.remove("additionalProperties");
        assert_eq!(theirs, closed.then_some(json!(false)), "{path}");
        let object = shape.object <= version;
        let theirs = schema.remove("type");
        assert_eq!(theirs, object.then_some(json!("object")), "{path}");

        let mut rest = serde_json::Map::new();
        for (since, demand) in shape.demands {
            if *since <= version {
                demanded(&mut rest, *demand);
            }
        }
        assert_eq!(schema, rest, "{path}");

        for member in known() {
            let inner = place.inner(properties[member.name].clone(), member.name);
            self.compare(inner, &member.rule);
        }
    }
}

impl<'s> Place<'s> {
    fn inner(&self, schema: Value, step: &str) -> Place<'s> {
        Place {
            file: self.file,
            schema: bare(&schema),
            path: format!("{}/{step}", self.path),
        }
    }
}

/// What JSON Schema says for a demand.
fn demanded(schema: &mut serde_json::Map<String, Value>, demand: Demand) {
    let (keyword, value) = match demand {
        Demand::ExactlyOne(groups) => (
            "oneOf",
            groups
                .iter()
                .map(|group| json!({"required": group}))
                .collect(),
        ),
        Demand::AtLeastOne(names) => (
            "anyOf",
            names
                .iter()
                .map(|name| json!({"required": [name]}))
                .collect(),
        ),
        Demand::NotBoth(one, other) => ("allOf", json!([{"not": {"required": [one, other]}}])),
        Demand::OnlyWith(member, flag) => (
            "allOf",
            json!([{
                "if": {"properties": {flag: {"const": false}}},
                "then": {"not": {"required": [member]}},
                "else": true,
            }]),
        ),
    };
    match schema.get_mut(keyword).and_then(Value::as_array_mut) {
        Some(list) => list.extend(value.as_array().unwrap().iter().cloned()),
        None => {
            schema.insert(keyword.to_owned(), value);
        }
    }
}

fn resolved(rule: &'static Rule, version: SpecVersion) -> &'static Rule {
    match rule {
        Rule::Refer(definition) => resolved(&definition.rule, version),
        Rule::Revised(rules) => {
            assert!(rules.is_sorted_by_key(|(since, _)| *since));
            let (_, rule) = rules.iter().rfind(|(since, _)| *since <= version).unwrap();
            resolved(rule, version)
        }
        other => other,
    }
}

fn number(kind: &str, bounds: Bounds) -> Value {
    let mut schema = json!({"type": kind});
    if let Some(least) = bounds.least {
        schema["minimum"] = json!(least);
    }
    if let Some(most) = bounds.most {
        schema["maximum"] = json!(most);
    }
    schema
}

fn text(rule: &Text) -> Value {
    let mut schema = json!({"type": "string"});
    if let Some(format) = rule.format {
        schema["format"] = json!(format.as_str());
    }
    if let Some(pattern) = rule.pattern {
        schema["pattern"] = json!(pattern.as_str());
    }
    if rule.least > 0 {
        schema["minLength"] = json!(rule.least);
    }
    if let Some(most) = rule.most {
        schema["maxLength"] = json!(most);
    }
    schema
}

/// The schema without what is said to people only, here and in conditions.
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !REMARKS.contains(&&***name))
            .map(|(name, value)| {
                let value = match &**name {
                    "not" | "if" | "then" | "else" => bare(value),
                    "allOf" | "anyOf" | "oneOf" => {
                        value.as_array().unwrap().iter().map(bare).collect()
                    }
                    _ => value.clone(),
                };
                (name.clone(), value)
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn with_type(schema: &Value, kind: &str) -> Value {
    let mut schema = bare(schema);
    let own = schema.as_object_mut().unwrap();
    own.entry("type").or_insert_with(|| json!(kind));
    schema
}

fn strings(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|word| word.as_str().unwrap()).collect()
}
