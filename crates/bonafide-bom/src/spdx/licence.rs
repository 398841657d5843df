//! Licences: from elements to names and expressions.

use super::component::Mapper;
use super::identifiers::{LICENCES, TERMS};
use super::members::{text, values};
use crate::json::{Node, Object};
use crate::view::{License, LicenseChoice, Text};

/// Most sets and operators inside each other.
const MOST_DEPTH: usize = 16;
/// Longest expression that is put together, in bytes.
const LONGEST: usize = 4096;

/// What a reference to a licence leads to.
enum Named<'a> {
    Expression(Text<'a>),
    Listed(Text<'a>),
    Other(Text<'a>),
}

/// An individual of the licensing profile, by its short or its whole name.
fn individual(id: &str) -> Option<&'static str> {
    let short = id.strip_prefix(TERMS).unwrap_or(id);
    match short {
        "ExpandedLicensing/NoneLicense" | "expandedlicensing_NoneLicense" => Some("NONE"),
        "ExpandedLicensing/NoAssertionLicense" | "expandedlicensing_NoAssertionLicense" => {
            Some("NOASSERTION")
        }
        _ => None,
    }
}

/// The identifier of a listed licence, by its address.
fn listed(address: &str) -> Option<&str> {
    let id = address.strip_prefix(LICENCES)?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-.+".contains(&byte);
    (!id.is_empty() && id.bytes().all(good)).then_some(id)
}

impl<'a> Mapper<'_, 'a> {
    /// The licence that a reference leads to. None if it leads nowhere, or to the word that
    /// nothing is said.
    pub(super) fn licence(
        &mut self,
        id: &Text<'a>,
        acknowledgement: &'static str,
    ) -> Option<LicenseChoice<'a>> {
        let license = match self.named(id)? {
            Named::Expression(expression) => {
                return Some(LicenseChoice {
                    expression: Some(expression),
                    acknowledgement: Some(acknowledgement.into()),
                    ..LicenseChoice::default()
                });
            }
            Named::Listed(id) => License {
                id: Some(id),
                ..License::default()
            },
            Named::Other(name) => License {
                name: Some(name),
                ..License::default()
            },
        };
        Some(LicenseChoice {
            license: Some(License {
                acknowledgement: Some(acknowledgement.into()),
                ..license
            }),
            ..LicenseChoice::default()
        })
    }

    fn named(&mut self, id: &Text<'a>) -> Option<Named<'a>> {
        match individual(id) {
            Some("NONE") => return Some(Named::Other("NONE".into())),
            Some(_) => return None,
            None => {}
        }
        if let Some(id) = listed(id) {
            return Some(Named::Listed(id.to_owned().into()));
        }
        let graph = self.graph;
        let element = graph.get(graph.find(id)?)?;
        match element.class?.name {
            "simplelicensing_LicenseExpression" => {
                let expression = text(&element.object, "simplelicensing_licenseExpression")?;
                match &**expression {
                    "NOASSERTION" => None,
                    "NONE" => Some(Named::Other("NONE".into())),
                    _ => Some(Named::Expression(self.shared.text(expression))),
                }
            }
            "expandedlicensing_ConjunctiveLicenseSet"
            | "expandedlicensing_DisjunctiveLicenseSet"
            | "expandedlicensing_OrLaterOperator"
            | "expandedlicensing_WithAdditionOperator" => {
                if !self.expressions.contains_key(id) {
                    let mut expression = String::new();
                    let whole = self.write(&element.object, 0, &mut expression);
                    let written = whole.map(|()| expression.into());
                    self.expressions.insert(id.clone(), written);
                }
                match self.expressions.get(id) {
                    Some(Some(written)) => Some(Named::Expression(self.shared.text(written))),
                    _ => Some(Named::Other(self.shared.text(id))),
                }
            }
            _ => {
                let name = text(&element.object, "name").unwrap_or(id);
                Some(Named::Other(self.shared.text(name)))
            }
        }
    }

    /// Writes an expression (SPDX 3.0.1, annex B). None if it gets too long or too deep, or
    /// a part of it has no name that an expression may hold.
    fn write(&self, object: &Object<'a>, depth: usize, out: &mut String) -> Option<()> {
        let part = |name: &str| object.get(name);
        match object.get("type")?.text()? {
            "expandedlicensing_ConjunctiveLicenseSet" => {
                self.set(part("expandedlicensing_member")?, " AND ", depth, out)
            }
            "expandedlicensing_DisjunctiveLicenseSet" => {
                self.set(part("expandedlicensing_member")?, " OR ", depth, out)
            }
            "expandedlicensing_OrLaterOperator" => {
                self.operand(part("expandedlicensing_subjectLicense")?, depth, out)?;
                append(out, "+")
            }
            "expandedlicensing_WithAdditionOperator" => {
                let licence = part("expandedlicensing_subjectExtendableLicense")?;
                self.operand(licence, depth, out)?;
                append(out, " WITH ")?;
                self.operand(part("expandedlicensing_subjectAddition")?, depth, out)
            }
            "simplelicensing_LicenseExpression" => {
                let inner = text(object, "simplelicensing_licenseExpression")?;
                let simple = !inner.contains(' ');
                append(out, if simple { "" } else { "(" })?;
                append(out, inner)?;
                append(out, if simple { "" } else { ")" })
            }
            _ => None,
        }
    }

    fn set(&self, members: &Node<'a>, word: &str, depth: usize, out: &mut String) -> Option<()> {
        append(out, if depth == 0 { "" } else { "(" })?;
        for (index, member) in values(members).iter().enumerate() {
            append(out, if index == 0 { "" } else { word })?;
            self.operand(member, depth, out)?;
        }
        append(out, if depth == 0 { "" } else { ")" })
    }

    fn operand(&self, node: &Node<'a>, depth: usize, out: &mut String) -> Option<()> {
        if depth == MOST_DEPTH {
            return None;
        }
        if let Some(id) = node.text().and_then(listed) {
            return append(out, id);
        }
        let graph = self.graph;
        let (object, _) = graph.object(node, &crate::json::Pointer::root())?;
        if let Some(id) = text(object, "spdxId").and_then(|id| listed(id)) {
            return append(out, id);
        }
        let class = object.get("type")?.text()?;
        let prefix = match class {
            "expandedlicensing_CustomLicense" => "LicenseRef-",
            "expandedlicensing_CustomLicenseAddition" => "AdditionRef-",
            _ => return self.write(object, depth + 1, out),
        };
        let name = text(object, "name")?;
        let plain = name.strip_prefix(prefix).unwrap_or(name);
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
        if plain.is_empty() || !plain.bytes().all(good) {
            return None;
        }
        append(out, prefix)?;
        append(out, plain)
    }
}

fn append(out: &mut String, text: &str) -> Option<()> {
    if out.len() + text.len() > LONGEST {
        return None;
    }
    out.push_str(text);
    Some(())
}
