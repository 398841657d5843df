//! Words of SPDX and what the view calls them.

/// Relationships that put the target inside.
pub(super) const NESTING: [&str; 2] = ["contains", "hasDataFile"];

/// Relationships by which the target is needed.
pub(super) const DEPENDENCIES: [&str; 6] = [
    "dependsOn",
    "hasDynamicLink",
    "hasOptionalDependency",
    "hasPrerequisite",
    "hasProvidedDependency",
    "hasStaticLink",
];

/// Algorithms that CycloneDX knows too: name here, name there.
const ALGORITHMS: [(&str, &str); 12] = [
    ("blake2b256", "BLAKE2b-256"),
    ("blake2b384", "BLAKE2b-384"),
    ("blake2b512", "BLAKE2b-512"),
    ("blake3", "BLAKE3"),
    ("md5", "MD5"),
    ("sha1", "SHA-1"),
    ("sha256", "SHA-256"),
    ("sha384", "SHA-384"),
    ("sha512", "SHA-512"),
    ("sha3_256", "SHA3-256"),
    ("sha3_384", "SHA3-384"),
    ("sha3_512", "SHA3-512"),
];

/// Other hash functions, with the digits of a digest.
const OTHER_FUNCTIONS: [(&str, usize); 4] =
    [("md2", 32), ("md4", 32), ("sha224", 56), ("sha3_224", 56)];

/// Algorithms of the list that no file can be told by: a checksum of 32 bits, and schemes
/// for keys and signatures.
const NO_FUNCTIONS: [&str; 4] = ["adler32", "crystalsDilithium", "crystalsKyber", "falcon"];

/// What CycloneDX calls a hash algorithm.
pub(super) fn algorithm(name: &str) -> Option<&'static str> {
    let mut known = ALGORITHMS.into_iter();
    known.find_map(|(spdx, cyclonedx)| (spdx == name).then_some(cyclonedx))
}

/// How many digits a digest of an algorithm has that CycloneDX does not know.
pub(super) fn digits(name: &str) -> Option<(&'static str, usize)> {
    let mut known = OTHER_FUNCTIONS.into_iter();
    known.find(|(function, _)| *function == name)
}

/// The algorithm, if it is no hash function.
pub(super) fn no_function(name: &str) -> Option<&'static str> {
    NO_FUNCTIONS.into_iter().find(|known| *known == name)
}

/// Type of an external reference.
pub(super) fn reference_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "altDownloadLocation" | "binaryArtifact" => "distribution",
        "altWebPage" => "website",
        "buildMeta" => "build-meta",
        "buildSystem" => "build-system",
        "certificationReport" => "certification-report",
        "chat" => "chat",
        "componentAnalysisReport" => "component-analysis-report",
        "documentation" => "documentation",
        "dynamicAnalysisReport" => "dynamic-analysis-report",
        "issueTracker" => "issue-tracker",
        "license" => "license",
        "mailingList" => "mailing-list",
        "qualityAssessmentReport" => "quality-metrics",
        "releaseNotes" => "release-notes",
        "riskAssessment" => "risk-assessment",
        "runtimeAnalysisReport" => "runtime-analysis-report",
        "secureSoftwareAttestation" => "attestation",
        "securityAdversaryModel" => "adversary-model",
        "securityAdvisory" => "advisories",
        "securityPenTestReport" => "pentest-report",
        "securityThreatModel" => "threat-model",
        "socialMedia" => "social",
        "sourceArtifact" => "source-distribution",
        "staticAnalysisReport" => "static-analysis-report",
        "support" => "support",
        "vcs" => "vcs",
        "vulnerabilityExploitabilityAssessment" => "exploitability-statement",
        _ => return None,
    })
}

/// Type of a component, by the primary purpose of a package.
pub(super) fn package_type(purpose: &str) -> &'static str {
    match purpose {
        "application" | "executable" | "install" => "application",
        "container" => "container",
        "data" => "data",
        "device" => "device",
        "deviceDriver" => "device-driver",
        "file" => "file",
        "firmware" => "firmware",
        "framework" => "framework",
        "model" => "machine-learning-model",
        "operatingSystem" => "operating-system",
        "platform" => "platform",
        _ => "library",
    }
}

/// Stage of life that a document is made at, by its type.
pub(super) fn phase(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "analyzed" => "post-build",
        "build" => "build",
        "deployed" | "runtime" => "operations",
        "design" => "design",
        "source" => "pre-build",
        _ => return None,
    })
}

/// Members whose values become properties of a component as they are.
pub(super) const PROPERTIES: &[&str] = &[
    "builtTime",
    "comment",
    "dataset_anonymizationMethodUsed",
    "dataset_dataCollectionProcess",
    "dataset_dataPreprocessing",
    "dataset_datasetAvailability",
    "dataset_datasetNoise",
    "dataset_datasetSize",
    "dataset_datasetType",
    "dataset_datasetUpdateMechanism",
    "dataset_intendedUse",
    "dataset_knownBias",
    "software_additionalPurpose",
    "software_attributionText",
    "software_copyrightText",
    "software_fileKind",
    "software_primaryPurpose",
    "software_sourceInfo",
    "standardName",
    "summary",
    "supportLevel",
    "validUntilTime",
];

/// Members whose values become properties of a model card as they are.
pub(super) const CARD_PROPERTIES: &[&str] = &[
    "ai_autonomyType",
    "ai_informationAboutApplication",
    "ai_informationAboutTraining",
    "ai_modelDataPreprocessing",
    "ai_modelExplainability",
    "ai_safetyRiskAssessment",
    "ai_standardCompliance",
    "ai_useSensitivePersonalInformation",
];
