//! Cryptographic assets.

use super::algorithm::{ALGORITHM_FAMILY, ELLIPTIC_CURVE};
use super::document::{HASH, REF_TYPE};
use crate::grammar::rule::{
    BOOLEAN, DATE_TIME, Definition, INTEGER, Shape, TEXT, any_of, integer_between, integer_from,
    list, member, one_of, refer, revised, word,
};
use crate::version::SpecVersion::{V1_3, V1_7};

/// What a cryptographic asset is.
pub(super) static CRYPTO_PROPERTIES: Definition = Definition::object(
    "cryptoProperties",
    Shape::of(&[
        member(
            "assetType",
            word(&[(
                V1_3,
                &[
                    "algorithm",
                    "certificate",
                    "protocol",
                    "related-crypto-material",
                ],
            )]),
        )
        .required(),
        member("algorithmProperties", refer(&ALGORITHM_PROPERTIES)),
        member("certificateProperties", refer(&CERTIFICATE_PROPERTIES)),
        member(
            "relatedCryptoMaterialProperties",
            refer(&RELATED_CRYPTO_MATERIAL_PROPERTIES),
        ),
        member("protocolProperties", refer(&PROTOCOL_PROPERTIES)),
        member("oid", TEXT),
    ]),
);

/// An algorithm.
pub(super) static ALGORITHM_PROPERTIES: Definition = Definition::object(
    "algorithmProperties",
    Shape::of(&[
        member(
            "primitive",
            word(&[
                (
                    V1_3,
                    &[
                        "drbg",
                        "mac",
                        "block-cipher",
                        "stream-cipher",
                        "signature",
                        "hash",
                        "pke",
                        "xof",
                        "kdf",
                        "key-agree",
                        "kem",
                        "ae",
                        "combiner",
                        "other",
                        "unknown",
                    ],
                ),
                (V1_7, &["key-wrap"]),
            ]),
        ),
        member("algorithmFamily", refer(&ALGORITHM_FAMILY)).since(V1_7),
        member("parameterSetIdentifier", TEXT),
        member("curve", TEXT),
        member("ellipticCurve", refer(&ELLIPTIC_CURVE)).since(V1_7),
        member(
            "executionEnvironment",
            word(&[(
                V1_3,
                &[
                    "software-plain-ram",
                    "software-encrypted-ram",
                    "software-tee",
                    "hardware",
                    "other",
                    "unknown",
                ],
            )]),
        ),
        member(
            "implementationPlatform",
            word(&[(
                V1_3,
                &[
                    "generic", "x86_32", "x86_64", "armv7-a", "armv7-m", "armv8-a", "armv8-m",
                    "armv9-a", "armv9-m", "s390x", "ppc64", "ppc64le", "other", "unknown",
                ],
            )]),
        ),
        member(
            "certificationLevel",
            list(&word(&[(
                V1_3,
                &[
                    "none",
                    "fips140-1-l1",
                    "fips140-1-l2",
                    "fips140-1-l3",
                    "fips140-1-l4",
                    "fips140-2-l1",
                    "fips140-2-l2",
                    "fips140-2-l3",
                    "fips140-2-l4",
                    "fips140-3-l1",
                    "fips140-3-l2",
                    "fips140-3-l3",
                    "fips140-3-l4",
                    "cc-eal1",
                    "cc-eal1+",
                    "cc-eal2",
                    "cc-eal2+",
                    "cc-eal3",
                    "cc-eal3+",
                    "cc-eal4",
                    "cc-eal4+",
                    "cc-eal5",
                    "cc-eal5+",
                    "cc-eal6",
                    "cc-eal6+",
                    "cc-eal7",
                    "cc-eal7+",
                    "other",
                    "unknown",
                ],
            )])),
        ),
        member(
            "mode",
            word(&[(
                V1_3,
                &[
                    "cbc", "ecb", "ccm", "gcm", "cfb", "ofb", "ctr", "other", "unknown",
                ],
            )]),
        ),
        member(
            "padding",
            word(&[(
                V1_3,
                &[
                    "pkcs5", "pkcs7", "pkcs1v15", "oaep", "raw", "other", "unknown",
                ],
            )]),
        ),
        member(
            "cryptoFunctions",
            list(&word(&[(
                V1_3,
                &[
                    "generate",
                    "keygen",
                    "encrypt",
                    "decrypt",
                    "digest",
                    "tag",
                    "keyderive",
                    "sign",
                    "verify",
                    "encapsulate",
                    "decapsulate",
                    "other",
                    "unknown",
                ],
            )])),
        ),
        member("classicalSecurityLevel", integer_from(0)),
        member("nistQuantumSecurityLevel", integer_between(0, 6)),
    ]),
);

