//! Configurations that name a class or function, which a loader imports and calls: Hydra's
//! `_target_`, the `class_path` of Lightning, the `!new:` tags of HyperPyYAML, MLflow's
//! `loader_module`.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::facts::ReferenceKind;
use crate::importable;
use crate::json::{Document, Node, Step, path_text};
use crate::pickle::globals::{self, Judgement};
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[
    &DANGEROUS_TARGET,
    &UNKNOWN_TARGET,
    &MLFLOW_LOADER,
    &MLFLOW_PROGRAM,
];

const DANGEROUS_TARGET: Rule = Rule {
    slug: "configuration-dangerous-target",
    title: "Configuration has the loader call something that runs programs or touches files",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "The loader imports the name and calls it with the arguments of the configuration: the file is a \
        program.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-02")],
    cwe: &[470, 94],
    cve: &["CVE-2025-23304"],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const UNKNOWN_TARGET: Rule = Rule {
    slug: "configuration-target",
    title: "Configuration has the loader call something of an unknown library",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "The loader imports the name and calls it. What that does depends on what is installed under it.",
    remediation: "Read what the name stands for, and allow it in the policy if it only builds a model.",
    threats: &[ThreatId("ART-02")],
    cwe: &[470],
    cve: &["CVE-2025-23304"],
    atlas: &["AML.T0011.000"],
};

