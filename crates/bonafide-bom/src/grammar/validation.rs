//! Holding a document against the rules.

use super::document;
use super::licence_id::is_licence_id;
use super::rule::{Bounds, Demand, List, Member, Repetition, Rule, Shape, Tagged, Text};
use super::unique::Twins;
use super::violation::{Expected, Violation};
use crate::excerpt;
use crate::json::{MOST_DEPTH, Node, Object, Pointer};
use crate::version::SpecVersion;

/// Violations reported of one document.
pub const MOST_VIOLATIONS: usize = 200;

/// What the document does not keep of the rules of that version, in the order of the
/// document; nothing if it keeps them all.
///
/// After [`MOST_VIOLATIONS`] the walk ends, and one more [`Violation`] says so
/// ([`Expected::FewerViolations`]).
#[must_use]
pub fn validate(document_node: &Node<'_>, version: SpecVersion) -> Vec<Violation> {
    let mut walk = Walk::new(version);
    walk.visit(document_node, &document().rule, "bom", &Place::ROOT);
    walk.violations
}

/// Where the walk is. Becomes a pointer only if there is something to report.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    outer: Option<&'p Place<'p>>,
    step: Step<'p>,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Document,
    Member(&'p str),
    Element(usize),
}

impl<'p> Place<'p> {
    const ROOT: Self = Self {
        outer: None,
        step: Step::Document,
        depth: 0,
    };

    fn inner(&'p self, step: Step<'p>) -> Self {
        Self {
            outer: Some(self),
            step,
            depth: self.depth + 1,
        }
    }

    fn pointer(&self) -> Pointer {
        let mut pointer = self.outer.map_or_else(Pointer::root, Place::pointer);
        match self.step {
            Step::Document => {}
            Step::Member(name) => {
                pointer.push(name);
            }
            Step::Element(index) => {
                pointer.push(&index.to_string());
            }
        }
        pointer
    }
}

/// What happens with a violation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ear {
    /// It is reported.
    Open,
    /// It is only noticed: some other form may fit.
    Closed,
    /// It was noticed, and nothing more needs to be known.
    Heard,
}

/// A walk through a document, along the rules.
pub(super) struct Walk {
    pub(super) version: SpecVersion,
    violations: Vec<Violation>,
    ear: Ear,
    twins: Twins,
}

impl Walk {
    fn new(version: SpecVersion) -> Self {
        Self {
            version,
            violations: Vec::new(),
            ear: Ear::Open,
            twins: Twins::default(),
        }
    }

    /// Is there nothing more to find out?
    fn is_over(&self) -> bool {
        match self.ear {
            Ear::Open => self.violations.len() > MOST_VIOLATIONS,
            Ear::Closed => false,
            Ear::Heard => true,
        }
    }

    pub(super) fn report(
        &mut self,
        place: &Place<'_>,
        expected: Expected,
        found: impl FnOnce() -> String,
    ) {
        if self.ear != Ear::Open {
            self.ear = Ear::Heard;
            return;
        }
        let violation = match self.violations.len() {
            0..MOST_VIOLATIONS => Violation {
                pointer: place.pointer(),
                expected,
                found: found(),
            },
            MOST_VIOLATIONS => Violation {
                pointer: place.pointer(),
                expected: Expected::FewerViolations,
                found: format!("more than {MOST_VIOLATIONS}"),
            },
            _ => return,
        };
        self.violations.push(violation);
    }

    /// Does the node keep the rule? Nothing is reported.
    pub(super) fn fits(&mut self, node: &Node<'_>, rule: &Rule, place: &Place<'_>) -> bool {
        let before = std::mem::replace(&mut self.ear, Ear::Closed);
        self.visit(node, rule, "", place);
        let after = std::mem::replace(&mut self.ear, before);
        after == Ear::Closed
    }