/// A certificate.
pub(super) static CERTIFICATE_PROPERTIES: Definition = Definition::object(
    "certificateProperties",
    Shape::of(&[
        member("serialNumber", TEXT).since(V1_7),
        member("subjectName", TEXT),
        member("issuerName", TEXT),
        member("notValidBefore", DATE_TIME),
        member("notValidAfter", DATE_TIME),
        member("signatureAlgorithmRef", refer(&REF_TYPE)),
        member("subjectPublicKeyRef", refer(&REF_TYPE)),
        member("certificateFormat", TEXT),
        member("certificateExtension", TEXT),
        member("certificateFileExtension", TEXT).since(V1_7),
        member("fingerprint", refer(&HASH)).since(V1_7),
        member(
            "certificateState",
            list(&one_of(&[
                refer(&KNOWN_CERTIFICATE_STATE),
                refer(&NAMED_CERTIFICATE_STATE),
            ])),
        )
        .since(V1_7),
        member("creationDate", DATE_TIME).since(V1_7),
        member("activationDate", DATE_TIME).since(V1_7),
        member("deactivationDate", DATE_TIME).since(V1_7),
        member("revocationDate", DATE_TIME).since(V1_7),
        member("destructionDate", DATE_TIME).since(V1_7),
        member(
            "certificateExtensions",
            list(&one_of(&[
                refer(&COMMON_CERTIFICATE_EXTENSION),
                refer(&CUSTOM_CERTIFICATE_EXTENSION),
            ])),
        )
        .since(V1_7),
        member(
            "relatedCryptographicAssets",
            refer(&RELATED_CRYPTOGRAPHIC_ASSETS),
        )
        .since(V1_7),
    ]),
);

/// A state that the specification names.
pub(super) static KNOWN_CERTIFICATE_STATE: Definition = Definition::object(
    "knownCertificateState",
    Shape::of(&[
        member(
            "state",
            word(&[(
                V1_3,
                &[
                    "pre-activation",
                    "active",
                    "suspended",
                    "deactivated",
                    "revoked",
                    "destroyed",
                ],
            )]),
        )
        .required(),
        member("reason", TEXT),
    ]),
);

/// A state that it does not name.
pub(super) static NAMED_CERTIFICATE_STATE: Definition = Definition::object(
    "namedCertificateState",
    Shape::of(&[
        member("name", TEXT).required(),
        member("description", TEXT),
        member("reason", TEXT),
    ]),
);

/// An extension that it names.
pub(super) static COMMON_CERTIFICATE_EXTENSION: Definition = Definition::object(
    "commonCertificateExtension",
    Shape::of(&[
        member(
            "commonExtensionName",
            word(&[(
                V1_3,
                &[
                    "basicConstraints",
                    "keyUsage",
                    "extendedKeyUsage",
                    "subjectAlternativeName",
                    "authorityKeyIdentifier",
                    "subjectKeyIdentifier",
                    "authorityInformationAccess",
                    "certificatePolicies",
                    "crlDistributionPoints",
                    "signedCertificateTimestamp",
                ],
            )]),
        )
        .required(),
        member("commonExtensionValue", TEXT).required(),
    ]),
);

/// An extension that it does not name.
pub(super) static CUSTOM_CERTIFICATE_EXTENSION: Definition = Definition::object(
    "customCertificateExtension",
    Shape::of(&[
        member("customExtensionName", TEXT).required(),
        member("customExtensionValue", TEXT),
    ]),
);

/// Keys and the like.
pub(super) static RELATED_CRYPTO_MATERIAL_PROPERTIES: Definition = Definition::object(
    "relatedCryptoMaterialProperties",
    Shape::of(&[
        member(
            "type",
            word(&[(
                V1_3,
                &[
                    "private-key",
                    "public-key",
                    "secret-key",
                    "key",
                    "ciphertext",
                    "signature",
                    "digest",
                    "initialization-vector",
                    "nonce",
                    "seed",
                    "salt",
                    "shared-secret",
                    "tag",
                    "additional-data",
                    "password",
                    "credential",
                    "token",
                    "other",
                    "unknown",
                ],
            )]),
        ),
        member("id", TEXT),
        member(
            "state",
            word(&[(
                V1_3,
                &[
                    "pre-activation",
                    "active",
                    "suspended",
                    "deactivated",
                    "compromised",
                    "destroyed",
                ],
            )]),
        ),
        member("algorithmRef", refer(&REF_TYPE)),
        member("creationDate", DATE_TIME),
        member("activationDate", DATE_TIME),
        member("updateDate", DATE_TIME),
        member("expirationDate", DATE_TIME),
        member("value", TEXT),
        member("size", INTEGER),
        member("format", TEXT),
        member("securedBy", refer(&SECURED_BY)),
        member("fingerprint", refer(&HASH)).since(V1_7),
        member(
            "relatedCryptographicAssets",
            refer(&RELATED_CRYPTOGRAPHIC_ASSETS),
        )
        .since(V1_7),
    ]),
);

/// How they are protected.
pub(super) static SECURED_BY: Definition = Definition::object(
    "securedBy",
    Shape::of(&[
        member("mechanism", TEXT),
        member("algorithmRef", refer(&REF_TYPE)),
    ]),
);

