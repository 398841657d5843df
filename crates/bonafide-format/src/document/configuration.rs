//! Configuration of models, as transformers, diffusers, sentence-transformers and peft read it:
//! which programs it makes them load, and from where.
//!
//! The keys are looked for at any depth and in any JSON or YAML document, whatever it is
//! called: composite models nest the configurations of their parts, and loaders follow them.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::defect::Defect;
use crate::document::instantiation;
use crate::facts::ReferenceKind;
use crate::inspection::FileInspection;
use crate::json::{Document, Node, Step, Value, path_text};
use crate::relation::Misfit;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[
    &REMOTE_CODE,
    &REMOTE_CODE_ELSEWHERE,
    &REMOTE_CODE_TRUSTED,
    &REMOTE_CODE_ACTS,
    &KERNEL_FROM_REPOSITORY,
    &UNKNOWN_IMPLEMENTATION,
    &CUSTOM_COMPONENT,
];

const THREATS: &[ThreatId] = &[ThreatId("ART-02")];

const REMOTE_CODE: Rule = Rule {
    slug: "remote-code",
    title: "Configuration has the loader run a program of the repository",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "With `trust_remote_code` the named module is imported, and its class built: the model is as \
        trustworthy as that program.",
    remediation: "Read the named Python files, and pin the revision that was read.",
    threats: THREATS,
    cwe: &[829, 94],
    cve: &["CVE-2025-66448"],
    atlas: &["AML.T0011.000", "AML.T0010"],
};

const REMOTE_CODE_ELSEWHERE: Rule = Rule {
    slug: "remote-code-elsewhere",
    title: "Configuration has the loader run a program of another repository",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The program is fetched when the model is loaded, at whatever revision is there then. It is no \
        part of what was examined, signed or pinned, and its owner can change it any day.",
    remediation: "Copy the program into the repository at a revision that was read, or do not load it.",
    threats: THREATS,
    cwe: &[829, 494],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0109"],
};

const REMOTE_CODE_TRUSTED: Rule = Rule {
    slug: "remote-code-trusted",
    title: "Configuration says for its user that programs are trusted",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Whether to run a repository's programs is the decision of who loads it. Loaders that pass the \
        value on run them without asking.",
    remediation: "Remove the member, and decide at the call.",
    threats: THREATS,
    cwe: &[829, 94],
    cve: &["CVE-2026-5241"],
    atlas: &["AML.T0011.000"],
};

const REMOTE_CODE_ACTS: Rule = Rule {
    slug: "remote-code-acts",
    title: "Program that the configuration has loaded starts others or evaluates text",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "A model's class is built and called by everyone who loads it. To start a process or to evaluate \
        text is no part of computing a model.",
    remediation: "Read the named function before anything of the model is loaded.",
    threats: THREATS,
    cwe: &[829, 506],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const KERNEL_FROM_REPOSITORY: Rule = Rule {
    slug: "configuration-kernel",
    title: "Configuration names a repository where the name of an implementation belongs",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The loader fetches compiled kernels from there and runs them, also without `trust_remote_code`.",
    remediation: "Remove the member; choose the implementation at the call.",
    threats: THREATS,
    cwe: &[829, 494],
    cve: &["CVE-2026-4372"],
    atlas: &["AML.T0011.000", "AML.T0010"],
};

const UNKNOWN_IMPLEMENTATION: Rule = Rule {
    slug: "configuration-implementation",
    title: "Internal member of a configuration has an unknown value",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "The member is internal to the loader, which uses it without a check: it selects what is run.",
    remediation: "Remove the member; choose the implementation at the call.",
    threats: THREATS,
    cwe: &[829, 915],
    cve: &["CVE-2026-4372"],
    atlas: &["AML.T0011.000"],
};

const CUSTOM_COMPONENT: Rule = Rule {
    slug: "custom-component",
    title: "Part of the model is a class that no known library brings",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "The loader imports it by name, from the repository or from whatever is installed under that name.",
    remediation: "Read the module that brings the class.",
    threats: THREATS,
    cwe: &[829, 470],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Implementations of attention (and of experts) that transformers brings itself.
const IMPLEMENTATIONS: &[&str] = &[
    "eager",
    "sdpa",
    "sdpa_paged",
    "eager_paged",
    "flash_attention_2",
    "flash_attention_3",
    "flash_attention_4",
    "flex_attention",
    "paged_attention",
    "flash_attn",
    "grouped_mm",
    "batched_mm",
];

/// Libraries, and modules of diffusers' pipelines, that `model_index.json` names.
const COMPONENT_LIBRARIES: &[&str] = &[
    "diffusers",
    "transformers",
    "onnxruntime",
    "optimum",
    "optimum.onnxruntime",
    "flax",
    "k_diffusion",
    "peft",
    "torch",
    "sentence_transformers",
    "alt_diffusion",
    "altdiffusion",
    "amused",
    "animatediff",
    "audioldm",
    "audioldm2",
    "blip_diffusion",
    "consistency_models",
    "controlnet",
    "controlnet_xs",
    "dance_diffusion",
    "ddim",
    "ddpm",
    "deepfloyd_if",
    "deprecated",
    "dit",
    "flux",
    "hunyuandit",
    "i2vgen_xl",
    "kandinsky",
    "kandinsky2_2",
    "kandinsky3",
    "kolors",
    "latent_consistency_models",
    "latent_diffusion",
    "ledits_pp",
    "ltx",
    "lumina",
    "marigold",
    "musicldm",
    "paint_by_example",
    "pia",
    "pixart_alpha",
    "sana",
    "semantic_stable_diffusion",
    "shap_e",
    "stable_audio",
    "stable_cascade",
    "stable_diffusion",
    "stable_diffusion_3",
    "stable_diffusion_safe",
    "stable_diffusion_xl",
    "stable_video_diffusion",
    "t2i_adapter",
    "text_to_video_synthesis",
    "unclip",
    "unidiffuser",
    "versatile_diffusion",
    "vq_diffusion",
    "wan",
    "wuerstchen",
];

/// A program that a configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CodeLink {
    /// The module in the repository: `modeling_x`, `layers.attention`.
    pub(crate) module: String,
    /// Where the configuration says so: `auto_map.AutoModel`.
    pub(crate) key: String,
}

/// Looks for everything in a document that makes a loader run programs.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let root = &document.root;
    facts(visit, root);
    sentence_modules(visit, root);
    model_index(visit, root);
    let mut found = Vec::new();
    root.walk(&mut |path, node| {
        if let Some(kind) = concern(path, node) {
            found.push((path_text(path), kind, node));
        }
    });
    for (path, concern, node) in found {
        examine(visit, &path, concern, node);
    }
}

