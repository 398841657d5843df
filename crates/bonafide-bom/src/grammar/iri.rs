//! References: RFC 3986 for URIs, RFC 3987 for IRIs. Syntax alone; nothing is resolved.

use core::net::Ipv6Addr;

/// Which of the two grammars.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Uri,
    Iri,
}

/// RFC 3987 §2.2 `IRI-reference`.
pub(super) fn is_iri_reference(text: &str) -> bool {
    match scheme(text) {
        Some(rest) => is_hierarchical(rest, Alphabet::Iri),
        None => is_relative(text, Alphabet::Iri),
    }
}

/// RFC 3986 §3 `URI`.
pub(super) fn is_uri(text: &str) -> bool {
    scheme(text).is_some_and(|rest| is_hierarchical(rest, Alphabet::Uri))
}

/// What follows `scheme ":"`, if the text starts with it.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    (scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(known))
        .then_some(rest)
}

/// `relative-ref`, whose first segment has no colon.
fn is_relative(text: &str, alphabet: Alphabet) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    !first.contains(':') && is_hierarchical(text, alphabet)
}

/// Authority, path, query and fragment; everything after the scheme.
fn is_hierarchical(text: &str, alphabet: Alphabet) -> bool {
    let (rest, fragment) = match text.split_once('#') {
        Some((rest, fragment)) => (rest, fragment),
        None => (text, ""),
    };
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, query),
        None => (rest, ""),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let private = |character| alphabet == Alphabet::Iri && is_private(character);
    is_authority(authority, alphabet)
        && is_made_of(path, alphabet, |other| ":@/".contains(other))
        && is_made_of(query, alphabet, |other| {
            ":@/?".contains(other) || private(other)
        })
        && is_made_of(fragment, alphabet, |other| ":@/?".contains(other))
}

/// `[ userinfo "@" ] host [ ":" port ]`.
fn is_authority(text: &str, alphabet: Alphabet) -> bool {
    let (user, place) = text.split_once('@').unwrap_or(("", text));
    let (host, port) = if place.starts_with('[') {
        let Some((literal, port)) = place.split_once(']') else {
            return false;
        };
        let literal = literal.get(1..).unwrap_or_default();
        if !is_address(literal) {
            return false;
        }
        ("", port)
    } else {
        place.split_at(place.find(':').unwrap_or(place.len()))
    };
    let port = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    port && is_made_of(user, alphabet, |other| other == ':')
        && is_made_of(host, alphabet, |_| false)
}

/// What may stand between brackets: `IPv6address / IPvFuture`.
fn is_address(text: &str) -> bool {
    let Some(future) = text.strip_prefix(['v', 'V']) else {
        return text.parse::<Ipv6Addr>().is_ok();
    };
    let Some((version, address)) = future.split_once('.') else {
        return false;
    };
    !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !address.is_empty()
        && !address.contains('%')
        && is_made_of(address, Alphabet::Uri, |other| other == ':')
}

/// `*( unreserved / pct-encoded / sub-delims )`, and what else is allowed there.
fn is_made_of(text: &str, alphabet: Alphabet, also: impl Fn(char) -> bool) -> bool {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let known = match character {
            '%' => {
                let digit = |next: Option<char>| next.is_some_and(|next| next.is_ascii_hexdigit());
                digit(characters.next()) && digit(characters.next())
            }
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' => true,
            '!' | '$' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | ';' | '=' => true,
            other => also(other) || (alphabet == Alphabet::Iri && is_international(other)),
        };
        if !known {
            return false;
        }
    }
    true
}

/// RFC 3987 §2.2 `ucschar`.
fn is_international(character: char) -> bool {
    match u32::from(character) {
        0xA0..=0xD7FF | 0xF900..=0xFDCF | 0xFDF0..=0xFFEF => true,
        // The tag characters of plane 14 start a row later than other planes.
        0xE_0000..=0xE_0FFF => false,
        code @ 0x1_0000..=0xE_FFFF => code & 0xFFFF < 0xFFFE,
        _ => false,
    }
}

/// RFC 3987 §2.2 `iprivate`.
fn is_private(character: char) -> bool {
    match u32::from(character) {
        0xE000..=0xF8FF => true,
        code @ 0xF_0000.. => code & 0xFFFF < 0xFFFE,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_every_form_are_known() {
        for text in [
            "",
            "#",
            "?",
            "a",
            "./a:b",
            "a/b:c",
            "//",
            "//host",
            "http://user:pass@host:80/a?b=c#d",
            "http://[::1]:8080/",
            "http://[::ffff:1.2.3.4]",
            "http://[v7.a:b]/",
            "http://host:/",
            "http://münchen.example/straße?x=\u{e000}#é",
            "urn:uuid:1",
            "mailto:a@b",
            "file:///a%20b",
            "git@github.com:owner/name.git".get(..14).unwrap(),
            "a:",
            "//[::]",
        ] {
            assert!(is_iri_reference(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in [
            "git@github.com:owner/name.git",
            ":a",
            "1a:b",
            "a b",
            "a%2",
            "a%zz",
            "a%é0",
            "<a>",
            "http://[::1",
            "http://[::g]/",
            "http://[1.2.3.4]/",
            "http://[::1%25eth0]/",
            "http://[v.a]/",
            "http://[v1.]/",
            "http://[v1.%20]/",
            "http://[::1]x/",
            "http://host:8a/",
            "http://a:b:c/",
            "http://a@b@c/",
            "a#b#c",
            "a\\b",
            "a^b",
            "a|b",
            "a\"b",
            "a`b",
            "a{b}",
            "[a]",
            "a[b",
            "a\n",
            "a\u{7f}",
            "a\u{e000}",
            "a\u{fdd0}",
            "a\u{fffe}",
            "a\u{1fffe}",
            "a\u{e0001}",
            "a#\u{e000}",
            "a?\u{ffffe}",
        ] {
            assert!(!is_iri_reference(text), "{text}");
        }
    }

    #[test]
    fn a_uri_has_a_scheme_and_no_other_letters() {
        for text in ["a:", "urn:x", "HTTP://h/%C3%A9", "a+b-c.1:x"] {
            assert!(is_uri(text), "{text}");
        }
        for text in ["", "a", "//h", "a:é", "é:a", "a:?\u{e000}", "ES256"] {
            assert!(!is_uri(text), "{text}");
        }
    }
}
