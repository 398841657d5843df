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
