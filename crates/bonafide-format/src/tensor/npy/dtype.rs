//! What the elements of an array are, from the `descr` of its header.

use super::literal::Literal;

/// What follows the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// So many bytes for each element.
    Sized(u64),
    /// One pickle of all elements.
    Objects,
}

/// What `descr` says; None if its spelling is not known.
pub(super) fn content(descr: &Literal) -> Option<Content> {
    match descr {
        Literal::Text(text) => simple(text),
        Literal::List(columns) => columns.iter().try_fold(Content::Sized(0), |sum, column| {
            let Literal::Tuple(parts) = column else {
                return None;
            };
            let (kind, shape) = match parts.as_slice() {
                [name, kind] if is_name(name) => (kind, None),
                [name, kind, shape] if is_name(name) => (kind, Some(shape)),
                _ => return None,
            };
            let times = match shape {
                None => 1,
                Some(Literal::Tuple(lengths)) => {
                    lengths.iter().try_fold(1_u64, |product, length| {
                        product.checked_mul(length.unsigned()?)
                    })?
                }
                Some(length) => length.unsigned()?,
            };
            Some(match (sum, content(kind)?) {
                (Content::Sized(sum), Content::Sized(bytes)) => {
                    Content::Sized(sum.checked_add(bytes.checked_mul(times)?)?)
                }
                _ => Content::Objects,
            })
        }),
        // A type with a shape of its own.
        Literal::Tuple(parts) => match parts.as_slice() {
            [kind, Literal::Tuple(lengths)] => match content(kind)? {
                Content::Objects => Some(Content::Objects),
                Content::Sized(bytes) => lengths
                    .iter()
                    .try_fold(bytes, |product, length| {
                        product.checked_mul(length.unsigned()?)
                    })
                    .map(Content::Sized),
            },
            _ => None,
        },
        _ => None,
    }
}

/// The name of a column, or its title and name.
fn is_name(name: &Literal) -> bool {
    match name {
        Literal::Text(_) => true,
        Literal::Tuple(both) => matches!(both.as_slice(), [Literal::Text(_), Literal::Text(_)]),
        _ => false,
    }
}

/// A type in NumPy's notation: order of bytes, kind, size. NumPy writes only these; names
/// are what other programs write.
fn simple(text: &str) -> Option<Content> {
    let named = match text {
        "bool" | "int8" | "uint8" => Some(1),
        "int16" | "uint16" | "float16" => Some(2),
        "int32" | "uint32" | "float32" => Some(4),
        "int64" | "uint64" | "float64" | "complex64" => Some(8),
        "complex128" => Some(16),
        "object" => return Some(Content::Objects),
        _ => None,
    };
    if let Some(bytes) = named {
        return Some(Content::Sized(bytes));
    }
    let rest = text.strip_prefix(['<', '>', '|', '=']).unwrap_or(text);
    let mut characters = rest.chars();
    let kind = characters.next()?;
    let rest = characters.as_str();
    // Dates say their unit: `M8[ns]`.
    let (digits, unit) = match rest.find('[') {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, ""),
    };
    if !unit.is_empty() {
        let inner = unit.strip_prefix('[')?.strip_suffix(']')?;
        let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '/';
        if !matches!(kind, 'M' | 'm') || !inner.chars().all(letters) {
            return None;
        }
    }
    let size: Option<u64> = match digits {
        "" => None,
        _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
        _ => return None,
    };
    let bytes = match (kind, size) {
        ('O', _) => return Some(Content::Objects),
        ('b' | 'B' | '?' | 'c', None) | ('b' | 'i' | 'u', Some(1)) => 1,
        ('h' | 'H' | 'e', None) | ('i' | 'u' | 'f', Some(2)) => 2,
        ('f', None) | ('i' | 'u' | 'f', Some(4)) => 4,
        ('q' | 'Q' | 'd' | 'F', None) | ('i' | 'u' | 'f' | 'c' | 'M' | 'm', Some(8)) => 8,
        ('f', Some(bytes @ (10 | 12 | 16))) | ('c', Some(bytes @ (16 | 20 | 24 | 32))) => bytes,
        ('S' | 'a' | 'V', size) => size.unwrap_or(0),
        // Four bytes for each character.
        ('U', size) => size.unwrap_or(0).checked_mul(4)?,
        _ => return None,
    };
    Some(Content::Sized(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(descr: &str) -> Option<Content> {
        content(&super::super::literal::parse(descr, 0).unwrap().0)
    }

    #[test]
    fn sizes_are_those_of_numpy() {
        for (descr, bytes) in [
            ("'<f8'", 8),
            ("'|b1'", 1),
            ("'>c16'", 16),
            ("'<U5'", 20),
            ("'|S7'", 7),
            ("'<M8[ns]'", 8),
            ("'<m8[25s]'", 8),
            ("'|V3'", 3),
            (
                "[('a', '<i4'), (('title', 'b'), '<f8', (2, 3)), ('c', [('d', '|i1')])]",
                53,
            ),
        ] {
            assert_eq!(of(descr), Some(Content::Sized(bytes)), "{descr}");
        }
        for descr in [
            "'|O'",
            "'O8'",
            "[('a', '<i4'), ('b', '|O')]",
            "[('a', [('b', 'object')])]",
        ] {
            assert_eq!(of(descr), Some(Content::Objects), "{descr}");
        }
        for descr in [
            "'i4,O'",
            "'i3'",
            "''",
            "'f8[ns]'",
            "[('a',)]",
            "None",
            "'V99999999999999999999'",
        ] {
            assert_eq!(of(descr), None, "{descr}");
        }
    }
}