    /// Holds the node against the rule; `name` is that of the definition around it.
    pub(super) fn visit(
        &mut self,
        node: &Node<'_>,
        rule: &Rule,
        name: &'static str,
        place: &Place<'_>,
    ) {
        if place.depth > MOST_DEPTH {
            self.report(place, Expected::Depth, || "more".to_owned());
            return;
        }
        match (rule, node) {
            (Rule::Refer(definition), _) => {
                self.visit(node, &definition.rule, definition.name, place);
            }
            (Rule::Revised(rules), _) => {
                let current = rules.iter().rfind(|(since, _)| *since <= self.version);
                if let Some((_, rule)) = current {
                    self.visit(node, rule, name, place);
                }
            }
            (Rule::OneOf(rules), _) => self.visit_one_of(node, rules, place),
            (Rule::AnyOf(rules), _) => self.visit_any_of(node, rules, place),
            (Rule::Object(shape), Node::Object(object)) => {
                self.visit_object(object, shape, name, place);
            }
            (Rule::Object(shape), _) if self.version < shape.object => {}
            (Rule::Tagged(tagged), Node::Object(object)) => {
                self.visit_tagged(object, tagged, name, place);
            }
            (Rule::List(rule), Node::List(list)) => self.visit_list(list, rule, name, place),
            (Rule::Text(rule), Node::Text(text)) => self.visit_text(text, rule, place),
            (Rule::Word(words), Node::Text(text)) => {
                let mut groups = words.iter().filter(|(since, _)| *since <= self.version);
                if !groups.any(|(_, words)| words.contains(&&**text)) {
                    let expected = Expected::Word(words, self.version);
                    self.report(place, expected, || described(node));
                }
            }
            (Rule::LicenceId, Node::Text(text)) => {
                if !is_licence_id(text) {
                    self.report(place, Expected::LicenceId, || described(node));
                }
            }
            (Rule::Integer(bounds), Node::Number(number)) => {
                if number.whole().is_none() {
                    self.report(place, Expected::Kind("a whole number"), || described(node));
                } else if !is_within(number.value(), *bounds) {
                    self.report(place, Expected::Number(*bounds), || described(node));
                }
            }
            (Rule::Number(bounds), Node::Number(number)) => {
                if !is_within(number.value(), *bounds) {
                    self.report(place, Expected::Number(*bounds), || described(node));
                }
            }
            (Rule::Boolean, Node::Bool(_)) => {}
            _ => self.report(place, Expected::Kind(rule.kind()), || described(node)),
        }
    }

    fn visit_text(&mut self, text: &str, rule: &Text, place: &Place<'_>) {
        let found = || quoted(text);
        if let Some(format) = rule.format.filter(|format| !format.is_match(text)) {
            self.report(place, Expected::Format(format), found);
        }
        if let Some(pattern) = rule.pattern.filter(|pattern| !pattern.is_match(text)) {
            self.report(place, Expected::Pattern(pattern), found);
        }
        // A character has one to four bytes; most texts need no counting.
        let most = rule.most.unwrap_or(usize::MAX);
        if text.len() < rule.least || text.len() / 4 < rule.least || text.len() > most {
            let characters = text.chars().count();
            if characters < rule.least || characters > most {
                self.report(place, Expected::Length(rule.least, rule.most), || {
                    format!("{characters}")
                });
            }
        }
    }

