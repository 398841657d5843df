//! The other form of an ECDSA-signed certificate.
//!
//! If (r, s) is a signature, so is (r, n − s), n being the order of the curve.
//! So anybody can turn a certificate into one with other bytes that holds as
//! well. Whoever denies a certificate by its digest means both.

use der::asn1::{BitString, Uint};
use der::{Decode, Encode, Header, Length, Tag};

/// Orders of P-256, P-384 and P-521 (SP 800-186 §3.2.1), big-endian.
const ORDERS: [&[u8]; 3] = [
    &[
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
        0x25, 0x51,
    ],
    &[
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37,
        0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc,
        0xc5, 0x29, 0x73,
    ],
    &[
        0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01,
        0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f,
        0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09,
    ],
];

/// The other forms of a signed document, one for each curve that its signature may
/// be on; none when the signature is not one of ECDSA.
pub(crate) fn twins(signed_part: &[u8], algorithm: &[u8], signature: &BitString) -> Vec<Vec<u8>> {
    let numbers = signature
        .as_bytes()
        .and_then(|bytes| Vec::<Uint>::from_der(bytes).ok());
    let Some([r, s]) = numbers.as_deref() else {
        return Vec::new();
    };
    ORDERS
        .iter()
        .filter_map(|order| {
            let other = Uint::new(&difference(order, s.as_bytes())?).ok()?;
            let signature = vec![r.clone(), other].to_der().ok()?;
            let signature = BitString::from_bytes(&signature).ok()?.to_der().ok()?;
            sequence(&[signed_part, algorithm, &signature])
        })
        .collect()
}

/// `larger − smaller`, big-endian; none when that is negative.
fn difference(larger: &[u8], smaller: &[u8]) -> Option<Vec<u8>> {
    let padding = larger.len().checked_sub(smaller.len())?;
    let smaller = std::iter::repeat_n(0, padding).chain(smaller.iter().copied());
    let smaller: Vec<u8> = smaller.collect();
    let mut borrow = false;
    let mut digits: Vec<u8> = larger
        .iter()
        .zip(&smaller)
        .rev()
        .map(|(left, right)| {
            let (digit, first) = left.overflowing_sub(*right);
            let (digit, second) = digit.overflowing_sub(u8::from(borrow));
            borrow = first || second;
            digit
        })
        .collect();
    digits.reverse();
    (!borrow).then_some(digits)
}

fn sequence(parts: &[&[u8]]) -> Option<Vec<u8>> {
    let content = parts.concat();
    let length = Length::try_from(content.len()).ok()?;
    let mut der = Header::new(Tag::Sequence, length).to_der().ok()?;
    der.extend(content);
    Some(der)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Certificate;
    use crate::path::tests::{chain, fixture, judge, june, store};

    #[test]
    fn a_difference_is_the_difference() {
        for (larger, smaller, expected) in [
            (&[1, 0, 0][..], &[1][..], Some(vec![0, 255, 255])),
            (&[5, 5], &[5, 5], Some(vec![0, 0])),
            (&[5, 4], &[5, 5], None),
            (&[5], &[0, 5], None),
        ] {
            assert_eq!(difference(larger, smaller), expected);
        }
    }

    /// The twin holds as well, has another digest, and names the original as its twin.
    #[test]
    fn a_twin_is_a_certificate_that_holds() {
        let path = chain("good");
        let mut holding = 0;
        for twin in path[0].twins() {
            let twin = Certificate::from_der(&twin).unwrap();
            assert_ne!(twin.fingerprint(), path[0].fingerprint());
            if twin.is_signed_by(&path[1]) {
                assert_eq!(
                    judge(&[twin.clone(), path[1].clone()], &store("root"), june()),
                    None
                );
                assert!(twin.twins().iter().any(|back| back == path[0].der()));
                holding += 1;
            }
        }
        assert_eq!(holding, 1);
        let rsa = Certificate::from_pem(&fixture("pss/sha256")).unwrap();
        assert!(rsa[0].twins().is_empty());
    }
}
