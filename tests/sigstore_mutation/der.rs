//! Damage to each part of a DER document by itself.

/// An element: where its tag, its length and its contents are.
struct Element {
    path: String,
    start: usize,
    contents: usize,
    end: usize,
}

/// A copy of a document with one bit flipped.
pub struct Damage {
    /// Which element, as places in those around it: `.0.1` is the second in the first.
    pub path: String,
    /// What of it.
    pub part: &'static str,
    pub bytes: Vec<u8>,
}

/// Copies of the document with one bit flipped: in the tag, in the length, and in the
/// first, middle and last byte of the contents of every element that holds no others.
pub fn damaged(document: &[u8]) -> Vec<Damage> {
    let mut elements = Vec::new();
    walk(document, 0..document.len(), "", &mut elements);
    let mut copies = Vec::new();
    for element in &elements {
        let mut flip = |part: &'static str, position: usize, bit: u8| {
            let mut bytes = document.to_vec();
            bytes[position] ^= bit;
            copies.push(Damage {
                path: element.path.clone(),
                part,
                bytes,
            });
        };
        flip("tag", element.start, 0x02);
        flip("length", element.start + 1, 0x01);
        let holds_others = elements
            .iter()
            .any(|other| other.start >= element.contents && other.end <= element.end);
        if !holds_others && element.contents < element.end {
            let middle = usize::midpoint(element.contents, element.end);
            flip("first", element.contents, 0x01);
            flip("middle", middle, 0x04);
            flip("last", element.end - 1, 0x01);
        }
    }
    copies
}

/// Finds the elements, also inside of octet strings that hold DER, as extensions do.
fn walk(
    document: &[u8],
    range: std::ops::Range<usize>,
    path: &str,
    found: &mut Vec<Element>,
) -> bool {
    let mut start = range.start;
    let mut number = 0;
    while start < range.end {
        let Some((contents, end)) = extent(document, start) else {
            return false;
        };
        if end > range.end {
            return false;
        }
        let path = format!("{path}.{number}");
        let tag = document[start];
        found.push(Element {
            path: path.clone(),
            start,
            contents,
            end,
        });
        let before = found.len();
        // Constructed, or an octet string.
        if (tag & 0x20 != 0 || tag == 0x04)
            && contents < end
            && !walk(document, contents..end, &path, found)
        {
            // An octet string of something else, or what looks like DER inside of one.
            found.truncate(before);
            if tag != 0x04 {
                return false;
            }
        }
        start = end;
        number += 1;
    }
    true
}

/// Where the contents of the element begin and end.
fn extent(document: &[u8], start: usize) -> Option<(usize, usize)> {
    let length = *document.get(start + 1)?;
    let (contents, length) = match length {
        0..=0x7f => (start + 2, usize::from(length)),
        0x81 => (start + 3, usize::from(*document.get(start + 2)?)),
        0x82 => {
            let high = usize::from(*document.get(start + 2)?);
            (
                start + 4,
                high << 8 | usize::from(*document.get(start + 3)?),
            )
        }
        _ => return None,
    };
    let end = contents + length;
    (end <= document.len()).then_some((contents, end))
}

/// What of an RFC 3161 response its authority does not sign (RFC 5652 §5.4): the status,
/// the version numbers, the summary of algorithms, certificates that come along, and the
/// name of the signature's algorithm, which is that of the trusted key. Nobody reads the
/// tag of the octet string that holds what is signed.
pub fn is_unsigned(token: &[u8], damage: &Damage) -> bool {
    let mut elements = Vec::new();
    walk(token, 0..token.len(), "", &mut elements);
    const DATA: &str = ".0.1.1.0";
    let signers = match elements.iter().any(|element| element.path == ".0.1.1.0.4") {
        true => 4,
        false => 3,
    };
    let mut unsigned = vec![
        ".0.0".to_owned(),
        format!("{DATA}.0"),
        format!("{DATA}.1"),
        format!("{DATA}.{signers}.0.0"),
        format!("{DATA}.{signers}.0.4"),
    ];
    if signers == 4 {
        unsigned.push(format!("{DATA}.3"));
    }
    let inside = |prefix: &String| {
        let rest = damage.path.strip_prefix(prefix.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    unsigned.iter().any(inside) || (damage.path == ".0.1.1.0.2.1.0" && damage.part == "tag")
}
