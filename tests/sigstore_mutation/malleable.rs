//! The other signature: if (r, s) holds, so does (r, n - s).

/// Order of the group of P-256 (SEC 2 §2.4.2).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The twin of a P-256 signature in DER (RFC 3279 §2.2.3), or none if it is no such one.
pub fn other_signature(signature: &[u8]) -> Option<Vec<u8>> {
    let (&[0x30, length], body) = signature.split_first_chunk::<2>()? else {
        return None;
    };
    if usize::from(length) != body.len() {
        return None;
    }
    let (r, rest) = integer(body)?;
    let (s, rest) = integer(rest)?;
    let mut digits = [0; 32];
    let s = s.strip_prefix(&[0]).unwrap_or(s);
    if !rest.is_empty() || s.len() > 32 {
        return None;
    }
    digits[32 - s.len()..].copy_from_slice(s);
    let mut other = [0; 32];
    let mut borrow = 0;
    for place in (0..32).rev() {
        let difference = i16::from(ORDER[place]) - i16::from(digits[place]) - borrow;
        borrow = i16::from(difference < 0);
        other[place] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    let start = other.iter().position(|&byte| byte != 0)?;
    let mut other = other[start..].to_vec();
    if other[0] & 0x80 != 0 {
        other.insert(0, 0);
    }
    let mut body = element(r);
    body.extend(element(&other));
    let mut whole = vec![0x30, u8::try_from(body.len()).unwrap()];
    whole.extend(body);
    Some(whole)
}

fn integer(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[0x02, length], rest) = bytes.split_first_chunk::<2>()? else {
        return None;
    };
    rest.split_at_checked(usize::from(length))
}

fn element(contents: &[u8]) -> Vec<u8> {
    let mut element = vec![0x02, u8::try_from(contents.len()).unwrap()];
    element.extend(contents);
    element
}
