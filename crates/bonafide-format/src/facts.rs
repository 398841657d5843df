//! What a file says or shows of the model in it. Nothing in here is a judgement.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use bonafide_core::{Digest, excerpt};
use serde::{Deserialize, Serialize};

/// Most characters that are kept of a text out of a file.
const LONGEST: usize = 200;

/// Most entries that are kept of a list or table out of a file.
const MOST: usize = 10_000;

/// What is known of the content of one file, all its bodies together.
///
/// Texts in it come from the file: they are cut, and escaped so that they can be printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Facts {
    /// Names of architectures: `BertModel`, `llama`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub architectures: BTreeSet<String>,
    /// Programs that wrote the file: `pytorch`, `tf2onnx 1.9`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub producers: BTreeSet<String>,
    /// Licences that the file names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub licences: BTreeSet<String>,
    /// How many tensors there are.
    pub tensor_count: u64,
    /// How many numbers they hold.
    pub parameters: u128,
    /// The same by type of number, as the format writes it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dtypes: BTreeMap<String, u128>,
    /// Names and shapes, as many as the budget allows; not printed.
    #[serde(skip)]
    pub tensors: Vec<Tensor>,
    /// Operators or layers of the graph, with how often each occurs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub operators: BTreeMap<String, u64>,
    /// What pickles import, in the order in which they do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub globals: Vec<Global>,
    /// Where each of them is in the list.
    #[serde(skip)]
    index: GlobalIndex,
    /// Other files that it names, or programs elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Software that it asks to be installed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
    /// Chat templates by variant, for comparison with those of another model.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<String, Digest>,
    /// Digest of a tokenizer, whatever the order and the blanks of its file, for
    /// comparison with that of another model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<Digest>,
    /// Other things that it says of itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// A tensor, without its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Its name, as it is.
    pub name: String,
    /// Type of number, as the format writes it.
    pub dtype: String,
    /// Length in each dimension.
    pub shape: Vec<u64>,
    /// Where its numbers are, if they can be read from the file as it is; none if they are
    /// compressed, encoded, elsewhere, or written in a way that is not followed.
    pub place: Option<Place>,
}

/// Where the numbers of a tensor are in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Their bytes in the file; they lie in it.
    pub range: Range<u64>,
    /// In which order they are.
    pub order: Order,
    /// Whether the bytes of a number start with the most significant.
    pub big_endian: bool,
}

/// In which order the numbers of a tensor are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// The last dimension fastest (C), without gaps.
    RowMajor,
    /// The first dimension fastest (Fortran), without gaps.
    ColumnMajor,
    /// By steps in numbers, one for each dimension, from the start of the range; several
    /// tensors may share numbers then.
    Strided(Vec<u64>),
}

/// What a pickle asks the loader to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Global {
    /// Module and name, joined by a dot.
    pub name: String,
    /// What is known of it.
    pub standing: GlobalStanding,
    /// How often it is asked for.
    pub uses: u64,
}

/// What is known of an importable name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlobalStanding {
    /// On the list of those that only build data.
    Allowed,
    /// On no list.
    Unknown,
    /// Known to run, load, read, write or send something.
    Dangerous,
}

/// Another file or program that a file names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reference {
    /// What for.
    pub kind: ReferenceKind,
    /// Its path or name, as the file writes it.
    pub target: String,
}

/// Software that a file asks to be installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Dependency {
    /// Name of the package on the Python Package Index, normalized (PEP 503).
    pub name: String,
    /// What is asked of its version, as written: `>=2.0,<3`.
    pub requirement: String,
    /// The version, where exactly one will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Bytes of the file that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<std::ops::Range<u64>>,
}

/// What a file names another one for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceKind {
    /// Numbers of tensors.
    Weights,
    /// A program that is run.
    Code,
    /// A model, tokenizer or data set elsewhere.
    Artifact,
}

/// Finds importable names. Module and name are kept apart: `a.b` in `c` is not `b` in `c.a`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct GlobalIndex {
    places: HashMap<String, usize>,
    /// Where a key is put together, so that looking one up allocates nothing.
    key: String,
}

