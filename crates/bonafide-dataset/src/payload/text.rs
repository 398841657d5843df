//! One text.

use super::places::Places;
use super::{control, invisible, markup};

/// What the bytes of a text show at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Contents {
    beyond_ascii: bool,
    control: bool,
    less_than: bool,
}

/// True if bytes may hold something, which costs a fraction of looking. All texts of a
/// batch are asked about at once.
pub(super) fn may_hide(bytes: &[u8]) -> bool {
    let contents = contents(bytes);
    contents.beyond_ascii || contents.control || may_be_markup(bytes, contents)
}

fn may_be_markup(bytes: &[u8], contents: Contents) -> bool {
    contents.less_than
        || markup::may_be_markdown(bytes)
        || memchr::memmem::find(bytes, b"&#").is_some()
}

/// Without branches, so that it is done on many bytes at a time.
fn contents(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    for block in bytes.chunks(4_096) {
        let (mut high, mut control, mut less) = (0_u8, 0_u8, 0_u8);
        for byte in block {
            high |= *byte;
            // Tab, line feed, vertical tab, form feed and carriage return are white space.
            control |=
                u8::from((*byte < 0x20) & (byte.wrapping_sub(9) > 4)) | u8::from(*byte == 0x7F);
            less |= u8::from(*byte == b'<');
        }
        contents.beyond_ascii |= high >= 0x80;
        contents.control |= control != 0;
        contents.less_than |= less != 0;
    }
    contents
}

/// What a text hides.
pub(super) fn look(text: &str) -> Places {
    let mut places = Places::default();
    let contents = contents(text.as_bytes());
    if contents.control {
        control::ascii(text, &mut places);
    }
    if contents.beyond_ascii {
        invisible::look(text, &mut places);
    }
    if may_be_markup(text.as_bytes(), contents) {
        markup::look(text, &mut places);
    }
    places
}
