//! The language of the tables: what may stand in an element, and what it becomes.
//!
//! The left half of a table is what the XML schemas say: order, occurrence, attributes,
//! types. The right half is the member of the JSON document that the element becomes;
//! it is said only where it is not the member of the same name.

use super::simple::Simple;
use crate::grammar::SpecVersion;

/// A type of element that has elements or attributes (`xs:complexType`).
#[derive(Debug)]
pub(super) struct Structure {
    pub content: Content,
    pub shape: Shape,
    pub attributes: &'static [Attribute],
    pub wildcard: Wildcard,
}

/// What stands between the tags.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    /// Elements in this order; text is nothing but white space.
    Elements(&'static [Particle]),
    /// Elements in this order, and any text between them.
    Mixed(&'static [Particle]),
    /// Text, which becomes a member of that name.
    Text(&'static Simple, &'static str, Emptiness),
}

/// What text becomes if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emptiness {
    /// An empty text.
    Kept,
    /// Nothing: JSON lets the member be missing, and XML cannot tell the two apart.
    Omitted,
}

/// What the element becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// An object; attributes and elements are its members.
    Object,
    /// A list; elements are its elements.
    List,
    /// A list or an object: two generations of the format share the element.
    Either,
    /// The value of its one attribute or element.
    Value,
}

/// Which attributes are allowed apart from those that are named (`xs:anyAttribute`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wildcard {
    /// None.
    Closed,
    /// Those of another namespace (`##other`, which does not mean no namespace).
    Other,
    /// All (`##any`).
    Any,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub name: &'static str,
    pub simple: &'static Simple,
    pub need: Need,
    pub member: &'static str,
    pub since: SpecVersion,
    pub until: SpecVersion,
}

/// Whether something may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
}

/// A part of a content model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Particle {
    pub term: Term,
    pub occurs: Occurs,
    pub since: SpecVersion,
    pub until: SpecVersion,
}

/// What the part is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Term {
    Element(Element),
    /// Any elements of other namespaces (`xs:any`, `##other`, `lax`).
    Foreign,
    Sequence(&'static [Particle]),
    Choice(&'static [Particle]),
}

/// How often; the schemas use no other numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occurs {
    /// Once.
    One,
    /// At most once.
    Optional,
    /// Any number of times.
    Many,
    /// At least once.
    Some,
}

/// An element of the format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    pub name: &'static str,
    pub kind: Kind,
    /// What it says if it is there and empty.
    pub default: Option<&'static str>,
    pub role: Role,
}

/// The type of an element.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text(&'static Simple),
    Structure(&'static Structure),
    /// No type is given (`xs:anyType`).
    Anything,
}

