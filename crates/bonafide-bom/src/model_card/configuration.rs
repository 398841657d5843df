//! `config.json`, `adapter_config.json` and `tokenizer_config.json`.

use super::ModelCardError;
use super::fields::{FieldDefect, Fields, count, member, owned_object};
use crate::json::{Node, Numbers, Object, admit_numbers};

/// Most bytes of `config.json` and `adapter_config.json`.
const MOST_CONFIGURATION: usize = 4 << 20;

/// Most bytes of `tokenizer_config.json`: it lists added tokens one by one.
const MOST_TOKENIZER: usize = 32 << 20;

/// What `config.json` says (Transformers).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelConfiguration {
    /// `architectures`.
    pub architectures: Vec<String>,
    /// `model_type`.
    pub model_type: Option<String>,
    /// `dtype`, or `torch_dtype` before Transformers 4.56; if both are there, `dtype`.
    pub dtype: Option<String>,
    /// `vocab_size`.
    pub vocab_size: Option<u64>,
    /// `hidden_size`.
    pub hidden_size: Option<u64>,
    /// `num_hidden_layers`.
    pub num_hidden_layers: Option<u64>,
    /// `transformers_version`.
    pub transformers_version: Option<String>,
    /// `_name_or_path`: what the model was loaded from when it was saved.
    pub name_or_path: Option<String>,
    /// `quantization_config`, which itself stays in `extra`.
    pub quantization: Option<Quantization>,
    /// Everything else.
    pub extra: Object<'static>,
    /// Fields with another shape than documented; they are in `extra`.
    pub defects: Vec<FieldDefect>,
}

/// How a model was quantised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quantization {
    /// `quant_method`.
    pub method: Option<String>,
    /// `bits`.
    pub bits: Option<u64>,
}

/// What `adapter_config.json` says (PEFT).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AdapterConfiguration {
    /// `base_model_name_or_path`.
    pub base_model: Option<String>,
    /// `revision` of the base model.
    pub revision: Option<String>,
    /// `peft_type`.
    pub peft_type: Option<String>,
    /// `task_type`.
    pub task_type: Option<String>,
    /// `r`.
    pub rank: Option<u64>,
    /// `lora_alpha`.
    pub lora_alpha: Option<f64>,
    /// `target_modules`: names, or one pattern.
    pub target_modules: Vec<String>,
    /// `modules_to_save`: trained in full and saved with the adapter.
    pub modules_to_save: Vec<String>,
    /// Everything else.
    pub extra: Object<'static>,
    /// Fields with another shape than documented; they are in `extra`.
    pub defects: Vec<FieldDefect>,
}

/// What `tokenizer_config.json` says (Transformers).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TokenizerConfiguration {
    /// `tokenizer_class`.
    pub tokenizer_class: Option<String>,
    /// `name_or_path`.
    pub name_or_path: Option<String>,
    /// `chat_template`.
    pub chat_template: ChatTemplate,
    /// Everything else.
    pub extra: Object<'static>,
    /// Fields with another shape than documented; they are in `extra`.
    pub defects: Vec<FieldDefect>,
}

/// The template that turns a conversation into text: code that runs at each use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ChatTemplate {
    /// The file has none; it may lie beside, in `chat_template.jinja`.
    #[default]
    Absent,
    /// One.
    One(String),
    /// Several by name.
    Named(Vec<NamedTemplate>),
}

/// One of several templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTemplate {
    /// Its name.
    pub name: String,
    /// Its text.
    pub template: String,
}

/// These files are settings, written by Python with numbers as large as it likes.
fn fields(file: &[u8], limit: usize) -> Result<Fields, ModelCardError> {
    match admit_numbers(file, limit, Numbers::Rounded)? {
        Node::Object(object) => Ok(Fields::new(owned_object(&object))),
        other => Err(ModelCardError::Shape {
            found: other.kind(),
        }),
    }
}

