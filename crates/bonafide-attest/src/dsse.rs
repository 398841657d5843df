//! Dead Simple Signing Envelope (DSSE v1.0): what exactly is signed.

/// The only payload type that a model signature may have (OMS v1.0 §4).
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// Pre-authentication encoding, DSSE v1.0 "Signature Definition":
/// `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`, lengths in ASCII decimal.
pub(crate) fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    let mut encoding = Vec::with_capacity(head.len().saturating_add(payload.len()));
    encoding.extend_from_slice(head.as_bytes());
    encoding.extend_from_slice(payload);
    encoding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_the_example_of_the_specification() {
        assert_eq!(
            pre_authentication_encoding("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }
}