/// Where in the object or list of the element around it the value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A member.
    Member(&'static str),
    /// An element of a list that is a member; a list is taken as its elements.
    Members(&'static str),
    /// An element of the list that the element around it is.
    Item,
    /// An element of that list: an object with this one member.
    Wrapped(&'static str),
    /// Its members become members of the object around it.
    Merged,
    /// Its `ref` goes into this list. What it says besides becomes an object beside the
    /// outer one: JSON keeps dependencies flat.
    Edge(&'static str),
}

/// Elements of other namespaces.
pub(super) const FOREIGN: Particle = Particle::of(Term::Foreign).many();

/// An element of a simple type, once.
pub(super) const fn text(name: &'static str, simple: &'static Simple) -> Particle {
    element(name, Kind::Text(simple))
}

/// An element with structure, once.
pub(super) const fn nested(name: &'static str, structure: &'static Structure) -> Particle {
    element(name, Kind::Structure(structure))
}

/// An element without a type, once.
pub(super) const fn anything(name: &'static str) -> Particle {
    element(name, Kind::Anything)
}

const fn element(name: &'static str, kind: Kind) -> Particle {
    Particle::of(Term::Element(Element {
        name,
        kind,
        default: None,
        role: Role::Member(name),
    }))
}

/// All of these in this order, once.
pub(super) const fn sequence(particles: &'static [Particle]) -> Particle {
    Particle::of(Term::Sequence(particles))
}

/// One of these, once.
pub(super) const fn choice(particles: &'static [Particle]) -> Particle {
    Particle::of(Term::Choice(particles))
}

impl Particle {
    const fn of(term: Term) -> Self {
        Self {
            term,
            occurs: Occurs::One,
            since: SpecVersion::V1_3,
            until: SpecVersion::V1_7,
        }
    }

    pub(super) const fn optional(mut self) -> Self {
        self.occurs = Occurs::Optional;
        self
    }

    pub(super) const fn many(mut self) -> Self {
        self.occurs = Occurs::Many;
        self.listed()
    }

    pub(super) const fn some(mut self) -> Self {
        self.occurs = Occurs::Some;
        self.listed()
    }

    /// What can come again becomes a list.
    const fn listed(self) -> Self {
        match self.term {
            Term::Element(Element { name, .. }) => self.members(name),
            _ => self,
        }
    }

    pub(super) const fn since(mut self, version: SpecVersion) -> Self {
        self.since = version;
        self
    }

    pub(super) const fn until(mut self, version: SpecVersion) -> Self {
        self.until = version;
        self
    }

    pub(super) const fn or_default(mut self, value: &'static str) -> Self {
        if let Term::Element(element) = &mut self.term {
            element.default = Some(value);
        }
        self
    }

    pub(super) const fn member(self, name: &'static str) -> Self {
        self.role(Role::Member(name))
    }

    pub(super) const fn members(self, name: &'static str) -> Self {
        self.role(Role::Members(name))
    }

    pub(super) const fn item(self) -> Self {
        self.role(Role::Item)
    }

    pub(super) const fn wrapped(self, name: &'static str) -> Self {
        self.role(Role::Wrapped(name))
    }

    pub(super) const fn merged(self) -> Self {
        self.role(Role::Merged)
    }

    pub(super) const fn edge(self, name: &'static str) -> Self {
        self.role(Role::Edge(name))
    }

    const fn role(mut self, role: Role) -> Self {
        if let Term::Element(element) = &mut self.term {
            element.role = role;
        }
        self
    }

    pub(super) fn is_known(&self, version: SpecVersion) -> bool {
        (self.since..=self.until).contains(&version)
    }
}

impl Element {
    /// True if the element becomes a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Structure(structure) if structure.shape == Shape::List)
    }
}

impl Structure {
    pub(super) const fn object(particles: &'static [Particle]) -> Self {
        Self::of(Content::Elements(particles), Shape::Object)
    }

    pub(super) const fn list(particles: &'static [Particle]) -> Self {
        Self::of(Content::Elements(particles), Shape::List)
    }

    pub(super) const fn either(particles: &'static [Particle]) -> Self {
        Self::of(Content::Elements(particles), Shape::Either)
    }

    pub(super) const fn value(particles: &'static [Particle]) -> Self {
        Self::of(Content::Elements(particles), Shape::Value)
    }

    /// Text with attributes; the text becomes the member of that name.
    pub(super) const fn text(simple: &'static Simple, member: &'static str) -> Self {
        Self::of(
            Content::Text(simple, member, Emptiness::Kept),
            Shape::Object,
        )
    }

    /// The same, but an empty element has no such member.
    pub(super) const fn optional_text(simple: &'static Simple, member: &'static str) -> Self {
        Self::of(
            Content::Text(simple, member, Emptiness::Omitted),
            Shape::Object,
        )
    }

    const fn of(content: Content, shape: Shape) -> Self {
        Self {
            content,
            shape,
            attributes: &[],
            wildcard: Wildcard::Closed,
        }
    }

    pub(super) const fn mixed(mut self) -> Self {
        if let Content::Elements(particles) = self.content {
            self.content = Content::Mixed(particles);
        }
        self
    }

    pub(super) const fn attributes(mut self, attributes: &'static [Attribute]) -> Self {
        self.attributes = attributes;
        self
    }

    pub(super) const fn open(mut self, wildcard: Wildcard) -> Self {
        self.wildcard = wildcard;
        self
    }
}

/// An attribute that may be missing.
pub(super) const fn attribute(name: &'static str, simple: &'static Simple) -> Attribute {
    Attribute {
        name,
        simple,
        need: Need::Optional,
        member: name,
        since: SpecVersion::V1_3,
        until: SpecVersion::V1_7,
    }
}

impl Attribute {
    pub(super) const fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    pub(super) const fn member(mut self, name: &'static str) -> Self {
        self.member = name;
        self
    }

    pub(super) const fn since(mut self, version: SpecVersion) -> Self {
        self.since = version;
        self
    }

    pub(super) const fn until(mut self, version: SpecVersion) -> Self {
        self.until = version;
        self
    }

    pub(super) fn is_known(&self, version: SpecVersion) -> bool {
        (self.since..=self.until).contains(&version)
    }
}
