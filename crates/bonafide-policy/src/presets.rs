//! Policies that come with the program.

/// A policy that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Its name, as in `extends = ["baseline"]`.
    pub name: &'static str,
    /// Its text, in TOML.
    pub text: &'static str,
}

/// Every preset. A new one is a file in `policies/` and a line here.
const PRESETS: &[Preset] = &[
    Preset {
        name: "baseline",
        text: include_str!("../../../policies/baseline.toml"),
    },
    Preset {
        name: "registry-gate",
        text: include_str!("../../../policies/registry-gate.toml"),
    },
    Preset {
        name: "ci-download",
        text: include_str!("../../../policies/ci-download.toml"),
    },
    Preset {
        name: "dataset-gate",
        text: include_str!("../../../policies/dataset-gate.toml"),
    },
    Preset {
        name: "strict",
        text: include_str!("../../../policies/strict.toml"),
    },
    Preset {
        name: "audit-iso42001",
        text: include_str!("../../../policies/audit-iso42001.toml"),
    },
    Preset {
        name: "eu-ai-act-art15",
        text: include_str!("../../../policies/eu-ai-act-art15.toml"),
    },
    Preset {
        name: "aisvs-l1",
        text: include_str!("../../../policies/aisvs-l1.toml"),
    },
    Preset {
        name: "aisvs-l2",
        text: include_str!("../../../policies/aisvs-l2.toml"),
    },
];

/// Every preset.
#[must_use]
pub const fn presets() -> &'static [Preset] {
    PRESETS
}

/// The preset of this name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