impl ModelConfiguration {
    /// Reads a `config.json`.
    ///
    /// # Errors
    ///
    /// [`ModelCardError`].
    pub fn read(file: &[u8]) -> Result<Self, ModelCardError> {
        let mut fields = fields(file, MOST_CONFIGURATION)?;
        let quantization = fields.look("quantization_config").and_then(quantization);
        let dtype = fields.text("dtype");
        let mut configuration = Self {
            architectures: fields.texts("architectures"),
            model_type: fields.text("model_type"),
            // The older name stays in `extra` where the newer one is there too.
            dtype: match dtype {
                Some(dtype) => Some(dtype),
                None => fields.text("torch_dtype"),
            },
            vocab_size: fields.count("vocab_size"),
            hidden_size: fields.count("hidden_size"),
            num_hidden_layers: fields.count("num_hidden_layers"),
            transformers_version: fields.text("transformers_version"),
            name_or_path: fields.text("_name_or_path"),
            quantization,
            ..Self::default()
        };
        (configuration.extra, configuration.defects) = fields.finish();
        Ok(configuration)
    }
}

fn quantization(node: &Node<'_>) -> Option<Quantization> {
    node.object()?;
    Some(Quantization {
        method: member(node, "quant_method"),
        bits: node.get("bits").and_then(count),
    })
}

impl AdapterConfiguration {
    /// Reads an `adapter_config.json`.
    ///
    /// # Errors
    ///
    /// [`ModelCardError`].
    pub fn read(file: &[u8]) -> Result<Self, ModelCardError> {
        let mut fields = fields(file, MOST_CONFIGURATION)?;
        let mut configuration = Self {
            base_model: fields.text("base_model_name_or_path"),
            revision: fields.text("revision"),
            peft_type: fields.text("peft_type"),
            task_type: fields.text("task_type"),
            rank: fields.count("r"),
            lora_alpha: fields.take("lora_alpha", "a number", |node| match node {
                Node::Number(number) => Some(number.value()),
                _ => None,
            }),
            target_modules: fields.texts("target_modules"),
            modules_to_save: fields.texts("modules_to_save"),
            ..Self::default()
        };
        (configuration.extra, configuration.defects) = fields.finish();
        Ok(configuration)
    }
}

impl TokenizerConfiguration {
    /// Reads a `tokenizer_config.json`.
    ///
    /// # Errors
    ///
    /// [`ModelCardError`].
    pub fn read(file: &[u8]) -> Result<Self, ModelCardError> {
        let mut fields = fields(file, MOST_TOKENIZER)?;
        let mut configuration = Self {
            tokenizer_class: fields.text("tokenizer_class"),
            name_or_path: fields.text("name_or_path"),
            chat_template: fields
                .take(
                    "chat_template",
                    "text or a list of named templates",
                    template,
                )
                .unwrap_or_default(),
            ..Self::default()
        };
        (configuration.extra, configuration.defects) = fields.finish();
        Ok(configuration)
    }
}

