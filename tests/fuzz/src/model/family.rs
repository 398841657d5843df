//! The families of models, and what each is inspected as.

use super::{Family, model};

/// Declares the target of each family, and the table of all.
macro_rules! families {
    ($($target:ident: $folder:literal, $names:tt, $formats:tt;)*) => {
        /// Every family of `fixtures/models`.
        pub const FAMILIES: &[Family] = &[$(
            Family { folder: $folder, names: &$names, formats: &$formats },
        )*];
        $(
            #[doc = concat!("Models of the family `", $folder, "`.")]
            pub fn $target(input: &[u8]) {
                const FAMILY: &Family =
                    &Family { folder: $folder, names: &$names, formats: &$formats };
                model(FAMILY, input);
            }
        )*
    };
}

families! {
    model_archive: "archive", ["model.tar"], [
        "tar", "7z", "rar", "gzip", "bzip2", "xz", "lz4", "zstd", "snappy", "zlib", "lzma",
        "joblib-zlib",
    ];
    model_boosting: "boosting", ["model.json"], ["xgboost-binary", "lightgbm", "catboost", "ubjson"];
    model_configuration: "configuration", ["config.json", "tokenizer_config.json", "lines.jsonl"], ["json"];
    model_coreml: "coreml", ["model.mlmodel"], ["coreml", "coreml-weights"];
    model_dependencies: "dependencies", [
        "requirements.txt", "pyproject.toml", "Pipfile.lock", "uv.lock", "environment.yml",
    ], ["requirements", "toml"];
    model_executorch: "executorch", ["model.pte"], ["executorch"];
    model_gguf: "gguf", ["model.gguf"], ["gguf", "ggml"];
    model_globals: "globals", ["model.pkl"], ["pickle"];
    model_hdf5: "hdf5", ["model.h5"], ["hdf5"];
    model_identified: "identified", ["model.bin"], [
        "tensorrt", "rknn", "mxnet-parameters", "cntk", "torch7", "onnx-runtime", "caffe",
        "paddle-program", "paddle-parameters", "fasttext",
    ];
    model_json: "json", ["data.json"], ["json"];
    model_keras: "keras", ["config.json"], ["json", "zip", "hdf5"];
    model_msgpack: "msgpack", ["model.msgpack"], ["msgpack"];
    model_numpy: "numpy", ["array.npy"], ["npy"];
    model_onnx: "onnx", ["model.onnx"], ["onnx", "onnx-tensor"];
    model_payload: "payload", ["payload.bin"], [
        "executable", "script", "compiled-python", "marshal", "llamafile", "pickle",
    ];
    model_pickle: "pickle", ["model.pkl"], ["pickle"];
    model_python: "python", ["modeling.py", "setup.py", "handler.py"], ["python"];
    model_pytorch: "pytorch", ["model.pt"], ["zip", "tar"];
    model_rds: "rds", ["model.rds"], ["rds"];
    model_safetensors: "safetensors", ["model.safetensors"], ["safetensors", "json"];
    model_skops: "skops", ["schema.json"], ["json", "zip"];
    model_templates: "templates", ["chat_template.jinja", "tokenizer_config.json"], ["jinja", "json"];
    model_tensorflow: "tensorflow", ["saved_model.pb", "variables.index"], [
        "tensorflow-saved-model", "tensorflow-meta-graph", "tensorflow-graph", "keras-metadata",
        "tensorflow-checkpoint-index",
    ];
    model_text: "text", ["README.md", "AGENTS.md"], ["text", "git-lfs-pointer", "media"];
    model_tflite: "tflite", ["model.tflite"], ["tflite"];
    model_tokenizers: "tokenizers", ["tokenizer.json", "tokenizer.model"], [
        "json", "bpe-merges", "tiktoken", "sentencepiece",
    ];
    model_xml: "xml", ["model.xml"], ["xml"];
    model_yaml: "yaml", ["config.yaml", "MLmodel"], ["yaml"];
    model_zip: "zip", ["model.zip"], ["zip"];
}
