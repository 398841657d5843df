//! What `adapter_config.json` (PEFT) says of an adapter.

use bonafide_core::RawName;
use bonafide_hash::Tree;
use bonafide_weights::AdapterDeclaration;
use serde_json::Value;

/// Its name in a model.
const NAME: &str = "adapter_config.json";

/// Most bytes of it.
const MOST_BYTES: u64 = 1 << 20;

/// What the configuration in the tree says; nothing if there is none, and why it cannot be
/// used if it cannot.
pub(crate) fn declaration(tree: &Tree) -> Result<AdapterDeclaration, String> {
    let name = RawName::from(NAME);
    if tree.entry(name.as_bytes()).is_none() {
        return Ok(AdapterDeclaration::default());
    }
    let file = tree.file(&name).map_err(|failure| failure.to_string())?;
    if file.size() > MOST_BYTES {
        return Err(format!("more than {MOST_BYTES} bytes"));
    }
    let mut bytes = vec![0; usize::try_from(file.size()).unwrap_or(0)];
    file.read_exact(&mut bytes, 0)
        .and_then(|()| file.ensure_unchanged())
        .map_err(|failure| failure.to_string())?;
    let document: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let rank = |value: &Value| value.as_u64().and_then(|rank| u32::try_from(rank).ok());
    let ranks = document.get("rank_pattern").and_then(Value::as_object);
    Ok(AdapterDeclaration {
        rank: document.get("r").and_then(rank),
        ranks: ranks
            .into_iter()
            .flatten()
            .filter_map(|(module, value)| Some((module.clone(), rank(value)?)))
            .collect(),
        // A pattern in place of a list names modules that only the base model tells.
        targets: list(document.get("target_modules")),
        saved: list(document.get("modules_to_save")),
        base: document
            .get("base_model_name_or_path")
            .and_then(Value::as_str)
            .map(str::to_owned),
    })
}

fn list(value: Option<&Value>) -> Vec<String> {
    let texts = value.and_then(Value::as_array).into_iter().flatten();
    texts.filter_map(Value::as_str).map(str::to_owned).collect()
}
