//! Cryptographic assets.

use super::reference::HASH;
use crate::grammar::SpecVersion::{V1_3, V1_6, V1_7};
use crate::xml::simple::{BOOLEAN, DATE_TIME, INTEGER, REFERENCE, STRING, Simple};
use crate::xml::structure::{Structure, choice, nested, sequence, text};

/// `cryptoPropertiesType`
pub(super) static CRYPTO_PROPERTIES: Structure = Structure::object(&[
    text("assetType", &CRYPTO_PROPERTIES_ASSET),
    nested("algorithmProperties", &ALGORITHM_PROPERTIES).optional(),
    nested("certificateProperties", &CERTIFICATE_PROPERTIES).optional(),
    nested(
        "relatedCryptoMaterialProperties",
        &RELATED_CRYPTO_MATERIAL_PROPERTIES,
    )
    .optional(),
    nested("protocolProperties", &PROTOCOL_PROPERTIES).optional(),
    text("oid", &STRING).optional(),
]);

/// `cryptoPropertiesType/algorithmProperties/cryptoFunctions`
pub(super) static CRYPTO_FUNCTIONS: Structure =
    Structure::list(&[text("cryptoFunction", &CRYPTO_FUNCTIONS_CRYPTO_FUNCTION).many()]);

/// `cryptoPropertiesType/algorithmProperties`
pub(super) static ALGORITHM_PROPERTIES: Structure = Structure::object(&[
    text("primitive", &ALGORITHM_PROPERTIES_PRIMITIVE).optional(),
    text("algorithmFamily", &STRING).optional().since(V1_7),
    text("parameterSetIdentifier", &STRING).optional(),
    text("curve", &STRING).optional(),
    text("ellipticCurve", &STRING).optional().since(V1_7),
    text(
        "executionEnvironment",
        &ALGORITHM_PROPERTIES_EXECUTION_ENVIRONMENT,
    )
    .optional(),
    text(
        "implementationPlatform",
        &ALGORITHM_PROPERTIES_IMPLEMENTATION_PLATFORM,
    )
    .optional(),
    text(
        "certificationLevel",
        &ALGORITHM_PROPERTIES_CERTIFICATION_LEVEL,
    )
    .many(),
    text("mode", &ALGORITHM_PROPERTIES_MODE).optional(),
    text("padding", &ALGORITHM_PROPERTIES_PADDING).optional(),
    nested("cryptoFunctions", &CRYPTO_FUNCTIONS).optional(),
    text(
        "classicalSecurityLevel",
        &ALGORITHM_PROPERTIES_CLASSICAL_SECURITY_LEVEL,
    )
    .optional(),
    text(
        "nistQuantumSecurityLevel",
        &ALGORITHM_PROPERTIES_NIST_QUANTUM_SECURITY_LEVEL,
    )
    .optional(),
]);

/// `cryptoPropertiesType/certificateProperties/certificateState`
pub(super) static CERTIFICATE_STATE: Structure = Structure::object(&[choice(&[
    sequence(&[
        text("state", &CERTIFICATE_STATE_STATE),
        text("reason", &STRING).optional(),
    ]),
    sequence(&[
        text("name", &STRING),
        text("description", &STRING).optional(),
        text("reason", &STRING).optional(),
    ]),
])]);

/// `cryptoPropertiesType/certificateProperties/certificateExtensions/certificateExtension`
pub(super) static CERTIFICATE_EXTENSION: Structure = Structure::object(&[choice(&[
    sequence(&[
        text(
            "commonExtensionName",
            &CERTIFICATE_EXTENSION_COMMON_EXTENSION_NAME,
        ),
        text("commonExtensionValue", &STRING),
    ]),
    sequence(&[
        text("customExtensionName", &STRING),
        text("customExtensionValue", &STRING).optional(),
    ]),
])]);

/// `cryptoPropertiesType/certificateProperties/certificateExtensions`
pub(super) static CERTIFICATE_EXTENSIONS: Structure =
    Structure::list(&[nested("certificateExtension", &CERTIFICATE_EXTENSION).many()]);

/// `cryptoPropertiesType/certificateProperties/relatedCryptographicAssets/relatedCryptographicAsset`
pub(super) static RELATED_CRYPTOGRAPHIC_ASSET: Structure = Structure::object(&[
    text("type", &STRING).optional(),
    text("ref", &REFERENCE).optional(),
]);

