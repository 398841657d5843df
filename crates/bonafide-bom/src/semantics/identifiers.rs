//! Identifiers besides package URLs, and names that identify nothing.

use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::Component;

/// Written where a name or a version should be.
const PLACEHOLDERS: [&str; 16] = [
    "unknown",
    "noassertion",
    "none",
    "n/a",
    "na",
    "null",
    "nil",
    "undefined",
    "todo",
    "tbd",
    "fixme",
    "placeholder",
    "unnamed",
    "untitled",
    "example",
    "?",
];

pub(super) fn examine(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    cpe(component, pointer, found);
    software_heritage(component, pointer, found);
    omnibor(component, pointer, found);
    name(component, pointer, found);
    version(component, pointer, found);
}

fn is_hexadecimal(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn cpe(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    let Some(text) = component.cpe.as_deref() else {
        return;
    };
    let at = pointer.member("cpe");
    let Some(parts) = cpe_parts(text) else {
        let cpe = quote(text);
        found.add(&at, DefectKind::CpeInvalid { cpe });
        return;
    };
    let version = parts.get(3).map(|version| version.replace('\\', ""));
    if let (Some(version), Some(stated)) = (version, component.version.as_deref())
        && !matches!(&*version, "" | "*" | "-")
        && !stated.is_empty()
        && !stated
            .trim_start_matches('v')
            .to_ascii_lowercase()
            .starts_with(&*version.to_ascii_lowercase())
    {
        let kind = DefectKind::CpeVersionDiffers {
            cpe: quote(&version),
            component: quote(stated),
        };
        found.add(&at, kind);
    }
}

/// Part, vendor, product, version and so on, of either binding (NISTIR 7695 §6.1, §6.2).
fn cpe_parts(text: &str) -> Option<Vec<&str>> {
    if text
        .bytes()
        .any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
    {
        return None;
    }
    let (rest, formatted) = match text.strip_prefix("cpe:2.3:") {
        Some(rest) => (rest, true),
        None => (text.strip_prefix("cpe:/")?, false),
    };
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (index, byte) in rest.bytes().enumerate() {
        match byte {
            b'\\' if formatted => escaped = !escaped,
            b':' if !escaped => {
                parts.push(rest.get(start..index)?);
                start = index + 1;
                if parts.len() > 11 {
                    return None;
                }
            }
            _ => escaped = false,
        }
    }
    parts.push(rest.get(start..)?);
    let part = parts.first().copied()?;
    let whole = if formatted {
        parts.len() == 11 && parts.iter().all(|part| !part.is_empty())
    } else {
        parts.len() <= 7
    };
    let kinds: &[&str] = if formatted {
        &["a", "h", "o", "*", "-"]
    } else {
        &["a", "h", "o"]
    };
    (whole && kinds.contains(&part)).then_some(parts)
}

/// `swh:1:<type>:<40 digits>`, and qualifiers after semicolons.
fn software_heritage(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    for (index, text) in component.swhid.iter().enumerate() {
        let core = text.split(';').next().unwrap_or_default();
        let valid = core
            .strip_prefix("swh:1:")
            .and_then(|rest| rest.split_once(':'))
            .is_some_and(|(kind, digits)| {
                matches!(kind, "cnt" | "dir" | "rev" | "rel" | "snp") && is_hexadecimal(digits, 40)
            });
        let qualified = text.split(';').skip(1).all(|qualifier| {
            qualifier
                .split_once('=')
                .is_some_and(|(name, _)| !name.is_empty())
        });
        if !valid || !qualified {
            let identifier = quote(text);
            let at = pointer.member("swhid").element(index);
            found.add(&at, DefectKind::SwhidInvalid { identifier });
        }
    }
}

/// `gitoid:<object>:<algorithm>:<digits>`.
fn omnibor(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    for (index, text) in component.omnibor_id.iter().enumerate() {
        let mut parts = text.split(':');
        let valid = parts.next() == Some("gitoid")
            && matches!(parts.next(), Some("blob" | "tree" | "commit" | "tag"))
            && match (parts.next(), parts.next()) {
                (Some("sha1"), Some(digits)) => is_hexadecimal(digits, 40),
                (Some("sha256"), Some(digits)) => is_hexadecimal(digits, 64),
                _ => false,
            }
            && parts.next().is_none();
        if !valid {
            let identifier = quote(text);
            let at = pointer.member("omniborId").element(index);
            found.add(&at, DefectKind::OmniborInvalid { identifier });
        }
    }
}

fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || PLACEHOLDERS
            .iter()
            .any(|placeholder| text.eq_ignore_ascii_case(placeholder))
}

/// Generators that were given no name write the number of their job, or its time.
fn is_job(name: &str) -> bool {
    ["job-", "run-", "task-"].iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            let digits = rest.bytes().filter(u8::is_ascii_digit).count();
            digits >= 8
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || b"-_:.TZ".contains(&byte))
        })
    })
}

fn name(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    if let Some(name) = component.name.as_deref()
        && (is_placeholder(name) || is_job(name))
    {
        let name = quote(name);
        found.add(
            &pointer.member("name"),
            DefectKind::NamePlaceholder { name },
        );
    }
}

fn version(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    // An empty version is how documents before 1.4 say that there is none.
    if let Some(version) = component.version.as_deref()
        && !version.is_empty()
        && is_placeholder(version)
    {
        let version = quote(version);
        found.add(
            &pointer.member("version"),
            DefectKind::VersionPlaceholder { version },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_cpe_names() {
        for good in [
            "cpe:2.3:a:acme:a\\:b:1.0:*:*:*:*:*:*:*",
            "cpe:/a:acme:application:9.1.1",
            "cpe:/o:acme:system",
        ] {
            assert!(cpe_parts(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "cpe:2.3:a:acme",
            "cpe:2.3:a::b:1:*:*:*:*:*:*:*",
            "cpe:/x:a",
            "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*:*",
        ] {
            assert!(cpe_parts(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn knows_names_that_are_none() {
        for bad in ["", "Unknown", "NOASSERTION", " n/a "] {
            assert!(is_placeholder(bad), "{bad}");
        }
        assert!(is_job("job-1769126400"));
        assert!(is_job("job-20260101T000000Z"));
        for good in ["job-scheduler", "job-42", "nano", "gpt2"] {
            assert!(!is_placeholder(good) && !is_job(good), "{good}");
        }
    }
}