    fn visit_list(
        &mut self,
        list: &[Node<'_>],
        rule: &List,
        name: &'static str,
        place: &Place<'_>,
    ) {
        if list.len() < rule.least || rule.most.is_some_and(|most| list.len() > most) {
            self.report(place, Expected::Size(rule.least, rule.most), || {
                format!("{}", list.len())
            });
        }
        for (index, node) in list.iter().enumerate() {
            if self.is_over() {
                return;
            }
            self.visit(node, rule.element, name, &place.inner(Step::Element(index)));
        }
        if rule.repetition == Repetition::Refused
            && !self.is_over()
            && let Some((earlier, index)) = self.twins.find(list)
        {
            let place = place.inner(Step::Element(index));
            self.report(&place, Expected::Unique, || {
                format!("what is already at {earlier}")
            });
        }
    }

    fn visit_tagged(
        &mut self,
        object: &Object<'_>,
        tagged: &'static Tagged,
        name: &'static str,
        place: &Place<'_>,
    ) {
        let tag = object.get(tagged.tag);
        let case = tagged
            .cases
            .iter()
            .find(|(word, _)| tag.and_then(Node::text) == Some(word));
        match (case, tag) {
            (Some((_, shape)), _) => self.visit_object(object, shape, name, place),
            (None, None) => {
                let expected = Expected::Member(tagged.tag);
                self.report(place, expected, || "none".to_owned());
            }
            // The tag says which words there are.
            (None, Some(tag)) => {
                let mut members = tagged.cases.iter().flat_map(|(_, shape)| shape.members);
                if let Some(member) = members.find(|member| member.name == tagged.tag) {
                    let place = place.inner(Step::Member(tagged.tag));
                    self.visit(tag, &member.rule, name, &place);
                }
            }
        }
    }

    fn visit_object(
        &mut self,
        object: &Object<'_>,
        shape: &Shape,
        name: &'static str,
        place: &Place<'_>,
    ) {
        let closed = shape.closed.is_some_and(|since| since <= self.version);
        let mut required = 0_usize;
        // Members mostly come in the order of the table: the search goes on where the
        // last one ended.
        let mut next = 0;
        for (member_name, node) in object.iter() {
            if self.is_over() {
                return;
            }
            let place = place.inner(Step::Member(member_name));
            match self.member(shape.members, member_name, &mut next) {
                Some(member) => {
                    required += usize::from(member.is_required(self.version));
                    self.visit(node, &member.rule, name, &place);
                }
                None if closed => self.report(&place, Expected::KnownMember(name), || {
                    format!("`{}`", excerpt(member_name, 60))
                }),
                None => {}
            }
        }
        let version = self.version;
        let demanded = || {
            let members = shape.members.iter();
            members.filter(move |member| member.is_required(version))
        };
        if required < demanded().count() {
            for member in demanded().filter(|member| object.get(member.name).is_none()) {
                self.report(place, Expected::Member(member.name), || "none".to_owned());
            }
        }
        for (since, demand) in shape.demands {
            if *since <= self.version {
                self.visit_demand(object, *demand, place);
            }
        }
    }

    /// The member of that name, looked for from `next` on.
    fn member<'s>(
        &self,
        members: &'s [Member],
        name: &str,
        next: &mut usize,
    ) -> Option<&'s Member> {
        let (before, after) = members.split_at_checked(*next).unwrap_or((members, &[]));
        let is_it = |(_, member): &(usize, &Member)| member.name == name;
        let mut numbered = (*next..).zip(after).chain((0..).zip(before));
        let (index, member) = numbered.find(is_it)?;
        *next = index + 1;
        member.is_known(self.version).then_some(member)
    }

    fn visit_demand(&mut self, object: &Object<'_>, demand: Demand, place: &Place<'_>) {
        let has = |name: &str| object.get(name).is_some();
        let names = || {
            let names = object.iter().map(|(name, _)| excerpt(name, 30));
            let names: Vec<String> = names.take(8).collect();
            match &*names {
                [] => "none".to_owned(),
                _ => format!("`{}`", names.join("`, `")),
            }
        };
        match demand {
            Demand::ExactlyOne(groups) => {
                let complete = |group: &&&[&str]| group.iter().all(|name| has(name));
                if groups.iter().filter(complete).count() != 1 {
                    self.report(place, Expected::ExactlyOne(groups), names);
                }
            }
            Demand::AtLeastOne(members) => {
                if !members.iter().any(|name| has(name)) {
                    self.report(place, Expected::AtLeastOne(members), names);
                }
            }
            Demand::NotBoth(one, other) => {
                if has(one) && has(other) {
                    self.report(place, Expected::NotBoth(one, other), || "both".to_owned());
                }
            }
            Demand::OnlyWith(member, flag) => {
                let absent = matches!(object.get(flag), None | Some(Node::Bool(false)));
                if has(member) && absent {
                    self.report(place, Expected::OnlyWith(member, flag), || {
                        "it is not".to_owned()
                    });
                }
            }
        }
    }
}

/// All bounds of the tables are small enough to be doubles.
#[expect(clippy::cast_precision_loss, reason = "bounds are small")]
fn is_within(value: f64, bounds: Bounds) -> bool {
    bounds.least.is_none_or(|least| value >= least as f64)
        && bounds.most.is_none_or(|most| value <= most as f64)
}