/// `cryptoPropertiesType/certificateProperties/relatedCryptographicAssets`
pub(super) static RELATED_CRYPTOGRAPHIC_ASSETS: Structure =
    Structure::list(&[nested("relatedCryptographicAsset", &RELATED_CRYPTOGRAPHIC_ASSET).many()]);

/// `cryptoPropertiesType/certificateProperties`
pub(super) static CERTIFICATE_PROPERTIES: Structure = Structure::object(&[
    text("serialNumber", &STRING).optional().since(V1_7),
    text("subjectName", &STRING).optional(),
    text("issuerName", &STRING).optional(),
    text("notValidBefore", &DATE_TIME).optional(),
    text("notValidAfter", &DATE_TIME).optional(),
    text("signatureAlgorithmRef", &REFERENCE).optional(),
    text("subjectPublicKeyRef", &REFERENCE).optional(),
    text("certificateFormat", &STRING).optional(),
    text("certificateExtension", &STRING).optional(),
    text("certificateFileExtension", &STRING)
        .optional()
        .since(V1_7),
    nested("fingerprint", &HASH).optional().since(V1_7),
    nested("certificateState", &CERTIFICATE_STATE)
        .many()
        .since(V1_7),
    text("creationDate", &DATE_TIME).optional().since(V1_7),
    text("activationDate", &DATE_TIME).optional().since(V1_7),
    text("deactivationDate", &DATE_TIME).optional().since(V1_7),
    text("revocationDate", &DATE_TIME).optional().since(V1_7),
    text("destructionDate", &DATE_TIME).optional().since(V1_7),
    nested("certificateExtensions", &CERTIFICATE_EXTENSIONS)
        .optional()
        .since(V1_7),
    nested("relatedCryptographicAssets", &RELATED_CRYPTOGRAPHIC_ASSETS)
        .optional()
        .since(V1_7),
]);

/// `cryptoPropertiesType/relatedCryptoMaterialProperties/securedBy`
pub(super) static SECURED_BY: Structure = Structure::object(&[
    text("mechanism", &STRING).optional(),
    text("algorithmRef", &REFERENCE).optional(),
]);

/// `cryptoPropertiesType/relatedCryptoMaterialProperties`
pub(super) static RELATED_CRYPTO_MATERIAL_PROPERTIES: Structure = Structure::object(&[
    text("type", &RELATED_CRYPTO_MATERIAL_PROPERTIES_TYPE).optional(),
    text("id", &STRING).optional(),
    text("state", &RELATED_CRYPTO_MATERIAL_PROPERTIES_STATE).optional(),
    text("algorithmRef", &REFERENCE).optional(),
    text("creationDate", &DATE_TIME).optional(),
    text("activationDate", &DATE_TIME).optional(),
    text("updateDate", &DATE_TIME).optional(),
    text("expirationDate", &DATE_TIME).optional(),
    text("value", &STRING).optional(),
    text("size", &INTEGER).optional(),
    text("format", &STRING).optional(),
    nested("securedBy", &SECURED_BY).optional(),
    nested("fingerprint", &HASH).optional().since(V1_7),
    nested("relatedCryptographicAssets", &RELATED_CRYPTOGRAPHIC_ASSETS)
        .optional()
        .since(V1_7),
]);

/// `cryptoPropertiesType/protocolProperties/cipherSuites/cipherSuite`
pub(super) static CIPHER_SUITE: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    nested(
        "algorithms",
        &Structure::list(&[text("algorithm", &REFERENCE).many()]),
    )
    .optional(),
    nested(
        "identifiers",
        &Structure::list(&[text("identifier", &STRING).many()]),
    )
    .optional(),
    nested(
        "tlsGroups",
        &Structure::list(&[text("group", &STRING).many()]),
    )
    .optional()
    .since(V1_7),
    nested(
        "tlsSignatureSchemes",
        &Structure::list(&[text("signatureScheme", &STRING).many()]),
    )
    .optional()
    .since(V1_7),
]);

/// `cryptoPropertiesType/protocolProperties/ikev2TransformTypes/encr`
pub(super) static ENCR: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    text("keyLength", &INTEGER).optional(),
    text("algorithm", &REFERENCE).optional(),
])
.mixed();

/// `cryptoPropertiesType/protocolProperties/ikev2TransformTypes/prf`
pub(super) static PRF: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    text("algorithm", &REFERENCE).optional(),
])
.mixed();