/// A protocol.
pub(super) static PROTOCOL_PROPERTIES: Definition = Definition::object(
    "protocolProperties",
    Shape::of(&[
        member(
            "type",
            word(&[
                (
                    V1_3,
                    &[
                        "tls", "ssh", "ipsec", "ike", "sstp", "wpa", "other", "unknown",
                    ],
                ),
                (
                    V1_7,
                    &[
                        "dtls",
                        "quic",
                        "eap-aka",
                        "eap-aka-prime",
                        "prins",
                        "5g-aka",
                    ],
                ),
            ]),
        ),
        member("version", TEXT),
        member("cipherSuites", list(&refer(&CIPHER_SUITE))),
        member("ikev2TransformTypes", refer(&IKEV2_TRANSFORM_TYPES)),
        member("cryptoRefArray", refer(&CRYPTO_REF_ARRAY)),
        member(
            "relatedCryptographicAssets",
            refer(&RELATED_CRYPTOGRAPHIC_ASSETS),
        )
        .since(V1_7),
    ]),
);

/// A cipher suite.
pub(super) static CIPHER_SUITE: Definition = Definition::object(
    "cipherSuite",
    Shape::of(&[
        member("name", TEXT),
        member("algorithms", list(&refer(&REF_TYPE))),
        member("identifiers", list(&TEXT)),
        member("tlsGroups", list(&TEXT)).since(V1_7),
        member("tlsSignatureSchemes", list(&TEXT)).since(V1_7),
    ]),
);

/// Transforms of IKEv2 (RFC 9370 and others).
pub(super) static IKEV2_TRANSFORM_TYPES: Definition = Definition::object(
    "ikev2TransformTypes",
    Shape::of(&[
        member(
            "encr",
            revised(&[
                (V1_3, refer(&CRYPTO_REF_ARRAY)),
                (
                    V1_7,
                    any_of(&[list(&refer(&IKEV2_ENC)), refer(&CRYPTO_REF_ARRAY)]),
                ),
            ]),
        ),
        member(
            "prf",
            revised(&[
                (V1_3, refer(&CRYPTO_REF_ARRAY)),
                (
                    V1_7,
                    any_of(&[list(&refer(&IKEV2_PRF)), refer(&CRYPTO_REF_ARRAY)]),
                ),
            ]),
        ),
        member(
            "integ",
            revised(&[
                (V1_3, refer(&CRYPTO_REF_ARRAY)),
                (
                    V1_7,
                    any_of(&[list(&refer(&IKEV2_INTEG)), refer(&CRYPTO_REF_ARRAY)]),
                ),
            ]),
        ),
        member(
            "ke",
            revised(&[
                (V1_3, refer(&CRYPTO_REF_ARRAY)),
                (
                    V1_7,
                    any_of(&[list(&refer(&IKEV2_KE)), refer(&CRYPTO_REF_ARRAY)]),
                ),
            ]),
        ),
        member("esn", BOOLEAN),
        member(
            "auth",
            revised(&[
                (V1_3, refer(&CRYPTO_REF_ARRAY)),
                (
                    V1_7,
                    any_of(&[list(&refer(&IKEV2_AUTH)), refer(&CRYPTO_REF_ARRAY)]),
                ),
            ]),
        ),
    ]),
);

/// An encryption transform.
pub(super) static IKEV2_ENC: Definition = Definition::object(
    "ikeV2Enc",
    Shape::of(&[
        member("name", TEXT),
        member("keyLength", INTEGER),
        member("algorithm", refer(&REF_TYPE)),
    ]),
);

/// A pseudorandom function.
pub(super) static IKEV2_PRF: Definition = Definition::object(
    "ikeV2Prf",
    Shape::of(&[member("name", TEXT), member("algorithm", refer(&REF_TYPE))]),
);

/// An integrity transform.
pub(super) static IKEV2_INTEG: Definition = Definition::object(
    "ikeV2Integ",
    Shape::of(&[member("name", TEXT), member("algorithm", refer(&REF_TYPE))]),
);

/// A key exchange.
pub(super) static IKEV2_KE: Definition = Definition::object(
    "ikeV2Ke",
    Shape::of(&[
        member("group", INTEGER),
        member("algorithm", refer(&REF_TYPE)),
    ]),
);

/// An authentication method.
pub(super) static IKEV2_AUTH: Definition = Definition::object(
    "ikeV2Auth",
    Shape::of(&[member("name", TEXT), member("algorithm", refer(&REF_TYPE))]),
);

/// Assets, by reference.
pub(super) static CRYPTO_REF_ARRAY: Definition =
    Definition::of("cryptoRefArray", list(&refer(&REF_TYPE)));

/// Assets that belong together.
pub(super) static RELATED_CRYPTOGRAPHIC_ASSETS: Definition = Definition::of(
    "relatedCryptographicAssets",
    list(&refer(&RELATED_CRYPTOGRAPHIC_ASSET)),
);

/// One of them.
pub(super) static RELATED_CRYPTOGRAPHIC_ASSET: Definition = Definition::object(
    "relatedCryptographicAsset",
    Shape::of(&[member("type", TEXT), member("ref", refer(&REF_TYPE))]),
);
