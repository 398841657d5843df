//! Hashes of content, as indexes write them.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

/// SHA-256 of some content.
pub(super) type Sha256 = [u8; 32];

/// Reads a SHA-256 in hexadecimal or base64 (standard or for URLs, with padding or
/// without), alone or after `sha256:` or `sha256-` (W3C Subresource Integrity, 3.5).
/// Anything else, MD5 among it, is none.
pub(super) fn parse(text: &str) -> Option<Sha256> {
    let text = text.trim();
    let bare = match text.split_at_checked(7) {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("sha256:") || scheme.eq_ignore_ascii_case("sha256-") =>
        {
            rest
        }
        _ => text,
    };
    let bytes = bare.as_bytes();
    let decoded = match bytes.len() {
        64 => HEXLOWER_PERMISSIVE.decode(bytes).ok(),
        44 => BASE64
            .decode(bytes)
            .or_else(|_| BASE64URL.decode(bytes))
            .ok(),
        43 => BASE64_NOPAD
            .decode(bytes)
            .or_else(|_| BASE64URL_NOPAD.decode(bytes))
            .ok(),
        _ => None,
    };
    decoded?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_usual_notation() {
        let hexadecimal = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hash = parse(hexadecimal).unwrap();
        for text in [
            "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
            " sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
            "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0",
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
        ] {
            assert_eq!(parse(text), Some(hash), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "900150983cd24fb0d6963f7d28e17f72",
            "https://github.com/mlcommons/croissant/issues/80",
            "zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "sha256:",
            "sha512-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
            "äungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
