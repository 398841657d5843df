//! Documents beside the weights: configuration, tokenizers, programs, requirements.

mod json;

pub(crate) use json::JSON;

use crate::rule::Rule;

pub(crate) const RULES: &[&Rule] = json::RULES;