fn template(node: &Node<'_>) -> Option<ChatTemplate> {
    if let Node::Text(text) = node {
        return Some(ChatTemplate::One(text.clone().into_owned()));
    }
    let named = node.list()?.iter().map(|entry| {
        (entry.object()?.len() == 2).then_some(())?;
        Some(NamedTemplate {
            name: entry.get("name")?.text()?.to_owned(),
            template: entry.get("template")?.text()?.to_owned(),
        })
    });
    named.collect::<Option<_>>().map(ChatTemplate::Named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    fn tree(text: &str) -> Node<'_> {
        admit(text.as_bytes(), 1 << 20).unwrap()
    }

    #[test]
    fn reads_a_configuration() {
        let read = ModelConfiguration::read(
            br#"{"architectures":["LlamaForCausalLM"],"model_type":"llama","torch_dtype":"bfloat16","vocab_size":32000,
            "hidden_size":16.0,"num_hidden_layers":-1,"transformers_version":"4.55.0","_name_or_path":"org/base","rope_scaling":null,
            "quantization_config":{"quant_method":"gptq","bits":4},"huge":1000000000000000019884624838656}"#,
        )
        .unwrap();
        assert_eq!(read.architectures, ["LlamaForCausalLM"]);
        assert_eq!(read.dtype.as_deref(), Some("bfloat16"));
        assert_eq!(
            (read.vocab_size, read.hidden_size, read.num_hidden_layers),
            (Some(32000), Some(16), None)
        );
        assert_eq!(read.name_or_path.as_deref(), Some("org/base"));
        assert_eq!(
            read.quantization,
            Some(Quantization {
                method: Some("gptq".into()),
                bits: Some(4)
            })
        );
        assert_eq!(read.defects.len(), 1);
        assert_eq!(
            read.defects[0].to_string(),
            "/num_hidden_layers: expected a whole number, found a number"
        );
        let extra: Vec<&str> = read.extra.iter().map(|(name, _)| name).collect();
        assert_eq!(
            extra,
            [
                "num_hidden_layers",
                "rope_scaling",
                "quantization_config",
                "huge"
            ]
        );
        assert_eq!(
            read.extra.get("quantization_config"),
            Some(&tree(r#"{"quant_method":"gptq","bits":4}"#))
        );
        let both =
            ModelConfiguration::read(br#"{"dtype":"float16","torch_dtype":"float32"}"#).unwrap();
        assert_eq!(
            (both.dtype.as_deref(), both.extra.len()),
            (Some("float16"), 1)
        );
    }

    #[test]
    fn reads_an_adapter() {
        let read = AdapterConfiguration::read(
            br#"{"base_model_name_or_path":"org/base","revision":null,"peft_type":"LORA","r":8,"lora_alpha":16.5,"target_modules":["q","v"],"modules_to_save":null,"bias":"none"}"#,
        )
        .unwrap();
        assert_eq!(read.base_model.as_deref(), Some("org/base"));
        assert_eq!(
            (read.rank, read.lora_alpha, read.revision.clone()),
            (Some(8), Some(16.5), None)
        );
        assert_eq!(read.target_modules, ["q", "v"]);
        assert!(read.defects.is_empty());
        assert_eq!(read.extra.len(), 3);
        let pattern = AdapterConfiguration::read(br#"{"target_modules":".*proj"}"#).unwrap();
        assert_eq!(pattern.target_modules, [".*proj"]);
    }

    #[test]
    fn reads_a_tokenizer() {
        let one = TokenizerConfiguration::read(
            br#"{"tokenizer_class":"LlamaTokenizer","chat_template":"{{ x }}","model_max_length":1000000000000000019884624838656}"#,
        )
        .unwrap();
        assert_eq!(one.chat_template, ChatTemplate::One("{{ x }}".into()));
        assert_eq!(one.extra.len(), 1);
        let several = br#"{"chat_template":[{"name":"default","template":"a"},{"name":"tool_use","template":"b"}]}"#;
        let several = TokenizerConfiguration::read(several).unwrap();
        assert!(
            matches!(&several.chat_template, ChatTemplate::Named(all) if all[1].name == "tool_use")
        );
        for odd in [
            r#"{"chat_template":7}"#,
            r#"{"chat_template":[1]}"#,
            r#"{"chat_template":[{"name":"a"}]}"#,
            r#"{"chat_template":[{"name":"a","template":"b","c":1}]}"#,
        ] {
            let read = TokenizerConfiguration::read(odd.as_bytes()).unwrap();
            assert_eq!(
                (read.chat_template, read.defects.len(), read.extra.len()),
                (ChatTemplate::Absent, 1, 1),
                "{odd}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_settings_file() {
        for bad in [
            "",
            "[]",
            "7",
            "{",
            r#"{"r":1,"r":2}"#,
            r#"{"a":NaN}"#,
            "\u{feff}{}",
        ] {
            assert!(AdapterConfiguration::read(bad.as_bytes()).is_err(), "{bad}");
            assert!(ModelConfiguration::read(bad.as_bytes()).is_err(), "{bad}");
            assert!(
                TokenizerConfiguration::read(bad.as_bytes()).is_err(),
                "{bad}"
            );
        }
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert!(ModelConfiguration::read(deep.as_bytes()).is_err());
        let large = vec![b' '; MOST_CONFIGURATION + 1];
        assert!(ModelConfiguration::read(&large).is_err());
    }
}
