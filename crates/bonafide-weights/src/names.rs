//! Which tensor of a model is which of its base.
//!
//! Names that are the same match. What is left is matched by a plain form of the names, if
//! only one tensor of each side has it: without the prefixes of wrappers (`module.`,
//! `_orig_mod.`, `base_model.model.`, `model.`), without `.base_layer` of PEFT, and with the
//! names of llama-like models in GGUF (`blk.0.attn_q.weight`) written as in Transformers
//! (`layers.0.self_attn.q_proj.weight`).

use std::collections::{BTreeMap, BTreeSet};

use bonafide_format::Tensor;

use crate::file::WeightFile;

/// A tensor, and the file that it is in.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) file: usize,
    pub(crate) source: &'a dyn bonafide_core::ReadAt,
    pub(crate) tensor: &'a Tensor,
}

/// The tensors of a model, which are those of all its files.
pub(crate) struct Tensors<'a> {
    pub(crate) entries: BTreeMap<&'a str, Entry<'a>>,
    /// Names that several tensors have.
    pub(crate) repeated: BTreeSet<&'a str>,
}

impl<'a> Tensors<'a> {
    pub(crate) fn of(files: &'a [WeightFile<'a>]) -> Self {
        let mut entries = BTreeMap::new();
        let mut repeated = BTreeSet::new();
        for (
            file,
            WeightFile {
                source, tensors, ..
            },
        ) in files.iter().enumerate()
        {
            for tensor in *tensors {
                let entry = Entry {
                    file,
                    source: *source,
                    tensor,
                };
                if entries.insert(tensor.name.as_str(), entry).is_some() {
                    repeated.insert(tensor.name.as_str());
                }
            }
        }
        Self { entries, repeated }
    }

    /// The tensors by their plain names; those that only one has.
    pub(crate) fn plain(&self, without: &BTreeSet<&str>) -> BTreeMap<String, &'a str> {
        let mut plain: BTreeMap<String, Option<&'a str>> = BTreeMap::new();
        for name in self.entries.keys().filter(|name| !without.contains(**name)) {
            plain
                .entry(plain_name(name))
                .and_modify(|found| *found = None)
                .or_insert(Some(name));
        }
        plain
            .into_iter()
            .filter_map(|(plain, name)| Some((plain, name?)))
            .collect()
    }

    /// For each name of this model, that of `base`.
    pub(crate) fn matched(&self, base: &Tensors<'a>) -> BTreeMap<&'a str, &'a str> {
        let mut matched: BTreeMap<&'a str, &'a str> = self
            .entries
            .keys()
            .filter_map(|name| {
                base.entries
                    .get_key_value(name)
                    .map(|(other, _)| (*name, *other))
            })
            .collect();
        let taken: BTreeSet<&str> = matched.keys().copied().collect();
        let others = base.plain(&taken);
        for (plain, name) in self.plain(&taken) {
            if let Some(other) = others.get(&plain) {
                matched.insert(name, other);
            }
        }
        matched
    }
}

/// The name without wrappers, as Transformers would write it.
pub(crate) fn plain_name(name: &str) -> String {
    let mut rest = name;
    while let Some(shorter) = ["base_model.model.", "_orig_mod.", "module.", "model."]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix))
    {
        rest = shorter;
    }
    from_gguf(rest).unwrap_or_else(|| rest.replace(".base_layer.", "."))
}

/// What Transformers calls a tensor of a llama-like model in GGUF, below `model.`.
fn from_gguf(name: &str) -> Option<String> {
    match name {
        "token_embd.weight" => return Some("embed_tokens.weight".to_owned()),
        "output_norm.weight" => return Some("norm.weight".to_owned()),
        "output.weight" => return Some("lm_head.weight".to_owned()),
        _ => {}
    }
    let (layer, rest) = name.strip_prefix("blk.")?.split_once('.')?;
    let (part, kind) = rest.rsplit_once('.')?;
    let part = match part {
        "attn_q" => "self_attn.q_proj",
        "attn_k" => "self_attn.k_proj",
        "attn_v" => "self_attn.v_proj",
        "attn_output" => "self_attn.o_proj",
        "attn_q_norm" => "self_attn.q_norm",
        "attn_k_norm" => "self_attn.k_norm",
        "attn_norm" => "input_layernorm",
        "ffn_norm" => "post_attention_layernorm",
        "ffn_gate" => "mlp.gate_proj",
        "ffn_up" => "mlp.up_proj",
        "ffn_down" => "mlp.down_proj",
        _ => return None,
    };
    Some(format!("layers.{layer}.{part}.{kind}"))
}

/// Whether a name is that of a query or key projection in GGUF, whose rows llama.cpp orders
/// for its rotary embedding.
pub(crate) fn may_be_permuted(name: &str) -> bool {
    name.starts_with("blk.") && (name.contains(".attn_q.") || name.contains(".attn_k."))
}

/// Whether `name` is one of those that a pattern says: a glob if it has a star, else the
/// name itself, a prefix that ends at a dot, or a module in it.
pub(crate) fn covers(pattern: &str, name: &str) -> bool {
    if pattern.contains('*') {
        return glob(pattern, name);
    }
    let pattern = pattern.trim_end_matches('.');
    let named = |name: &str| {
        name.strip_prefix(pattern)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    !pattern.is_empty()
        && (named(name) || named(&plain_name(name)) || name.split('.').any(|part| part == pattern))
        || !pattern.is_empty() && format!(".{name}.").contains(&format!(".{pattern}."))
}

/// A name against a pattern whose stars stand for anything.
fn glob(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut last = None;
    for piece in pieces {
        if let Some(piece) = last.replace(piece) {
            let piece: &str = piece;
            let Some(at) = rest.find(piece) else {
                return false;
            };
            rest = rest.get(at + piece.len()..).unwrap_or("");
        }
    }
    last.is_none_or(|last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::{covers, plain_name};

    #[test]
    fn names_of_wrappers_and_gguf_are_the_same() {
        for name in [
            "model.layers.3.mlp.up_proj.weight",
            "base_model.model.model.layers.3.mlp.up_proj.base_layer.weight",
            "_orig_mod.module.layers.3.mlp.up_proj.weight",
            "blk.3.ffn_up.weight",
        ] {
            assert_eq!(plain_name(name), "layers.3.mlp.up_proj.weight");
        }
        assert_eq!(plain_name("output.weight"), "lm_head.weight");
        assert_eq!(plain_name("blk.x"), "blk.x");
    }

    #[test]
    fn patterns_cover_whole_parts_of_names() {
        assert!(covers("model.embed_tokens", "model.embed_tokens.weight"));
        assert!(covers("embed_tokens", "model.embed_tokens.weight"));
        assert!(covers("q_proj", "model.layers.0.self_attn.q_proj.weight"));
        assert!(!covers("proj", "model.layers.0.self_attn.q_proj.weight"));
        assert!(!covers("model.layers.1", "model.layers.10.weight"));
        assert!(covers("model.layers.1.*", "model.layers.1.weight"));
        assert!(covers("*mlp*weight", "layers.0.mlp.up.weight"));
        assert!(!covers("*mlp*bias", "layers.0.mlp.up.weight"));
        assert!(!covers("", "x"));
    }
}
