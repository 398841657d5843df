//! PEM files (RFC 7468): which blocks are in them, and what they are.

use pem::Pem;

use crate::rejection::excerpt;

/// Most blocks that one file may hold.
const MOST_BLOCKS: usize = 1_000;

/// Why a PEM file is unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PemError {
    /// No block, or a broken one.
    #[error("not a PEM file: {detail}")]
    Malformed {
        /// What the parser met.
        detail: String,
    },
    /// More blocks than anybody needs.
    #[error("PEM file holds {found} blocks, more than {MOST_BLOCKS}")]
    TooMany {
        /// How many there are.
        found: usize,
    },
}

pub(crate) fn blocks(text: &[u8]) -> Result<Vec<Pem>, PemError> {
    let blocks = pem::parse_many(text).map_err(|error| PemError::Malformed {
        detail: excerpt(&error.to_string(), 200),
    })?;
    if blocks.is_empty() {
        return Err(PemError::Malformed {
            detail: "no `-----BEGIN …-----` block".to_owned(),
        });
    }
    // The parser passes over a block that is cut off; a file that is cut off is refused.
    let begun = text
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|line| line.starts_with(b"-----BEGIN "))
        .count();
    if begun > blocks.len() {
        return Err(PemError::Malformed {
            detail: format!("{begun} blocks begin, {} are whole", blocks.len()),
        });
    }
    if blocks.len() > MOST_BLOCKS {
        return Err(PemError::TooMany {
            found: blocks.len(),
        });
    }
    Ok(blocks)
}

/// The PEM text of a block as OpenSSL and Python's `cryptography` write it:
/// lines of 64 characters, `\n`, a newline at the end.
pub(crate) fn encode(tag: &str, contents: &[u8]) -> String {
    pem::encode_config(
        &Pem::new(tag, contents),
        pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
    )
}