/// What a member is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Concern {
    /// Values are `module.Class` or `repository--module.Class`.
    Classes,
    /// The value is a repository, or a module of this one.
    Pipeline,
    /// True makes the loader run programs.
    Trust,
    /// The value names an implementation.
    Implementation,
    /// The value is a module that is imported.
    Library,
    /// A text that reads `repository--module.Class`, wherever it is.
    Elsewhere,
}

fn concern(path: &[Step<'_>], node: &Node<'_>) -> Option<Concern> {
    if node.text().is_some_and(is_class_elsewhere) {
        let inside = path.contains(&Step::Member("auto_map"));
        return (!inside).then_some(Concern::Elsewhere);
    }
    let Some(Step::Member(name)) = path.last() else {
        return None;
    };
    match *name {
        "auto_map" | "custom_pipelines" => Some(Concern::Classes),
        "custom_pipeline" | "custom_generate" => Some(Concern::Pipeline),
        "trust_remote_code" => Some(Concern::Trust),
        "parent_library" | "megatron_core" => Some(Concern::Library),
        name if is_implementation(name) => Some(Concern::Implementation),
        _ => None,
    }
}

/// Members by which transformers selects the code of a layer.
fn is_implementation(name: &str) -> bool {
    let name = name.strip_suffix("_internal").unwrap_or(name);
    name.ends_with("attn_implementation")
        || name.ends_with("experts_implementation")
        || (name.starts_with('_') && name.ends_with("_implementation"))
}

fn examine(visit: &mut Visit<'_>, path: &str, concern: Concern, node: &Node<'_>) {
    let shown = excerpt(path, 120);
    match concern {
        Concern::Classes => {
            let mut names = Vec::new();
            node.walk(&mut |below, value| {
                if let Some(text) = value.text() {
                    // What custom_pipelines says of each pipeline besides its class.
                    let is_class = !below.iter().any(|step| {
                        matches!(
                            step,
                            Step::Member("pt" | "tf" | "type" | "default" | "model")
                        )
                    });
                    if is_class {
                        names.push((text.to_owned(), value.range.clone()));
                    }
                }
            });
            for (name, range) in names {
                class(visit, &shown, &name, range);
            }
        }
        Concern::Elsewhere => {
            if let Some(text) = node.text() {
                class(visit, &shown, text, node.range.clone());
            }
        }
        Concern::Pipeline => {
            let Some(text) = node.text() else { return };
            visit.facts().add_reference(ReferenceKind::Code, text);
            let rule = if text.contains('/') {
                &REMOTE_CODE_ELSEWHERE
            } else {
                &REMOTE_CODE
            };
            let message = format!("`{shown}` names the program `{}`", excerpt(text, 120));
            visit.report_about(rule, Some(node.range.clone()), text, message);
        }
        Concern::Trust => {
            let truth = match &node.value {
                Value::Boolean(value) => *value,
                Value::Number(digits) => *digits != "0",
                // Any text is true for Python, also `"false"`.
                Value::String(text) => !text.is_empty(),
                Value::Array(elements) => !elements.is_empty(),
                Value::Object(members) => !members.is_empty(),
                Value::Null => false,
            };
            if truth {
                let message = format!("`{shown}` is true");
                visit.report_about(
                    &REMOTE_CODE_TRUSTED,
                    Some(node.range.clone()),
                    path,
                    message,
                );
            }
        }
        Concern::Implementation => {
            let mut values = Vec::new();
            node.walk(&mut |_, value| {
                if let Some(text) = value.text() {
                    values.push((text.to_owned(), value.range.clone()));
                }
            });
            for (text, range) in values {
                implementation(visit, &shown, &text, range);
            }
        }
        Concern::Library => {
            let Some(text) = node.text() else { return };
            let root = text.split('.').next().unwrap_or_default();
            if !matches!(
                root,
                "transformers" | "diffusers" | "torch" | "timm" | "megatron" | "__main__"
            ) {
                instantiation::module(visit, &shown, text, node.range.clone(), &CUSTOM_COMPONENT);
            }
        }
    }
}

fn implementation(visit: &mut Visit<'_>, key: &str, text: &str, range: std::ops::Range<u64>) {
    // `paged|sdpa` puts a cache before an implementation.
    let plain = text.rsplit('|').next().unwrap_or(text);
    if text.is_empty() || IMPLEMENTATIONS.contains(&plain) {
        return;
    }
    let message = format!("`{key}` is `{}`", excerpt(text, 120));
    if plain.contains('/') {
        visit.facts().add_reference(ReferenceKind::Code, text);
        visit.report_about(&KERNEL_FROM_REPOSITORY, Some(range), text, message);
    } else if key.starts_with('_') || key.contains("._") {
        visit.report_about(&UNKNOWN_IMPLEMENTATION, Some(range), text, message);
    }
}

/// A class that the loader builds: of this repository, or of another one.
fn class(visit: &mut Visit<'_>, key: &str, name: &str, range: std::ops::Range<u64>) {
    if name.is_empty() {
        return;
    }
    visit.facts().add_reference(ReferenceKind::Code, name);
    if let Some((repository, class)) = name.split_once("--") {
        let message = format!(
            "`{key}` takes `{}` from the repository `{}`",
            excerpt(class, 120),
            excerpt(repository, 120)
        );
        visit.report_about(&REMOTE_CODE_ELSEWHERE, Some(range), name, message);
        return;
    }
    let message = format!("`{key}` names the class `{}`", excerpt(name, 120));
    visit.report_about(&REMOTE_CODE, Some(range), name, message);
    if let Some((module, _)) = name.rsplit_once('.') {
        visit.links().add_code(CodeLink {
            module: module.to_owned(),
            key: key.to_owned(),
        });
    }
}

/// `owner/repository--module.Class`.
fn is_class_elsewhere(text: &str) -> bool {
    if text.len() > 300 {
        return false;
    }
    let Some((repository, class)) = text.split_once("--") else {
        return false;
    };
    let Some((owner, name)) = repository.split_once('/') else {
        return false;
    };
    let word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
    };
    let parts: Vec<&str> = class.split('.').collect();
    let identifier = |part: &&str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    word(owner) && word(name) && parts.len() >= 2 && parts.iter().all(identifier)
}

