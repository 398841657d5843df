//! E-mail addresses: RFC 5321 §4.1.2 `Mailbox`, with the letters of RFC 6531 §3.3.

use core::net::{Ipv4Addr, Ipv6Addr};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// RFC 5321 §4.5.3.1.1, in octets.
const MOST_LOCAL: usize = 64;
/// RFC 5321 §4.5.3.1.2, in octets.
const MOST_DOMAIN: usize = 255;

/// Is it a local part, `@`, and a domain? A name before an address in angle brackets is
/// part of a message header (RFC 5322 §3.4), not of a mailbox.
pub(super) fn is_mailbox(text: &str) -> bool {
    // A domain holds no `@`; a quoted local part may.
    text.rsplit_once('@')
        .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

/// `Dot-string / Quoted-string`.
fn is_local_part(text: &str) -> bool {
    if text.is_empty() || text.len() > MOST_LOCAL {
        return false;
    }
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').is_some_and(is_quoted),
        None => text.split('.').all(is_atom),
    }
}

fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|character| {
            character.is_ascii_alphanumeric()
                || "!#$%&'*+-/=?^_`{|}~".contains(character)
                || !character.is_ascii()
        })
}

/// `*QcontentSMTP`: printable characters, `"` and `\` with a `\` before them.
fn is_quoted(text: &str) -> bool {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let known = match character {
            '\\' => matches!(characters.next(), Some(' '..='~')),
            '"' => false,
            ' '..='~' => true,
            other => !other.is_ascii(),
        };
        if !known {
            return false;
        }
    }
    true
}

/// `Domain / address-literal`.
fn is_domain(text: &str) -> bool {
    if text.len() > MOST_DOMAIN {
        return false;
    }
    if let Some(rest) = text.strip_prefix('[') {
        return rest.strip_suffix(']').is_some_and(is_address);
    }
    is_host_name(text)
}

/// `IPv4-address-literal / IPv6-address-literal`; no other is registered.
fn is_address(text: &str) -> bool {
    match text.split_at_checked("IPv6:".len()) {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => {
            address.parse::<Ipv6Addr>().is_ok()
        }
        _ => text.parse::<Ipv4Addr>().is_ok(),
    }
}

/// A name that can be looked up: labels of letters, digits and inner hyphens, or their
/// international form, which is held against UTS 46.
fn is_host_name(text: &str) -> bool {
    let ascii = Uts46::new().to_ascii(
        text.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::Check,
        DnsLength::Verify,
    );
    ascii.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_are_known() {
        for text in [
            "a@b",
            "first.last+tag@sub.example.org",
            "\"a b@c\\\"\"@example.org",
            "\"\"@example.org",
            "用户@例え.jp",
            "a@xn--mnchen-3ya.example",
            "a@[127.0.0.1]",
            "a@[IPv6:::1]",
            "!#$%&'*+-/=?^_`{|}~@example.org",
        ] {
            assert!(is_mailbox(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_mailbox_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@b",
            ".a@b",
            "a.@b",
            "a..b@c",
            "a b@c",
            "a@b c",
            "a@b@c",
            "\"a@b",
            "\"@b",
            "\"a\"b\"@c",
            "\"a\\\"@c",
            "a@-b",
            "a@b-",
            "a@b..c",
            "a@.b",
            "a@b.",
            "a@b_c",
            "a@[127.0.0.256]",
            "a@[::1]",
            "a@[IPv6:1]",
            "a@[127.0.0.1",
            "Name <a@b>",
            "<a@b>",
            "a@b\n",
            "(x)a@b",
            "a@xn--\u{fffd}",
            &long,
        ] {
            assert!(!is_mailbox(text), "{text}");
        }
    }
}
