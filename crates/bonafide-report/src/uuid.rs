//! UUIDs that follow from what they name (RFC 9562, version 5), so that the same run gives the
//! same bytes.

use std::fmt;

use bonafide_core::Report;
use sha1::{Digest as _, Sha1};

/// A UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Uuid([u8; 16]);

/// Appendix C of RFC 9562.
const NAMESPACE_URL: Uuid = Uuid([
    0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
]);

impl Uuid {
    /// The UUID of a name in the namespace of this one. SHA-1 is what the RFC asks for; nothing
    /// is proven by it.
    pub(crate) fn named(self, name: &[u8]) -> Self {
        let digest: [u8; 20] = Sha1::new()
            .chain_update(self.0)
            .chain_update(name)
            .finalize()
            .into();
        let [
            a,
            b,
            c,
            d,
            e,
            f,
            version,
            g,
            variant,
            h,
            i,
            j,
            k,
            l,
            m,
            n,
            ..,
        ] = digest;
        let (version, variant) = ((version & 0x0f) | 0x50, (variant & 0x3f) | 0x80);
        Self([a, b, c, d, e, f, version, g, variant, h, i, j, k, l, m, n])
    }

    /// The UUID of a part, by what it is and its own name.
    pub(crate) fn part(self, kind: &str, name: &str) -> Self {
        self.named(kind.as_bytes()).named(name.as_bytes())
    }

    /// The UUID of a report: of everything that it says.
    pub(crate) fn of_report(report: &Report) -> Result<Self, serde_json::Error> {
        let namespace = NAMESPACE_URL.named(crate::vsa::VERIFIER_ID.as_bytes());
        Ok(namespace.named(&serde_json::to_vec(report)?))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                formatter.write_str("-")?;
            }
            write!(formatter, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMESPACE_URL, Uuid};

    #[test]
    fn agrees_with_others() {
        // Appendix A.4 of RFC 9562.
        let dns = Uuid([
            0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4,
            0x30, 0xc8,
        ]);
        let example = dns.named(b"www.example.com");
        assert_eq!(example.to_string(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
        assert_eq!(
            NAMESPACE_URL.to_string(),
            "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
        );
    }
}