/// `modules.json` of sentence-transformers: an array of modules with the class of each.
fn sentence_modules(visit: &mut Visit<'_>, root: &Node<'_>) {
    for element in root.elements() {
        let (Some(_), Some(kind)) = (element.get("path"), element.get("type")) else {
            continue;
        };
        if let Some(folder) = element.get("path")
            && let Some(path) = folder.text()
            && let Some(why) = crate::path::leads_outside(path)
        {
            let message = format!("`{}`: {why}", excerpt(path, 120));
            visit.report(&crate::path::OUTSIDE, Some(folder.range.clone()), message);
        }
        let indexed = element.get("idx").is_some() || element.get("name").is_some();
        let Some(name) = kind.text().filter(|name| indexed && name.contains('.')) else {
            continue;
        };
        if name.starts_with("sentence_transformers.") {
            visit.facts().add_operator(name);
            continue;
        }
        if name.contains("--") {
            class(visit, "type", name, kind.range.clone());
            continue;
        }
        visit.facts().add_reference(ReferenceKind::Code, name);
        instantiation::module(visit, "type", name, kind.range.clone(), &REMOTE_CODE);
        if let Some((module, _)) = name.rsplit_once('.') {
            visit.links().add_code(CodeLink {
                module: module.to_owned(),
                key: "type".to_owned(),
            });
        }
    }
}

