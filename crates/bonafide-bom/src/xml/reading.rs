//! The walk over a document: held against the tables and mapped at once.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use roxmltree::{Node as Xml, StringStorage};

use super::automaton::Automaton;
use super::simple::{Patterns, Simple};
use super::structure::{
    Attribute, Content, Element, Emptiness, Kind, Need, Role, Shape, Structure, Wildcard,
};
use super::value::Value;
use super::violation::{End, XmlExpectation};
use super::{LeftoverKind, MOST_LEFTOVERS, MOST_VIOLATIONS};
use crate::excerpt;
use crate::grammar::SpecVersion;
use crate::json::{Node, Pointer};

/// Attributes of this namespace speak to the validator, not to the reader.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A violation whose line is not known yet.
pub(super) struct Violation {
    pub path: String,
    pub at: usize,
    pub expected: XmlExpectation,
    pub found: String,
}

/// Something without a place in the tree.
pub(super) struct Leftover<'a> {
    pub pointer: Pointer,
    pub kind: LeftoverKind,
    pub namespace: String,
    pub name: String,
    pub text: &'a str,
    pub at: usize,
}

/// What an element became, before it is known where it goes.
enum Mapped<'a, V> {
    Value(V),
    List(Vec<V>),
    Members(Vec<(Cow<'a, str>, V)>),
}

/// The content model and the attributes of a structure in the version of the document.
struct Plan {
    automaton: Automaton,
    attributes: Vec<&'static Attribute>,
}

/// One element of the path to where the walk is.
struct Frame<'d> {
    name: &'d str,
    /// Its number among elements of its name, if there can be more.
    number: Option<usize>,
}

/// One step of the pointer to where the walk is.
#[derive(Clone, Copy)]
enum Step {
    Member(&'static str),
    Element(usize),
}

pub(super) struct Reader<'a, 'd, V> {
    text: &'a str,
    version: SpecVersion,
    namespace: &'d str,
    plans: HashMap<usize, Rc<Plan>>,
    patterns: Patterns,
    references: HashSet<Cow<'a, str>>,
    path: Vec<Frame<'d>>,
    steps: Vec<Step>,
    /// Dependencies that were written inside others.
    lifted: Vec<V>,
    /// How many elements a list has already that the next list goes on with.
    continued: usize,
    pub violations: Vec<Violation>,
    pub unlisted_violations: usize,
    pub leftovers: Vec<Leftover<'a>>,
    pub unlisted_leftovers: usize,
}

impl<'a, 'd, V: Value<'a>> Reader<'a, 'd, V> {
    pub(super) fn new(text: &'a str, version: SpecVersion, namespace: &'d str) -> Self {
        Self {
            text,
            version,
            namespace,
            plans: HashMap::new(),
            patterns: Patterns::default(),
            references: HashSet::new(),
            path: Vec::new(),
            steps: Vec::new(),
            lifted: Vec::new(),
            continued: 0,
            violations: Vec::new(),
            unlisted_violations: 0,
            leftovers: Vec::new(),
            unlisted_leftovers: 0,
        }
    }

    /// Reads the whole document from its outermost element.
    pub(super) fn document(&mut self, root: Xml<'d, 'a>, structure: &'static Structure) -> V {
        self.path.push(Frame {
            name: root.tag_name().name(),
            number: None,
        });
        let at = root.range().start;
        let mut members: Vec<(Cow<'a, str>, V)> = [
            ("bomFormat", "CycloneDX"),
            ("specVersion", self.version.as_str()),
        ]
        .into_iter()
        .map(|(name, value)| {
            let value = V::scalar(at, Node::Text(Cow::Borrowed(value)));
            (Cow::Borrowed(name), value)
        })
        .collect();
        if let Mapped::Members(more) = self.structure(root, structure) {
            members.extend(more);
        }
        V::object(at, members)
    }

    fn plan(&mut self, structure: &'static Structure) -> Rc<Plan> {
        let version = self.version;
        let address = std::ptr::from_ref(structure).addr();
        let plan = self.plans.entry(address).or_insert_with(|| {
            let particles = match structure.content {
                Content::Elements(particles) | Content::Mixed(particles) => particles,
                Content::Text(..) => &[],
            };
            Rc::new(Plan {
                automaton: Automaton::of(particles, version),
                attributes: structure
                    .attributes
                    .iter()
                    .filter(|attribute| attribute.is_known(version))
                    .collect(),
            })
        });
        Rc::clone(plan)
    }

