//! Values that may have one of several forms.

use super::rule::Rule;
use super::validation::{Place, Walk, described};
use super::violation::Expected;
use crate::json::Node;
use crate::version::SpecVersion;

impl Walk {
    pub(super) fn visit_one_of(
        &mut self,
        node: &Node<'_>,
        rules: &'static [Rule],
        place: &Place<'_>,
    ) {
        let version = self.version;
        let kin = || rules.iter().filter(move |rule| rule.takes(node, version));
        let mut first_two = kin();
        // Where the kind leaves one form only, what is wrong with it is worth knowing.
        if let (Some(rule), None) = (first_two.next(), first_two.next()) {
            return self.visit(node, rule, "", place);
        }
        let count = kin().filter(|rule| self.fits(node, rule, place)).count();
        match count {
            0 => self.report_nearest(node, rules, place),
            1 => {}
            _ => self.report(place, Expected::OneAlternative, || described(node)),
        }
    }

    pub(super) fn visit_any_of(
        &mut self,
        node: &Node<'_>,
        rules: &'static [Rule],
        place: &Place<'_>,
    ) {
        if !rules.iter().any(|rule| self.fits(node, rule, place)) {
            self.report_nearest(node, rules, place);
        }
    }

    /// Reports what keeps the node from the form that it looks most like. Text looks
    /// most like the first form: others say more about it.
    fn report_nearest(&mut self, node: &Node<'_>, rules: &'static [Rule], place: &Place<'_>) {
        let version = self.version;
        let mut kin = rules.iter().filter(|rule| rule.takes(node, version));
        let nearest = match node {
            Node::Object(_) | Node::List(_) => kin
                .map(|rule| (rule, rule.likeness(node, version)))
                .filter(|(_, likeness)| *likeness > 0)
                .max_by_key(|(_, likeness)| *likeness)
                .map(|(rule, _)| rule),
            Node::Text(_) => kin.next(),
            _ => None,
        };
        match nearest {
            Some(rule) => self.visit(node, rule, "", place),
            None => self.report(place, Expected::Alternative, || described(node)),
        }
    }
}

impl Rule {
    /// The rule behind references and revisions.
    fn resolved(&'static self, version: SpecVersion) -> &'static Self {
        match self {
            Self::Refer(definition) => definition.rule.resolved(version),
            Self::Revised(rules) => rules
                .iter()
                .rfind(|(since, _)| *since <= version)
                .map_or(self, |(_, rule)| rule.resolved(version)),
            other => other,
        }
    }

    /// How many members of the node the rule knows; of a list, those of its first elements.
    fn likeness(&'static self, node: &Node<'_>, version: SpecVersion) -> usize {
        match (self.resolved(version), node) {
            (Self::Object(shape), Node::Object(object)) => {
                let known = shape
                    .members
                    .iter()
                    .filter(|member| member.is_known(version));
                known
                    .filter(|member| object.get(member.name).is_some())
                    .count()
            }
            (Self::List(rule), Node::List(list)) => {
                let first = list.iter().take(8);
                first.map(|node| rule.element.likeness(node, version)).sum()
            }
            (Self::OneOf(rules) | Self::AnyOf(rules), _) => {
                let each = rules.iter().map(|rule| rule.likeness(node, version));
                each.max().unwrap_or_default()
            }
            _ => 0,
        }
    }

    /// Could a node of this kind fit?
    fn takes(&'static self, node: &Node<'_>, version: SpecVersion) -> bool {
        match (self.resolved(version), node) {
            (Self::OneOf(rules) | Self::AnyOf(rules), _) => {
                rules.iter().any(|rule| rule.takes(node, version))
            }
            (Self::Refer(_) | Self::Revised(_), _)
            | (Self::Boolean, Node::Bool(_))
            | (Self::Integer(_) | Self::Number(_), Node::Number(_))
            | (Self::Text(_) | Self::Word(_) | Self::LicenceId, Node::Text(_))
            | (Self::List(_), Node::List(_))
            | (Self::Object(_) | Self::Tagged(_), Node::Object(_)) => true,
            (Self::Object(shape), _) => version < shape.object,
            _ => false,
        }
    }

    /// What kind of value it asks for, with its article.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Boolean => "a boolean",
            Self::Integer(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Text(_) | Self::Word(_) | Self::LicenceId => "text",
            Self::List(_) => "a list",
            Self::Object(_) | Self::Tagged(_) => "an object",
            Self::Refer(definition) => definition.rule.kind(),
            Self::OneOf(_) | Self::AnyOf(_) | Self::Revised(_) => "another form",
        }
    }
}