/// `model_index.json` of diffusers: the library and the class of each component.
fn model_index(visit: &mut Visit<'_>, root: &Node<'_>) {
    let Some(pipeline) = root.get("_class_name") else {
        return;
    };
    // A pipeline of the repository: `["my_pipeline", "MyPipeline"]`.
    if let [module, name] = pipeline.elements()
        && let (Some(module), Some(name)) = (module.text(), name.text())
    {
        let whole = format!("{module}.{name}");
        class(visit, "_class_name", &whole, pipeline.range.clone());
    } else if let Some(name) = pipeline.text() {
        visit.facts().add_architecture(name);
    }
    for member in root.members() {
        let [library, class] = member.value.elements() else {
            continue;
        };
        let (Some(library), Some(class)) = (library.text(), class.text()) else {
            continue;
        };
        if member.name == "_class_name" {
            continue;
        }
        if COMPONENT_LIBRARIES.contains(&library) {
            visit.facts().add_operator(&format!("{library}.{class}"));
            continue;
        }
        let whole = format!("{library}.{class}");
        let range = member.value.range.clone();
        let key = excerpt(&member.name, 80);
        visit.facts().add_reference(ReferenceKind::Code, &whole);
        instantiation::module(visit, &key, &whole, range, &CUSTOM_COMPONENT);
        visit.links().add_code(CodeLink {
            module: library.to_owned(),
            key,
        });
    }
}

/// What the configuration of a model says of it.
fn facts(visit: &mut Visit<'_>, root: &Node<'_>) {
    let is_configuration = [
        "model_type",
        "architectures",
        "peft_type",
        "_diffusers_version",
    ]
    .iter()
    .any(|name| root.get(name).is_some());
    if !is_configuration {
        return;
    }
    let facts = visit.facts();
    for name in root.get("architectures").map_or(&[][..], Node::elements) {
        if let Some(name) = name.text() {
            facts.add_architecture(name);
        }
    }
    for key in ["license", "licence"] {
        if let Some(licence) = root.get(key).and_then(Node::text) {
            facts.add_licence(licence);
        }
    }
    for key in [
        "model_type",
        "torch_dtype",
        "dtype",
        "transformers_version",
        "peft_type",
        "task",
        "processor_class",
        "_diffusers_version",
    ] {
        if let Some(value) = root.get(key).and_then(Node::text) {
            facts.add_metadata(key, value);
        }
    }
    for key in ["vocab_size", "hidden_size", "num_hidden_layers"] {
        if let Some(value) = root.get(key).and_then(Node::unsigned) {
            facts.add_metadata(key, &value.to_string());
        }
    }
    let method = root.at(&["quantization_config", "quant_method"]);
    if let Some(method) = method.and_then(Node::text) {
        facts.add_metadata("quantization", method);
    }
    for key in ["_name_or_path", "base_model_name_or_path"] {
        if let Some(origin) = root.get(key).and_then(Node::text)
            && !origin.is_empty()
        {
            facts.add_reference(ReferenceKind::Artifact, origin);
        }
    }
}

/// Finds the programs that configurations name, and what their classes do.
pub(crate) fn relate(files: &[FileInspection]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for file in files {
        if file.links.python_acts.is_empty() {
            continue;
        }
        let path = file.name.to_string();
        let Some(stem) = path.strip_suffix(".py") else {
            continue;
        };
        let link = files.iter().find_map(|other| {
            let configuration = other.name.to_string();
            let folder = configuration
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder);
            let named = |link: &&CodeLink| {
                let module = link.module.trim_start_matches('.').replace('.', "/");
                let whole = if folder.is_empty() {
                    module
                } else {
                    format!("{folder}/{module}")
                };
                whole == stem
            };
            let link = other.links.code.iter().find(named)?;
            Some((configuration, link))
        });
        let Some((configuration, link)) = link else {
            continue;
        };
        for act in &file.links.python_acts {
            let message = format!(
                "{}, and `{}` of {} has the file loaded",
                act.message,
                excerpt(&link.key, 80),
                excerpt(&configuration, 120),
            );
            misfits.push(Misfit {
                file: file.name.clone(),
                defect: Defect {
                    rule: &REMOTE_CODE_ACTS,
                    body: String::new(),
                    range: Some(act.range.clone()),
                    about: Some(act.name.clone()),
                    message,
                },
            });
        }
    }
    misfits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_other_repositories_are_told_from_other_text() {
        for text in ["a/b--c.D", "org-x/name.v2--modeling_x.Model", "a/b--c.d.E"] {
            assert!(is_class_elsewhere(text), "{text}");
        }
        for text in [
            "a--b",
            "a/b--c",
            "--",
            "a/b -- c.D",
            "https://x/y--z.html",
            "a/b--1.2",
            "",
        ] {
            assert!(!is_class_elsewhere(text), "{text}");
        }
    }
}
