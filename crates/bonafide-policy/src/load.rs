//! From a policy to all the files that it is made of.
//!
//! Earlier entries of `extends` come first, each after what it extends itself, the policy
//! last. A file that is reached twice counts once, where it is reached first: were it laid
//! over what was built on it, it would undo that.

use std::collections::HashSet;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::document::Section;
use crate::layer::{self, Layer, PolicyText};
use crate::nearest::nearest;
use crate::node::Node;
use crate::policy::{Policy, today};
use crate::presets::{preset, presets};
use crate::problem::{PolicyError, Problem};
use crate::waiver::{self, WaiverFile};

/// Most files that a policy may be made of, itself included.
const MOST_LAYERS: usize = 16;

/// What a policy refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// A file.
    File(PathBuf),
    /// Something elsewhere, by its address.
    Remote(String),
}

/// What is referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A policy that another one extends.
    Policy,
    /// A file of waivers.
    Waivers,
}

/// Reads the files that a policy refers to. The language itself reads nothing.
pub trait PolicySource {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Why it cannot be had, in a sentence.
    fn read(&self, reference: &Reference, kind: ReferenceKind) -> Result<PolicyText, String>;
}

/// A source that has nothing, for policies in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoSource;

impl PolicySource for NoSource {
    fn read(&self, _: &Reference, _: ReferenceKind) -> Result<PolicyText, String> {
        Err("a policy that is not read from a file can only extend presets".to_owned())
    }
}

impl PolicyText {
    /// A text that no file holds.
    #[must_use]
    pub fn in_memory(origin: &str, text: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            text: text.to_owned(),
            directory: PathBuf::new(),
            identity: format!("memory {origin}"),
        }
    }

    /// True for the text of a preset, which stands in no folder.
    pub(crate) fn is_preset(&self) -> bool {
        self.identity.starts_with("preset ")
    }

    /// True if it is a file of waivers and no policy.
    #[must_use]
    pub fn holds_waivers(&self) -> bool {
        let holds = |root: &Node| Section::root(root).optional("waivers").is_some();
        self.read(|root, _| Some(holds(root))).unwrap_or(false)
    }

    /// Reads a file of waivers on its own, if it is still valid at `now`. Whether its controls
    /// exist, the policy tells that it is for.
    ///
    /// # Errors
    ///
    /// Every mistake, each with its line.
    pub fn waivers(&self, now: Timestamp) -> Result<WaiverFile, PolicyError> {
        let file = self.read(|root, problems| waiver::read_file(root, &self.origin, problems))?;
        let today = today(now);
        match &file.expires {
            Some((expires, span)) if today > *expires => {
                let message = format!("file of waivers expired on {expires} (today is {today})");
                let problem = Problem::new(span.clone(), message).with_help(
                    "review the file of waivers, then set a later date and a new version",
                );
                Err(self.error(vec![problem]))
            }
            _ => Ok(file),
        }
    }

    fn of_preset(name: &str) -> Option<Self> {
        let preset = preset(name)?;
        Some(Self {
            origin: preset.name.to_owned(),
            text: preset.text.to_owned(),
            // No file can be reached from here: else the place where a run stands would decide
            // whom it believes.
            directory: PathBuf::from("\0"),
            identity: format!("preset {name}"),
        })
    }
}

impl Policy {
    /// Reads a policy with everything that it extends, and its waivers.
    ///
    /// # Errors
    ///
    /// Every mistake of the first file that has some, each with its line.
    pub fn load(root: PolicyText, source: &dyn PolicySource) -> Result<Self, PolicyError> {
        let mut loading = Loading {
            source,
            layers: Vec::new(),
            known: HashSet::new(),
            chain: Vec::new(),
        };
        loading.visit(root)?;
        let mut policy = Self::of_layers(loading.layers)?;
        policy.load_waivers(source)?;
        Ok(policy)
    }

    /// Reads a policy that stands for itself or extends presets; `origin` names it in
    /// errors, and says by its end whether it is YAML.
    ///
    /// # Errors
    ///
    /// Every mistake, each with its line.
    pub fn parse(origin: &str, text: &str) -> Result<Self, PolicyError> {
        Self::load(PolicyText::in_memory(origin, text), &NoSource)
    }

    /// The embedded baseline: every check, no trusted signer.
    ///
    /// # Errors
    ///
    /// A fault of this build.
    pub fn baseline() -> Result<Self, PolicyError> {
        Self::preset("baseline")
    }

