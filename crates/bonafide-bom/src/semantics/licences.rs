//! Licences, as far as one can judge their names.

use spdx::{Expression, LicenseItem, ParseMode, license_id};

use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::LicenseChoice;

/// Longest expression that is read.
const LONGEST: usize = 16 * 1024;

/// As the specification says, and what it said earlier: deprecated identifiers are told
/// apart from what never was one.
const MODE: ParseMode = ParseMode {
    allow_deprecated: true,
    allow_postfix_plus_on_gpl: true,
    ..ParseMode::STRICT
};

/// Rules about `licenses` of the element at `pointer`.
pub(super) fn examine(licenses: &[LicenseChoice<'_>], pointer: &Pointer, found: &mut Found) {
    for (index, choice) in licenses.iter().enumerate() {
        let at = || pointer.member("licenses").element(index);
        if let Some(text) = choice.expression.as_deref() {
            expression(text, || at().member("expression"), found);
        }
        let Some(license) = &choice.license else {
            continue;
        };
        if let Some(id) = license.id.as_deref()
            && license_id(id).is_some_and(spdx::LicenseId::is_deprecated)
        {
            let id = quote(id);
            found.add(
                &at().member("license").member("id"),
                DefectKind::LicenceDeprecated { id },
            );
        }
        if let Some(name) = license.name.as_deref()
            && license.id.is_none()
            && license_id(name).is_some_and(|known| known.name == name)
        {
            let name = quote(name);
            found.add(
                &at().member("license").member("name"),
                DefectKind::LicenceNameIsId { name },
            );
        }
    }
}

fn expression(text: &str, at: impl Fn() -> Pointer, found: &mut Found) {
    let reason = if text.len() > LONGEST {
        "too long".to_owned()
    } else {
        match Expression::parse_mode(text, MODE) {
            Ok(parsed) => {
                deprecated(&parsed, &at, found);
                return;
            }
            Err(error) => error.reason.to_string(),
        }
    };
    let expression = quote(text);
    let reason = quote(&reason);
    found.add(&at(), DefectKind::ExpressionInvalid { expression, reason });
}

fn deprecated(expression: &Expression, at: impl Fn() -> Pointer, found: &mut Found) {
    let mut told: Vec<&str> = Vec::new();
    for requirement in expression.requirements() {
        if let LicenseItem::Spdx { id, .. } = &requirement.req.license
            && id.is_deprecated()
            && !told.contains(&id.name)
        {
            told.push(id.name);
            let id = quote(id.name);
            found.add(&at(), DefectKind::LicenceDeprecated { id });
        }
    }
}