    fn structure(&mut self, xml: Xml<'d, 'a>, structure: &'static Structure) -> Mapped<'a, V> {
        // Mixed content stands where an older version had a reference: text alone is one.
        if matches!(structure.content, Content::Mixed(_))
            && xml.attributes().len() == 0
            && !xml.children().any(|child| child.is_element())
        {
            let text = Node::Text(content(xml));
            return Mapped::Value(V::scalar(xml.range().start, text));
        }
        let plan = self.plan(structure);
        let mut content = Contents::new(xml.range().start, structure.shape);
        content.before = std::mem::take(&mut self.continued);
        self.attributes(xml, &plan.attributes, structure.wildcard, &mut content);
        match structure.content {
            Content::Text(simple, member, emptiness) => {
                let value = self.simple(xml, simple, None);
                if emptiness == Emptiness::Kept || xml.has_children() {
                    content.members.push((Cow::Borrowed(member), value));
                }
            }
            Content::Elements(_) | Content::Mixed(_) => {
                self.elements(xml, structure, &plan.automaton, &mut content);
            }
        }
        content.finish()
    }

    fn attributes(
        &mut self,
        xml: Xml<'d, 'a>,
        known: &[&'static Attribute],
        wildcard: Wildcard,
        content: &mut Contents<'a, V>,
    ) {
        for attribute in xml.attributes() {
            let at = attribute.range().start;
            let name = attribute.name();
            let namespace = attribute.namespace();
            let declared = match namespace {
                None => known.iter().find(|known| known.name == name),
                Some(_) => None,
            };
            if let Some(declared) = declared {
                let text = owned(attribute.value_storage());
                if name == "bom-ref" {
                    self.reference(text.clone(), at);
                }
                let node = self.value(declared.simple, text, at, Some(name));
                content
                    .members
                    .push((Cow::Borrowed(declared.member), V::scalar(at, node)));
                continue;
            }
            let instance = namespace == Some(INSTANCE);
            if instance && matches!(name, "schemaLocation" | "noNamespaceSchemaLocation") {
                continue;
            }
            // `xsi:type` and `xsi:nil` change what an element means; no type of the
            // format has another derived from it, and none may be nil.
            let allowed = !(instance && matches!(name, "type" | "nil"))
                && match wildcard {
                    Wildcard::Closed => false,
                    Wildcard::Other => namespace.is_some_and(|other| other != self.namespace),
                    Wildcard::Any => true,
                };
            if !allowed {
                let found = format!("`{}`", excerpt(name, 100));
                self.violation(at, Some(name), XmlExpectation::NoAttribute, found);
            }
            let text = self.text.get(attribute.range()).unwrap_or_default();
            let namespace = namespace.unwrap_or_default();
            self.leftover(LeftoverKind::Attribute, namespace, name, text, at);
        }
        for declared in known {
            if declared.need == Need::Required && xml.attribute(declared.name).is_none() {
                let expected = XmlExpectation::Attribute {
                    name: declared.name,
                };
                self.violation(xml.range().start, None, expected, "none".to_owned());
            }
        }
    }

    /// `xs:unique` of the schemas: all `bom-ref` below the outermost element differ.
    fn reference(&mut self, text: Cow<'a, str>, at: usize) {
        if let Some(known) = self.references.replace(text) {
            let found = format!("`{}` again", excerpt(&known, 100));
            let expected = XmlExpectation::UniqueReference;
            self.violation(at, Some("bom-ref"), expected, found);
        }
    }

    fn elements(
        &mut self,
        xml: Xml<'d, 'a>,
        structure: &'static Structure,
        automaton: &Automaton,
        content: &mut Contents<'a, V>,
    ) {
        let mut state = None;
        let mut numbers: Vec<(&'static str, usize)> = Vec::new();
        let lifted = match structure.shape {
            Shape::List => std::mem::take(&mut self.lifted),
            _ => Vec::new(),
        };
        for child in xml.children() {
            if child.is_text() {
                self.between(child, structure, automaton);
            }
            if !child.is_element() {
                continue;
            }
            let name = child.tag_name().name();
            if child.tag_name().namespace() != Some(self.namespace) {
                // `##other` is another namespace, not none.
                let namespace = child.tag_name().namespace().unwrap_or_default();
                match automaton.foreign(state) {
                    Some(place) if !namespace.is_empty() => state = Some(place),
                    _ => self.unexpected(child, automaton, state),
                }
                self.foreign(child);
                continue;
            }
            let element = match automaton.element(state, name) {
                Some((place, element)) => {
                    state = Some(place);
                    element
                }
                None => {
                    self.unexpected(child, automaton, state);
                    let Some((place, element)) = automaton.misplaced(name) else {
                        self.leave(child);
                        continue;
                    };
                    // It is read all the same. If something before it is missing, the
                    // content goes on from here; if it comes too late, from where it was.
                    state = state.max(Some(place));
                    element
                }
            };
            self.path.push(Frame {
                name,
                number: number(&mut numbers, structure.shape, element),
            });
            self.element(child, element, content);
            self.path.pop();
        }
        if !automaton.may_end(state) {
            let expected = XmlExpectation::Element {
                names: automaton.names(state),
                end: End::TooEarly,
            };
            let found = "the end of the element".to_owned();
            self.violation(xml.range().start, None, expected, found);
        }
        if structure.shape == Shape::List {
            let inner = std::mem::replace(&mut self.lifted, lifted);
            content.items.extend(inner);
        }
    }

    /// Text beside elements.
    fn between(&mut self, text: Xml<'d, 'a>, structure: &Structure, automaton: &Automaton) {
        let blank = text
            .text()
            .unwrap_or_default()
            .bytes()
            .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        let mixed = matches!(structure.content, Content::Mixed(_));
        if blank && (mixed || !automaton.is_bare()) {
            return;
        }
        let at = text.range().start;
        let source = self.text.get(text.range()).unwrap_or_default();
        if !mixed {
            let expected = match automaton.is_bare() {
                true => XmlExpectation::Nothing,
                false => XmlExpectation::NoText,
            };
            self.violation(at, None, expected, quoted(source));
        }
        if !blank {
            self.leftover(LeftoverKind::Text, "", "", source, at);
        }
    }

    fn element(
        &mut self,
        xml: Xml<'d, 'a>,
        element: &'static Element,
        content: &mut Contents<'a, V>,
    ) {
        let at = xml.range().start;
        let role = content.role(element.role);
        let depth = self.steps.len();
        let position = content.before + content.items.len();
        match role {
            // It takes the place of the element around it.
            _ if content.shape == Shape::Value => {}
            Role::Member(name) => self.steps.push(Step::Member(name)),
            Role::Members(name) if element.is_list() => {
                self.steps.push(Step::Member(name));
                self.continued = content.listed(name);
            }
            Role::Members(name) | Role::Edge(name) => {
                self.steps.push(Step::Member(name));
                self.steps.push(Step::Element(content.listed(name)));
            }
            Role::Item => self.steps.push(Step::Element(position)),
            Role::Wrapped(name) => {
                self.steps.push(Step::Element(position));
                self.steps.push(Step::Member(name));
            }
            Role::Merged => {}
        }
        let mapped = match element.kind {
            Kind::Text(simple) => Mapped::Value(self.plain(xml, simple, element.default)),
            Kind::Structure(structure) => self.structure(xml, structure),
            Kind::Anything => Mapped::Value(self.anything(xml)),
        };
        self.steps.truncate(depth);
        match role {
            Role::Member(name) => {
                if content.has(name) {
                    // The schemas let some elements come again that JSON has once.
                    self.leave(xml);
                } else {
                    content
                        .members
                        .push((Cow::Borrowed(name), mapped.finish(at)));
                }
            }
            Role::Members(name) => match mapped {
                Mapped::List(elements) => content.list(at, name).extend(elements),
                mapped => content.list(at, name).push(mapped.finish(at)),
            },
            Role::Item => content.items.push(mapped.finish(at)),
            Role::Wrapped(name) => {
                let members = vec![(Cow::Borrowed(name), mapped.finish(at))];
                content.items.push(V::object(at, members));
            }
            Role::Merged => {
                if let Mapped::Members(members) = mapped {
                    content.members.extend(members);
                }
            }
            Role::Edge(name) => self.edge(xml, name, mapped, content),
        }
    }

    fn edge(
        &mut self,
        xml: Xml<'d, 'a>,
        name: &'static str,
        mapped: Mapped<'a, V>,
        content: &mut Contents<'a, V>,
    ) {
        let Mapped::Members(members) = mapped else {
            return;
        };
        let at = xml.range().start;
        let reference = xml.attribute_node("ref");
        if let Some(reference) = reference {
            let text = Node::Text(owned(reference.value_storage()));
            let value = V::scalar(reference.range().start, text);
            content.list(at, name).push(value);
        }
        if members.len() > 1 || reference.is_none() {
            self.lifted.push(V::object(at, members));
        }
    }

    /// An element of a simple type has no attributes and no elements.
    fn plain(&mut self, xml: Xml<'d, 'a>, simple: &Simple, default: Option<&'static str>) -> V {
        if xml.attributes().len() > 0 {
            let mut none = Contents::new(0, Shape::Object);
            self.attributes(xml, &[], Wildcard::Closed, &mut none);
        }
        self.simple(xml, simple, default)
    }

    fn simple(&mut self, xml: Xml<'d, 'a>, simple: &Simple, default: Option<&'static str>) -> V {
        let at = xml.range().start;
        for child in xml.children().filter(Xml::is_element) {
            let found = format!("`{}`", excerpt(child.tag_name().name(), 100));
            let start = child.range().start;
            self.violation(start, None, XmlExpectation::NoElement, found);
            self.leave(child);
        }
        let text = match (content(xml), default) {
            (text, Some(default)) if text.is_empty() => Cow::Borrowed(default),
            (text, _) => text,
        };
        let node = self.value(simple, text, at, None);
        V::scalar(at, node)
    }

    fn value(
        &mut self,
        simple: &Simple,
        text: Cow<'a, str>,
        at: usize,
        attribute: Option<&str>,
    ) -> Node<'a> {
        match simple.read(text, self.version, &mut self.patterns) {
            Ok(node) => node,
            Err(text) => {
                let expected = XmlExpectation::Value(simple.expectation(self.version));
                self.violation(at, attribute, expected, quoted(&text));
                Node::Text(text)
            }
        }
    }

    /// An element without a type: its text; what else it has is kept beside.
    fn anything(&mut self, xml: Xml<'d, 'a>) -> V {
        let mut none = Contents::new(0, Shape::Object);
        self.attributes(xml, &[], Wildcard::Any, &mut none);
        for child in xml.children().filter(Xml::is_element) {
            self.foreign(child);
        }
        V::scalar(xml.range().start, Node::Text(content(xml)))
    }

    /// An element that the tables say nothing about, at a place where that is allowed.
    ///
    /// `lax` in the schemas: what has a declaration is held against it. The only element
    /// with one is the outermost; a document inside a document is refused.
    fn foreign(&mut self, xml: Xml<'d, 'a>) {
        self.leave(xml);
        let inner = xml.descendants().filter(Xml::is_element).find(|element| {
            let name = element.tag_name();
            name.namespace() == Some(self.namespace) && name.name() == "bom"
        });
        if let Some(inner) = inner {
            let expected = XmlExpectation::NoDocument;
            self.violation(inner.range().start, None, expected, "`bom`".to_owned());
        }
    }

    fn leave(&mut self, xml: Xml<'d, 'a>) {
        let range = xml.range();
        let (name, text) = (xml.tag_name(), self.text.get(range.clone()));
        let namespace = name.namespace().unwrap_or_default();
        let (name, text) = (name.name(), text.unwrap_or_default());
        self.leftover(LeftoverKind::Element, namespace, name, text, range.start);
    }

    fn leftover(
        &mut self,
        kind: LeftoverKind,
        namespace: &str,
        name: &str,
        text: &'a str,
        at: usize,
    ) {
        if self.leftovers.len() == MOST_LEFTOVERS {
            self.unlisted_leftovers += 1;
            return;
        }
        let mut pointer = Pointer::root();
        for step in &self.steps {
            match step {
                Step::Member(name) => pointer.push(name),
                Step::Element(index) => pointer.push(&index.to_string()),
            };
        }
        self.leftovers.push(Leftover {
            pointer,
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            text,
            at,
        });
    }

    fn unexpected(&mut self, xml: Xml<'d, 'a>, automaton: &Automaton, state: Option<usize>) {
        let end = match automaton.may_end(state) {
            true => End::Allowed,
            false => End::TooEarly,
        };
        let names = automaton.names(state);
        let name = xml.tag_name();
        let mut found = format!("`{}`", excerpt(name.name(), 100));
        if name.namespace() != Some(self.namespace) {
            let namespace = name.namespace().unwrap_or_default();
            found.push_str(&format!(" of `{}`", excerpt(namespace, 100)));
        }
        let expected = XmlExpectation::Element { names, end };
        self.violation(xml.range().start, None, expected, found);
    }

    fn violation(
        &mut self,
        at: usize,
        attribute: Option<&str>,
        expected: XmlExpectation,
        found: String,
    ) {
        if self.violations.len() == MOST_VIOLATIONS {
            self.unlisted_violations += 1;
            return;
        }
        let mut path = String::new();
        for frame in &self.path {
            path.push('/');
            path.push_str(&excerpt(frame.name, 100));
            if let Some(number) = frame.number {
                path.push_str(&format!("[{number}]"));
            }
        }
        if let Some(name) = attribute {
            path.push_str("/@");
            path.push_str(&excerpt(name, 100));
        }
        self.violations.push(Violation {
            path,
            at,
            expected,
            found,
        });
    }
}

/// Counts an element among those of its name, if there can be more.
fn number(
    numbers: &mut Vec<(&'static str, usize)>,
    shape: Shape,
    element: &Element,
) -> Option<usize> {
    if shape == Shape::Object && matches!(element.role, Role::Member(_) | Role::Merged) {
        return None;
    }
    match numbers.iter_mut().find(|(name, _)| *name == element.name) {
        Some((_, number)) => {
            *number += 1;
            Some(*number)
        }
        None => {
            numbers.push((element.name, 1));
            Some(1)
        }
    }
}

/// What an element gathers for the object or list that it becomes.
struct Contents<'a, V> {
    at: usize,
    shape: Shape,
    /// Elements of the list that stand before these.
    before: usize,
    members: Vec<(Cow<'a, str>, V)>,
    lists: Vec<(&'static str, usize, Vec<V>)>,
    items: Vec<V>,
}

impl<'a, V: Value<'a>> Contents<'a, V> {
    const fn new(at: usize, shape: Shape) -> Self {
        Self {
            at,
            shape,
            before: 0,
            members: Vec::new(),
            lists: Vec::new(),
            items: Vec::new(),
        }
    }

    /// In a list, what would be a member is an element.
    const fn role(&self, role: Role) -> Role {
        match (self.shape, role) {
            (Shape::List, Role::Member(_) | Role::Members(_)) => Role::Item,
            (_, role) => role,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(known, _)| known == name)
    }

    fn listed(&self, name: &str) -> usize {
        self.lists
            .iter()
            .find_map(|(known, _, list)| (*known == name).then_some(list.len()))
            .unwrap_or(0)
    }

    fn list(&mut self, at: usize, name: &'static str) -> &mut Vec<V> {
        let known = self.lists.iter().position(|(known, ..)| *known == name);
        let place = known.unwrap_or(self.lists.len());
        if known.is_none() {
            self.lists.push((name, at, Vec::new()));
        }
        #[expect(clippy::indexing_slicing, reason = "found there, or pushed there")]
        &mut self.lists[place].2
    }

    fn finish(mut self) -> Mapped<'a, V> {
        for (name, at, list) in self.lists {
            self.members.push((Cow::Borrowed(name), V::list(at, list)));
        }
        match self.shape {
            Shape::List => Mapped::List(self.items),
            Shape::Either if self.members.is_empty() => Mapped::List(self.items),
            Shape::Object | Shape::Either => Mapped::Members(self.members),
            Shape::Value => match self.members.into_iter().next() {
                Some((_, value)) => Mapped::Value(value),
                None => Mapped::Value(V::scalar(self.at, Node::Null)),
            },
        }
    }
}

impl<'a, V: Value<'a>> Mapped<'a, V> {
    fn finish(self, at: usize) -> V {
        match self {
            Self::Value(value) => value,
            Self::List(elements) => V::list(at, elements),
            Self::Members(members) => V::object(at, members),
        }
    }
}

/// The text of an element: all of it, whatever comments stand between.
fn content<'a>(xml: Xml<'_, 'a>) -> Cow<'a, str> {
    let mut texts = xml.children().filter(Xml::is_text);
    let text = |node: Xml<'_, 'a>| node.text_storage().map_or(Cow::Borrowed(""), owned);
    let Some(first) = texts.next() else {
        return Cow::Borrowed("");
    };
    let mut whole = text(first);
    for more in texts {
        whole.to_mut().push_str(&text(more));
    }
    whole
}

fn owned<'a>(storage: &StringStorage<'a>) -> Cow<'a, str> {
    match storage {
        StringStorage::Borrowed(text) => Cow::Borrowed(text),
        StringStorage::Owned(text) => Cow::Owned(text.as_ref().to_owned()),
    }
}

fn quoted(text: &str) -> String {
    format!("`{}`", excerpt(text, 150))
}