/// `cryptoPropertiesType/protocolProperties/ikev2TransformTypes/ke`
pub(super) static KE: Structure = Structure::object(&[
    text("group", &INTEGER).optional(),
    text("algorithm", &REFERENCE).optional(),
])
.mixed();

/// `cryptoPropertiesType/protocolProperties/ikev2TransformTypes`
pub(super) static IKEV2_TRANSFORM_TYPES: Structure = Structure::object(&[
    text("encr", &REFERENCE).many().until(V1_6),
    text("prf", &REFERENCE).many().until(V1_6),
    text("integ", &REFERENCE).many().until(V1_6),
    text("ke", &REFERENCE).many().until(V1_6),
    nested("encr", &ENCR).many().since(V1_7),
    nested("prf", &PRF).many().since(V1_7),
    nested("integ", &PRF).many().since(V1_7),
    nested("ke", &KE).many().since(V1_7),
    text("esn", &BOOLEAN).optional(),
    text("auth", &REFERENCE).many().until(V1_6),
    nested("auth", &PRF).many().since(V1_7),
]);

/// `cryptoPropertiesType/protocolProperties`
pub(super) static PROTOCOL_PROPERTIES: Structure = Structure::object(&[
    text("type", &PROTOCOL_PROPERTIES_TYPE).optional(),
    text("version", &STRING).optional(),
    nested(
        "cipherSuites",
        &Structure::list(&[nested("cipherSuite", &CIPHER_SUITE).many()]),
    )
    .optional(),
    nested("ikev2TransformTypes", &IKEV2_TRANSFORM_TYPES).optional(),
    text("cryptoRef", &REFERENCE)
        .many()
        .members("cryptoRefArray"),
]);

pub(super) static CRYPTO_PROPERTIES_ASSET: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "algorithm",
        "certificate",
        "protocol",
        "related-crypto-material",
    ],
)]);

pub(super) static ALGORITHM_PROPERTIES_PRIMITIVE: Simple = Simple::one_of(&[
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
]);

pub(super) static ALGORITHM_PROPERTIES_EXECUTION_ENVIRONMENT: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "software-plain-ram",
        "software-encrypted-ram",
        "software-tee",
        "hardware",
        "other",
        "unknown",
    ],
)]);

pub(super) static ALGORITHM_PROPERTIES_IMPLEMENTATION_PLATFORM: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "generic", "x86_32", "x86_64", "armv7-a", "armv7-m", "armv8-a", "armv8-m", "armv9-a",
        "armv9-m", "s390x", "ppc64", "ppc64le", "other", "unknown",
    ],
)]);

pub(super) static ALGORITHM_PROPERTIES_CERTIFICATION_LEVEL: Simple = Simple::one_of(&[(
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
)]);

pub(super) static ALGORITHM_PROPERTIES_MODE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "cbc", "ecb", "ccm", "gcm", "cfb", "ofb", "ctr", "other", "unknown",
    ],
)]);

pub(super) static ALGORITHM_PROPERTIES_PADDING: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "pkcs5", "pkcs7", "pkcs1v15", "oaep", "raw", "other", "unknown",
    ],
)]);

pub(super) static CRYPTO_FUNCTIONS_CRYPTO_FUNCTION: Simple = Simple::one_of(&[(
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
)]);

pub(super) static ALGORITHM_PROPERTIES_CLASSICAL_SECURITY_LEVEL: Simple =
    INTEGER.range(0.0, f64::MAX);

pub(super) static ALGORITHM_PROPERTIES_NIST_QUANTUM_SECURITY_LEVEL: Simple =
    INTEGER.range(0.0, 6.0);

pub(super) static CERTIFICATE_STATE_STATE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "pre-activation",
        "active",
        "suspended",
        "deactivated",
        "revoked",
        "destroyed",
    ],
)]);

pub(super) static CERTIFICATE_EXTENSION_COMMON_EXTENSION_NAME: Simple = Simple::one_of(&[(
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
)]);

pub(super) static RELATED_CRYPTO_MATERIAL_PROPERTIES_TYPE: Simple = Simple::one_of(&[(
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
)]);

pub(super) static RELATED_CRYPTO_MATERIAL_PROPERTIES_STATE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "pre-activation",
        "active",
        "suspended",
        "deactivated",
        "compromised",
        "destroyed",
    ],
)]);

pub(super) static PROTOCOL_PROPERTIES_TYPE: Simple = Simple::one_of(&[
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
]);