fn quoted(text: &str) -> String {
    format!("`{}`", excerpt(text, 60))
}

/// The node in a few words.
pub(super) fn described(node: &Node<'_>) -> String {
    match node {
        Node::Text(text) => quoted(text),
        Node::Number(number) => number.to_string(),
        Node::Bool(value) => value.to_string(),
        other => other.kind().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    fn violations(text: &str, version: SpecVersion) -> Vec<Violation> {
        let document = admit(text.as_bytes(), 1 << 26).unwrap();
        validate(&document, version)
    }

    /// A 1.7 BOM around some members.
    fn bom(members: &str) -> String {
        format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.7",{members}}}"#)
    }

    #[test]
    fn a_violation_says_where_and_what() {
        for (members, pointer, sentence) in [
            (
                r#""version":0"#,
                "/version",
                "expected a number from 1, found 0",
            ),
            (
                r#""version":1.5"#,
                "/version",
                "expected a whole number, found 1.5",
            ),
            (
                r#""version":true"#,
                "/version",
                "expected a whole number, found true",
            ),
            (
                r#""x\ny":1"#,
                "/x\ny",
                "expected only members of `bom`, found `x\\ny`",
            ),
            (
                r#""components":[{"type":"file"}]"#,
                "/components/0",
                "expected a member `name`, found none",
            ),
            (
                r#""components":[{"type":"file","name":"a"},{"name":"a","type":"file"}]"#,
                "/components/1",
                "expected no element twice, found what is already at 0",
            ),
            (
                r#""components":[{"type":"file","name":"a","version":"1","versionRange":"vers:a/1","isExternal":true}]"#,
                "/components/0",
                "expected not both `version` and `versionRange`, found both",
            ),
            (
                r#""components":[{"type":"file","name":"a","versionRange":"vers:a/1"}]"#,
                "/components/0",
                "expected `versionRange` only where `isExternal` is true, found it is not",
            ),
            (
                r#""components":[{"type":"data","name":"a","data":[{"type":"dataset","governance":{"owners":[{}]}}]}]"#,
                "/components/0/data/0/governance/owners/0",
                "expected exactly one of `organization`, `contact`, found none",
            ),
            (
                r#""citations":[{"timestamp":"2026-01-01T00:00:00Z","pointers":["/a"]}]"#,
                "/citations/0",
                "expected at least one of `attributedTo`, `process`, found `timestamp`, `pointers`",
            ),
            (
                r#""citations":[{"timestamp":"2026-01-01T00:00:00Z","process":"a","pointers":[]}]"#,
                "/citations/0/pointers",
                "expected a list of at least one element, found 0",
            ),
            (
                r#""metadata":{"tools":{"components":[{"name":"a","type":"thing"}]}}"#,
                "/metadata/tools/components/0/type",
                "expected one of `application`, `framework`, `library`, `container`, \
                 `operating-system`, `device`, `firmware`, `file`, `platform`, `device-driver`, \
                 `machine-learning-model`, `data`, `cryptographic-asset`, found `thing`",
            ),
            (
                r#""metadata":{"licenses":[{"license":{"id":"MIT","name":"MIT"}}]}"#,
                "/metadata/licenses/0/license",
                "expected exactly one of `id`, `name`, found `id`, `name`",
            ),
            (
                r#""metadata":{"licenses":[{}]}"#,
                "/metadata/licenses/0",
                "expected one of the forms that are allowed here, found an object",
            ),
            (
                r#""metadata":{"licenses":"MIT"}"#,
                "/metadata/licenses",
                "expected a list, found `MIT`",
            ),
            (
                r#""signature":{}"#,
                "/signature",
                "expected only one of the forms allowed here, found an object",
            ),
            (
                r#""signature":{"algorithm":"ES256","value":"x","publicKey":{"kty":"EC","crv":"P-256","x":"","y":"","kid":"a"}}"#,
                "/signature/publicKey/kid",
                "expected only members of `publicKey`, found `kid`",
            ),
            (
                r#""signature":{"algorithm":"ES256","value":"x","publicKey":{"kty":"oct"}}"#,
                "/signature/publicKey/kty",
                "expected one of `EC`, `OKP`, `RSA`, found `oct`",
            ),
            (
                r#""signature":{"algorithm":"none","value":"x"}"#,
                "/signature/algorithm",
                "expected one of `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, \
                 `ES384`, `ES512`, `Ed25519`, `Ed448`, `HS256`, `HS384`, `HS512`, found `none`",
            ),
            (
                r#""dependencies":[{"ref":""}]"#,
                "/dependencies/0/ref",
                "expected text of at least one character, found 0",
            ),
        ] {
            let found = violations(&bom(members), SpecVersion::V1_7);
            assert_eq!(found.len(), 1, "{members}: {found:#?}");
            assert_eq!(found[0].pointer.as_str(), pointer, "{members}");
            assert_eq!(found[0].to_string(), sentence, "{members}");
        }
    }

    #[test]
    fn lengths_count_characters() {
        let component = |version: &str| {
            bom(&format!(
                r#""components":[{{"type":"file","name":"a","version":"{version}"}}]"#
            ))
        };
        for letter in ["a", "é", "例", "𝒳"] {
            let longest = component(&letter.repeat(1024));
            assert_eq!(violations(&longest, SpecVersion::V1_7), []);
            let longer = violations(&component(&letter.repeat(1025)), SpecVersion::V1_7);
            assert_eq!(
                longer[0].to_string(),
                "expected text of 0 to 1024 characters, found 1025"
            );
        }
    }

    #[test]
    fn each_version_has_its_rules() {
        let document = |version: SpecVersion, members: &str| {
            format!(r#"{{"bomFormat":"CycloneDX","specVersion":"{version}",{members}}}"#)
        };
        for (members, first, last) in [
            (
                r#""version":1,"components":[{"type":"data","name":"a"}]"#,
                1.5,
                1.7,
            ),
            (
                r#""version":1,"components":[{"type":"cryptographic-asset","name":"a"}]"#,
                1.6,
                1.7,
            ),
            (
                r#""version":1,"vulnerabilities":[{"references":[7]}]"#,
                1.4,
                1.4,
            ),
            (r#""version":0"#, 1.3, 1.4),
            (r#""components":[]"#, 1.5, 1.7),
            (r#""version":1,"$schema":"https://example.org""#, 1.6, 1.7),
        ] {
            for version in SpecVersion::ALL {
                let accepted = violations(&document(version, members), version).is_empty();
                let number: f64 = version.as_str().parse().unwrap();
                assert_eq!(
                    accepted,
                    (first..=last).contains(&number),
                    "{version} {members}"
                );
            }
        }
        // 1.3 and 1.4 take several expressions as well.
        let several =
            r#""version":1,"metadata":{"licenses":[{"expression":"MIT"},{"expression":"0BSD"}]}"#;
        let accepted = SpecVersion::ALL
            .map(|version| violations(&document(version, several), version).is_empty());
        assert_eq!(accepted, [true, true, false, false, true]);
    }

    #[test]
    fn violations_end_and_say_so() {
        let components = vec!["{}"; 500].join(",");
        let found = violations(
            &bom(&format!(r#""components":[{components}]"#)),
            SpecVersion::V1_7,
        );
        assert_eq!(found.len(), MOST_VIOLATIONS + 1);
        assert!(
            found[..MOST_VIOLATIONS]
                .iter()
                .all(|violation| violation.expected != Expected::FewerViolations)
        );
        assert_eq!(
            found[MOST_VIOLATIONS].to_string(),
            "expected fewer violations, found more than 200"
        );
    }

    #[test]
    fn depth_ends_somewhere() {
        let mut node = Node::Object(Object::default());
        for _ in 0..10_000 {
            let mut component = Object::default();
            component.set("name", Node::Text("a".into()));
            component.set("type", Node::Text("file".into()));
            component.set("components", Node::List(vec![node]));
            node = Node::Object(component);
        }
        let found = validate(&node, SpecVersion::V1_7);
        assert!(
            found
                .iter()
                .any(|violation| violation.expected == Expected::Depth)
        );
        // A tree so deep must not be dropped by recursion either.
        while let Node::Object(mut object) = node {
            node = match object.take("components") {
                Some(Node::List(mut list)) => list.pop().unwrap(),
                _ => break,
            };
        }
    }
}