const MLFLOW_LOADER: Rule = Rule {
    slug: "mlflow-loader",
    title: "MLflow model is loaded by a module that is not MLflow's",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "MLflow imports the module, which can be one that the model itself brings, and calls it.",
    remediation: "Read the module, or have the model written with a flavour of MLflow.",
    threats: &[ThreatId("ART-02")],
    cwe: &[470, 829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const MLFLOW_PROGRAM: Rule = Rule {
    slug: "mlflow-program",
    title: "MLflow model brings programs that loading it runs",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Files of the model are put on the path of the interpreter, and a pickled object is called.",
    remediation: "Read the files, and load the model only from an origin that is trusted to run programs.",
    threats: &[ThreatId("ART-02")],
    cwe: &[829],
    cve: &["CVE-2024-37060"],
    atlas: &["AML.T0011.000"],
};

/// Libraries whose classes build models, and do no more: whole packages, by their first parts.
const LIBRARIES: &[&str] = &[
    "torch.nn",
    "torch.optim",
    "torch.float16",
    "torch.float32",
    "torch.bfloat16",
    "torch.utils.data",
    "torchvision.transforms",
    "torchvision.models",
    "torchaudio.transforms",
    "torchmetrics",
    "nemo.collections",
    "nemo.core",
    "nemo.lightning",
    "lightning.pytorch.callbacks",
    "lightning.pytorch.loggers",
    "lightning.pytorch.trainer",
    "lightning.pytorch.strategies",
    "lightning.Trainer",
    "pytorch_lightning",
    "megatron.core",
    "timm.models",
    "timm.layers",
    "transformers.models",
    "speechbrain.lobes",
    "speechbrain.nnet",
    "speechbrain.processing",
    "speechbrain.dataio",
    "speechbrain.decoders",
    "speechbrain.inference",
    "speechbrain.integrations",
    "speechbrain.pretrained",
    "speechbrain.augment",
    "speechbrain.tokenizers",
    "speechbrain.utils.checkpoints.Checkpointer",
    "speechbrain.utils.epoch_loop",
    "speechbrain.utils.train_logger",
    "speechbrain.utils.metric_stats",
    "ldm.models",
    "ldm.modules",
    "ldm.lr_scheduler",
    "sgm.models",
    "sgm.modules",
    "tensorflow.keras.layers",
    "keras.layers",
    "sklearn.linear_model",
    "sklearn.preprocessing",
    "omegaconf.DictConfig",
    "omegaconf.ListConfig",
];

/// Names that a library above re-exports, whose last part says that it reads or runs.
const ACTING_PARTS: &[&str] = &[
    "__import__",
    "load",
    "loads",
    "exec",
    "eval",
    "system",
    "popen",
    "os",
    "sys",
    "subprocess",
    "shutil",
    "builtins",
    "importlib",
    "pickle",
    "locate",
];

/// Names of ordinary libraries that run programs, import, or unpickle.
const DANGEROUS_NAMES: &[&str] = &[
    "torch.load",
    "torch.hub.load",
    "torch.jit.load",
    "torch.utils.cpp_extension.load",
    "torch.utils.cpp_extension.load_inline",
    "torch.ops.load_library",
    "torch.classes.load_library",
    "torch.serialization.load",
    "numpy.load",
    "numpy.fromfile",
    "numpy.save",
    "numpy.savetxt",
    "numpy.ctypeslib.load_library",
    "pandas.eval",
    "pandas.read_pickle",
    "hydra.utils.get_method",
    "hydra.utils.get_object",
    "hydra.utils.get_class",
    "hydra.utils.call",
    "hydra.utils.instantiate",
    "hydra._internal.utils._locate",
    "functools.partial",
    "functools.reduce",
    "tensorflow.io.write_file",
    "tensorflow.py_function",
    "tensorflow.numpy_function",
    "tensorflow.load_op_library",
    "keras.utils.get_file",
    "tensorflow.keras.utils.get_file",
    "nltk.download",
    "yaml.load",
    "yaml.unsafe_load",
    "jsonpickle.decode",
];

/// What is known of an importable name in a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Only builds parts of models.
    Allowed,
    /// On no list.
    Unknown,
    /// Runs programs, imports, unpickles, or touches files or the network.
    Dangerous,
}

/// What is known of an importable name.
pub(crate) fn standing(name: &str) -> Standing {
    // `package.module:function`, as entry points write it.
    let name = name.trim().replace(':', ".");
    let Some((module, last)) = name.rsplit_once('.') else {
        // A name without a module is a builtin for those that look it up so.
        return if importable::is_builtin(&name)
            && globals::classify("builtins", &name).is_dangerous()
        {
            Standing::Dangerous
        } else {
            Standing::Unknown
        };
    };
    if DANGEROUS_NAMES.contains(&name.as_str()) {
        return Standing::Dangerous;
    }
    let below = |library: &&&str| {
        name.strip_prefix(**library)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let acts = |part: &str| ACTING_PARTS.contains(&part) || part.starts_with("__");
    if let Some(library) = LIBRARIES.iter().find(below) {
        // `torch.nn.modules.os.system`: a way from an allowed module to another one.
        let rest = name.get(library.len()..).unwrap_or_default();
        return if rest.split('.').any(acts) {
            Standing::Dangerous
        } else {
            Standing::Allowed
        };
    }
    match globals::classify(module, last) {
        Judgement::Allowed { .. } => Standing::Allowed,
        judgement if judgement.is_dangerous() => Standing::Dangerous,
        _ => Standing::Unknown,
    }
}

/// Reports a name that a loader imports, by what is known of it; `otherwise` is the rule
/// for one that is on no list.
pub(crate) fn module(
    visit: &mut Visit<'_>,
    key: &str,
    name: &str,
    range: Range<u64>,
    otherwise: &'static Rule,
) {
    let rule = match standing(name) {
        Standing::Allowed => return,
        Standing::Unknown => otherwise,
        Standing::Dangerous => &DANGEROUS_TARGET,
    };
    let message = format!("`{key}` has `{}` imported and called", excerpt(name, 120));
    visit.report_about(rule, Some(range), name, message);
}

/// The same for a target of Hydra, or of a tag that does the same.
pub(crate) fn target(visit: &mut Visit<'_>, key: &str, name: &str, range: Range<u64>) {
    visit.facts().add_reference(ReferenceKind::Code, name);
    module(visit, key, name, range, &UNKNOWN_TARGET);
}

/// Looks for targets at any depth, and for MLflow's flavours.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let mut found = Vec::new();
    document.root.walk(&mut |path, node| {
        // What the latent diffusion programs build: a class, and its parameters.
        if let (Some(target), Some(_)) = (node.get("target"), node.get("params"))
            && let Some(text) = target.text().filter(|text| text.contains('.'))
            && standing(text) == Standing::Unknown
        {
            let key = format!("{}.target", path_text(path));
            found.push((key, text.to_owned(), target.range.clone()));
        }
        let Some(Step::Member(name)) = path.last() else {
            return;
        };
        // Hydra itself, its older word, and the one of the latent diffusion programs.
        let is_target = match *name {
            "_target_" | "__target__" => true,
            // Lightning's command line. Others have folders of Java classes by this name.
            "class_path" => node
                .text()
                .is_some_and(|text| text.contains('.') && !text.contains(['/', '\\'])),
            // sentence-transformers imports the function by this name.
            "activation_function" | "activation_fn" | "sbert_ce_default_activation_function" => {
                node.text().is_some_and(|text| text.contains('.'))
            }
            "target" => node
                .text()
                .is_some_and(|text| standing(text) == Standing::Dangerous && text.contains('.')),
            _ => false,
        };
        if is_target && let Some(text) = node.text() {
            found.push((path_text(path), text.to_owned(), node.range.clone()));
        }
    });
    for (path, name, range) in found {
        target(visit, &excerpt(&path, 120), &name, range);
    }
    mlflow(visit, &document.root);
}

/// `MLmodel`: how each flavour of a model is loaded.
fn mlflow(visit: &mut Visit<'_>, root: &Node<'_>) {
    let Some(flavours) = root.get("flavors") else {
        return;
    };
    if let Some(version) = root.get("mlflow_version").and_then(Node::text) {
        visit.facts().add_producer(&format!("mlflow {version}"));
    }
    for flavour in flavours.members() {
        let name = excerpt(&flavour.name, 80);
        visit.facts().add_operator(&flavour.name);
        if let Some(loader) = flavour.value.get("loader_module")
            && let Some(module) = loader.text()
            && !module.starts_with("mlflow.")
        {
            let rule = if standing(module) == Standing::Dangerous {
                &DANGEROUS_TARGET
            } else {
                &MLFLOW_LOADER
            };
            let message = format!(
                "the flavour `{name}` is loaded by `{}`",
                excerpt(module, 120)
            );
            visit.facts().add_reference(ReferenceKind::Code, module);
            visit.report_about(rule, Some(loader.range.clone()), module, message);
        }
        for key in ["code", "python_model", "model_code_path"] {
            let Some(value) = flavour.value.get(key) else {
                continue;
            };
            let Some(path) = value.text().filter(|path| !path.is_empty()) else {
                continue;
            };
            visit.facts().add_reference(ReferenceKind::Code, path);
            let message = format!(
                "`{key}` of the flavour `{name}` is `{}`",
                excerpt(path, 120)
            );
            visit.report_about(&MLFLOW_PROGRAM, Some(value.range.clone()), path, message);
        }
        // Every path of a flavour is joined to the folder of the model.
        for key in [
            "code",
            "python_model",
            "model_code_path",
            "model_path",
            "pickled_model",
            "data",
        ] {
            if let Some(value) = flavour.value.get(key)
                && let Some(path) = value.text()
                && let Some(why) = crate::path::leads_outside(path)
            {
                let message = format!("`{}`: {why}", excerpt(path, 120));
                visit.report(&crate::path::OUTSIDE, Some(value.range.clone()), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_as_a_whole() {
        for (name, wanted) in [
            ("torch.nn.Linear", Standing::Allowed),
            ("torch.nn.modules.os.system", Standing::Dangerous),
            ("torch.nnx.Linear", Standing::Unknown),
            ("os.system", Standing::Dangerous),
            ("builtins.eval", Standing::Dangerous),
            ("eval", Standing::Dangerous),
            ("torch.load", Standing::Dangerous),
            (
                "nemo.collections.asr.modules.ConvASREncoder",
                Standing::Allowed,
            ),
            (
                "nemo.collections.common.parts.subprocess.run",
                Standing::Dangerous,
            ),
            ("my_package.Model", Standing::Unknown),
        ] {
            assert_eq!(standing(name), wanted, "{name}");
        }
    }
}
