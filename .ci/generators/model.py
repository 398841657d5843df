"""The tiny model that all generators describe: written byte by byte, the same at every run."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

NAME = "tiny-classifier"
COMMIT = "0123456789abcdef0123456789abcdef01234567"

WEIGHTS = "model.safetensors"
"""The file whose byte is flipped."""

README = """\
---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-classification
base_model: example-org/tiny-base
datasets:
- example-org/tiny-reviews
metrics:
- accuracy
model-index:
- name: tiny-classifier
  results:
  - task:
      type: text-classification
    dataset:
      name: tiny-reviews
      type: example-org/tiny-reviews
    metrics:
    - type: accuracy
      value: 0.75
---

# tiny-classifier

Tells good reviews from bad ones. Fine-tuned from `example-org/tiny-base` on `example-org/tiny-reviews`.

## Limitations

It has 56 parameters.
"""

CONFIG = {
    "_name_or_path": "example-org/tiny-classifier",
    "architectures": ["BertForSequenceClassification"],
    "hidden_size": 4,
    "max_position_embeddings": 8,
    "model_type": "bert",
    "num_attention_heads": 1,
    "num_hidden_layers": 1,
    "torch_dtype": "float32",
    "transformers_version": "4.57.0",
    "vocab_size": 8,
}

VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "film", "book")

TOKENIZER = {
    "version": "1.0",
    "added_tokens": [],
    "pre_tokenizer": {"type": "Whitespace"},
    "model": {
        "type": "WordLevel",
        "vocab": {word: number for number, word in enumerate(VOCABULARY)},
        "unk_token": "[UNK]",
    },
}

SCRIPT = f"""\
from transformers import AutoModelForSequenceClassification, AutoTokenizer

model = AutoModelForSequenceClassification.from_pretrained("example-org/tiny-base", revision="{COMMIT}")
tokenizer = AutoTokenizer.from_pretrained("example-org/tiny-base", revision="{COMMIT}")
"""

REQUIREMENTS = "safetensors==0.6.2\ntransformers==4.57.0\n"

REVIEWS = "text,label\ngood film,1\nbad film,0\ngood book,1\nbad book,0\n"


def safetensors(tensors: dict[str, tuple[int, int]]) -> bytes:
    """A file of the safetensors format with F32 tensors of these shapes."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, shape in tensors.items():
        count = shape[0] * shape[1]
        values = struct.pack(f"<{count}f", *(number / count for number in range(count)))
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def gguf() -> bytes:
    """A file of GGUF version 3: four strings and one tensor of 32 numbers."""

    def string(text: str) -> bytes:
        return struct.pack("<Q", len(text)) + text.encode()

    values = {
        "general.architecture": "bert",
        "general.name": NAME,
        "general.license": "apache-2.0",
        "general.basename": "tiny",
    }
    # 8 is the type "string"; the tensor has one dimension and F32, which is 0.
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(values))
    head += b"".join(string(key) + struct.pack("<I", 8) + string(value) for key, value in values.items())
    head += string("token_embd.weight") + struct.pack("<IQIQ", 1, 32, 0, 0)
    head += bytes(-len(head) % 32)
    return head + struct.pack("<32f", *range(32))


def files() -> dict[str, bytes]:
    return {
        "README.md": README.encode(),
        "config.json": (json.dumps(CONFIG, indent=2) + "\n").encode(),
        "data/train.csv": REVIEWS.encode(),
        WEIGHTS: safetensors({"embeddings.weight": (8, 4), "encoder.weight": (4, 4), "classifier.weight": (2, 4)}),
        "requirements.txt": REQUIREMENTS.encode(),
        "tiny.gguf": gguf(),
        "tokenizer.json": (json.dumps(TOKENIZER, indent=2) + "\n").encode(),
        "train.py": SCRIPT.encode(),
    }


def write(folder: Path) -> Path:
    """Write the model into a new directory of this folder, and say where."""
    place = folder / NAME
    for name, content in files().items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return place


def digests(target: Path) -> dict[str, str]:
    """The SHA-256 of every file, by its name below the directory."""
    found = (path for path in target.rglob("*") if path.is_file())
    return {str(path.relative_to(target)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
