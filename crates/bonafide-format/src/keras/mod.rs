//! Keras: what the configuration of a model makes the loader import and run.
//!
//! A configuration is a tree of `{"class_name", "config", "module", "registered_name"}`. The
//! loader looks each of them up, in the modules of Keras, among what the user registered,
//! and, until Keras 3.9, in whatever module the file names. So every such node counts, at
//! any depth, also among the arguments of a layer.

mod configuration;
mod names;
mod node;
mod rules;

pub(crate) use configuration::{analyse, analyse_saved};
pub(crate) use rules::RULES;