    /// A policy that comes with the program.
    ///
    /// # Errors
    ///
    /// That there is none of this name.
    pub fn preset(name: &str) -> Result<Self, PolicyError> {
        match PolicyText::of_preset(name) {
            Some(text) => Self::load(text, &NoSource),
            None => Err(PolicyText::in_memory(name, "")
                .error(vec![unknown_preset(Problem::new(0..0, ""), name)])),
        }
    }

    /// Reads the waiver files that the policy names.
    fn load_waivers(&mut self, source: &dyn PolicySource) -> Result<(), PolicyError> {
        for (layer, path, span) in std::mem::take(&mut self.pending_waivers) {
            let failed = |reason: String| {
                let text = self.texts.get(layer);
                text.map(|text| text.error(vec![Problem::new(span.clone(), reason)]))
            };
            let text = match source.read(&path, ReferenceKind::Waivers) {
                Ok(text) => text,
                Err(reason) => match failed(reason) {
                    Some(error) => return Err(error),
                    None => continue,
                },
            };
            self.add_waivers(text)?;
        }
        Ok(())
    }

    /// Adds a file of waivers.
    ///
    /// # Errors
    ///
    /// Every mistake, each with its line.
    pub fn add_waivers(&mut self, text: PolicyText) -> Result<(), PolicyError> {
        let file = text.read(|root, problems| waiver::read_file(root, &text.origin, problems))?;
        self.take_waivers(file, text)
    }
}

fn unknown_preset(mut problem: Problem, name: &str) -> Problem {
    problem.message = format!("no preset is named `{}`", name.escape_debug());
    let names: Vec<&str> = presets().iter().map(|preset| preset.name).collect();
    match nearest(name, names.iter().copied()) {
        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
        None => problem.with_help(format!(
            "presets are `{}`; a file is named with its ending, as in `team.toml`",
            names.join("`, `")
        )),
    }
}

/// A reference as it stands in a policy of this folder; none if it can only be a preset.
fn reference(text: &str, directory: &std::path::Path) -> Option<Reference> {
    if text.contains("://") {
        return Some(Reference::Remote(text.to_owned()));
    }
    let is_file = text.contains('/')
        || [".toml", ".yaml", ".yml"]
            .iter()
            .any(|ending| text.to_ascii_lowercase().ends_with(ending));
    is_file.then(|| Reference::File(directory.join(text)))
}

/// Waiver files are never presets.
pub(crate) fn waiver_reference(text: &str, directory: &std::path::Path) -> Reference {
    reference(text, directory).unwrap_or_else(|| Reference::File(directory.join(text)))
}

struct Loading<'a> {
    source: &'a dyn PolicySource,
    /// In the order of override, the strongest last.
    layers: Vec<(PolicyText, Layer)>,
    /// What was read, by its identity.
    known: HashSet<String>,
    /// The way from the policy to the file at hand: identity and origin.
    chain: Vec<(String, String)>,
}

impl Loading<'_> {
    fn visit(&mut self, text: PolicyText) -> Result<(), PolicyError> {
        self.known.insert(text.identity.clone());
        let layer = text.read(|root, problems| layer::read(root, &text.origin, problems))?;
        self.chain
            .push((text.identity.clone(), text.origin.clone()));
        for (entry, span) in &layer.header.extends {
            let failed = |problem: Problem| text.error(vec![problem]);
            let problem = |message: String| Problem::new(span.clone(), message);
            let next = match reference(entry, &text.directory) {
                None => PolicyText::of_preset(entry)
                    .ok_or_else(|| failed(unknown_preset(problem(String::new()), entry)))?,
                Some(reference) => self
                    .source
                    .read(&reference, ReferenceKind::Policy)
                    .map_err(|reason| failed(problem(reason)))?,
            };
            if let Some(start) = self
                .chain
                .iter()
                .position(|(identity, _)| *identity == next.identity)
            {
                let way: Vec<&str> = self
                    .chain
                    .iter()
                    .skip(start)
                    .map(|(_, origin)| origin.as_str())
                    .chain([next.origin.as_str()])
                    .collect();
                let message = format!("the policy extends itself: {}", way.join(" -> "));
                return Err(failed(problem(message).with_help("take one of them out")));
            }
            if self.known.contains(&next.identity) {
                continue;
            }
            if self.known.len() >= MOST_LAYERS {
                return Err(failed(problem(format!(
                    "a policy is made of at most {MOST_LAYERS} files"
                ))));
            }
            self.visit(next)?;
        }
        self.chain.pop();
        self.layers.push((text, layer));
        Ok(())
    }
}
