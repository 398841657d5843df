//! Signatures: the JSON Signature Format, version 0.82.

use crate::grammar::format::Format;
use crate::grammar::rule::{
    Definition, Rule, Shape, TEXT, Tagged, formatted, list, member, one_of, refer, word,
};
use crate::version::SpecVersion::V1_3;

/// One signature, several of the same content, or a chain that signs one another.
pub(super) static SIGNATURE: Definition = Definition::of(
    "signature",
    one_of(&[refer(&SIGNERS), refer(&CHAIN), refer(&SIGNER)]),
);

/// Several that sign the same. None needs to be there, and an object without members
/// fits here and in [`CHAIN`], so that it is refused as no signature at all.
pub(super) static SIGNERS: Definition = Definition::object(
    "signers",
    Shape::of(&[member("signers", list(&refer(&SIGNER)))]),
);

/// Several of which each signs those before it.
pub(super) static CHAIN: Definition = Definition::object(
    "chain",
    Shape::of(&[member("chain", list(&refer(&SIGNER)))]),
);

/// A signature.
pub(super) static SIGNER: Definition = Definition::object(
    "signer",
    Shape::of(&[
        member("algorithm", one_of(&[ALGORITHM, formatted(Format::Uri)])).required(),
        member("keyId", TEXT),
        member("publicKey", refer(&PUBLIC_KEY)),
        member("certificatePath", list(&TEXT)),
        member("excludes", list(&TEXT)),
        member("value", TEXT).required(),
    ]),
);

const ALGORITHM: Rule = word(&[(
    V1_3,
    &[
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
        "Ed448", "HS256", "HS384", "HS512",
    ],
)]);

const KEY_TYPE: Rule = word(&[(V1_3, &["EC", "OKP", "RSA"])]);

/// A public key as a JSON Web Key (RFC 7517) without anything that JSF does not use.
pub(super) static PUBLIC_KEY: Definition = Definition::of(
    "publicKey",
    Rule::Tagged(&Tagged {
        tag: "kty",
        cases: &[
            (
                "EC",
                Shape::of(&[
                    member("kty", KEY_TYPE).required(),
                    member("crv", word(&[(V1_3, &["P-256", "P-384", "P-521"])])).required(),
                    member("x", TEXT).required(),
                    member("y", TEXT).required(),
                ]),
            ),
            (
                "OKP",
                Shape::of(&[
                    member("kty", KEY_TYPE).required(),
                    member("crv", word(&[(V1_3, &["Ed25519", "Ed448"])])).required(),
                    member("x", TEXT).required(),
                ]),
            ),
            (
                "RSA",
                Shape::of(&[
                    member("kty", KEY_TYPE).required(),
                    member("n", TEXT).required(),
                    member("e", TEXT).required(),
                ]),
            ),
        ],
    }),
);