impl GlobalIndex {
    fn find(&mut self, module: &str, name: &str) -> Option<usize> {
        self.key.clear();
        self.key.push_str(module);
        self.key.push('\0');
        self.key.push_str(name);
        self.places.get(&self.key).copied()
    }

    fn insert(&mut self, module: &str, name: &str, place: usize) {
        self.places.insert(format!("{module}\0{name}"), place);
    }
}

impl Facts {
    /// Counts a tensor, and keeps its name and shape while `limit` allows.
    pub(crate) fn add_tensor(&mut self, tensor: Tensor, limit: usize) -> Option<usize> {
        let elements = tensor.shape.iter().fold(1_u128, |product, length| {
            product.saturating_mul(u128::from(*length))
        });
        self.tensor_count += 1;
        self.parameters = self.parameters.saturating_add(elements);
        let dtype = excerpt(&tensor.dtype, LONGEST);
        if self.dtypes.contains_key(&dtype) || self.dtypes.len() < MOST {
            let sum = self.dtypes.entry(dtype).or_default();
            *sum = sum.saturating_add(elements);
        }
        let index = self.tensors.len();
        (index < limit).then(|| {
            self.tensors.push(tensor);
            index
        })
    }

    /// Adds the name of an architecture.
    pub(crate) fn add_architecture(&mut self, name: &str) {
        insert(&mut self.architectures, name);
    }

    /// Adds the name of a program that wrote the file.
    pub(crate) fn add_producer(&mut self, name: &str) {
        insert(&mut self.producers, name);
    }

    /// Adds the name of a licence.
    pub(crate) fn add_licence(&mut self, name: &str) {
        insert(&mut self.licences, name);
    }

    /// Counts an operator or layer.
    pub(crate) fn add_operator(&mut self, name: &str) {
        let name = excerpt(name, LONGEST);
        if self.operators.contains_key(&name) || self.operators.len() < MOST {
            *self.operators.entry(name).or_default() += 1;
        }
    }

    /// Counts another use of an importable name; false if it is not in the list yet.
    pub(crate) fn use_global(&mut self, module: &str, name: &str) -> bool {
        let known = self.index.find(module, name);
        let Some(known) = known.and_then(|at| self.globals.get_mut(at)) else {
            return false;
        };
        known.uses += 1;
        true
    }

    /// Adds an importable name, of which [`Facts::use_global`] said that it is new.
    pub(crate) fn add_global(&mut self, module: &str, name: &str, standing: GlobalStanding) {
        if self.globals.len() < MOST {
            self.index.insert(module, name, self.globals.len());
            self.globals.push(Global {
                name: excerpt(&format!("{module}.{name}"), LONGEST),
                standing,
                uses: 1,
            });
        }
    }

    /// Adds another file or program.
    pub(crate) fn add_reference(&mut self, kind: ReferenceKind, target: &str) {
        if self.references.len() < MOST {
            self.references.push(Reference {
                kind,
                target: excerpt(target, LONGEST),
            });
        }
    }

    /// Adds a chat template; the first of a variant stands.
    pub(crate) fn add_template(&mut self, variant: &str, digest: Digest) {
        if self.templates.len() < MOST {
            self.templates
                .entry(excerpt(variant, LONGEST))
                .or_insert(digest);
        }
    }

    /// Adds software.
    pub(crate) fn add_dependency(&mut self, dependency: Dependency) {
        if self.dependencies.len() < MOST {
            self.dependencies.push(dependency);
        }
    }

    /// Adds something that the file says of itself; the first word stands.
    pub(crate) fn add_metadata(&mut self, key: &str, value: &str) {
        if self.metadata.len() < MOST {
            self.metadata
                .entry(excerpt(key, LONGEST))
                .or_insert_with(|| excerpt(value, LONGEST));
        }
    }
}

fn insert(set: &mut BTreeSet<String>, text: &str) {
    if set.len() < MOST {
        set.insert(excerpt(text, LONGEST));
    }
}
