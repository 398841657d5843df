"""Writes the seeds of the fuzz targets, `corpus/<target>/`, from the fixtures.

    python3 tests/fuzz/corpus.py

Run it after the fixtures were made anew: seeds named `genuine-*` have to verify
under the keys that are there. Inputs that once broke something, `found-*`, stay
as they are. Needs nothing but Python; each run writes the
same bytes as long as the fixtures are the same.
"""

from __future__ import annotations

import base64
import hashlib
import io
import importlib.util
import json
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "fixtures"
CORPUS = Path(__file__).resolve().parent / "corpus"

HEX = "ab" * 32
SUBJECT = [{"name": "tiny.bin", "digest": {"sha256": HEX}}]
DESCRIPTOR = {"uri": "pkg:huggingface/acme/tiny", "digest": {"sha256": HEX, "gitCommit": "ab" * 20}}

# Which bundles of the private Sigstore: one of each way to sign and to log.
ACCEPTED = [
    "message-rekor1",
    "message-rekor2",
    "message-rekor1-v0.1",
    "message-p384-rekor1",
    "dsse-slsa-rekor2",
    "dsse-slsa-ed25519-rekor1",
    "dsse-vsa",
    "managed-key-rekor1",
    "oms-rekor1-tsa",
    "oms-github",
]
# And one of each way to be wrong that the verifier tells apart.
REFUSED = [
    "certificate-and-chain",
    "chain-empty",
    "chain-in-v0.3",
    "checkpoint-by-other-key-rekor1",
    "checkpoint-of-other-tree-rekor2",
    "entry-of-other-artifact-rekor2",
    "evidence-missing",
    "identity-of-mallory",
    "leaf-expired",
    "log-missing",
    "managed-key-by-other-key",
    "managed-key-entry-of-other-key",
    "message-and-envelope",
    "oms-without-serialization",
    "proof-of-other-entry-rekor1",
    "sct-over-other-leaf",
    "signature-by-other-key",
    "timestamp-by-authority-in-token",
]

# Attestations in bare envelopes, below `fixtures/checks`.
ENVELOPES = {
    "test-result": "failed-attestation/pass",
    "summary": "failed-attestation/pass-summary",
    "link": "weak-link/pass",
    "by-two": "denied-signer/fail-cosigner",
}
# Revocation lists over the one certificate of `fixtures/certificates/model`.
LISTS = [
    "clean",
    "delta",
    "duplicate-extension",
    "indirect-entry",
    "leaf-key-compromise",
    "leaf-revoked-twice",
    "no-next-update",
    "removal",
    "root-clean",
    "stale",
    "unknown-critical-entry",
    "users-only",
    "version-1",
    "wrong-key",
]

# Documents that the format allows and that contradict themselves, one of each family of rules.
CONTRADICTIONS = [
    "address-escapes-file",
    "ancestor-is-itself-digest",
    "citation-unresolved",
    "commit-abbreviated-pedigree",
    "conformance-unclaimed",
    "cpe-invalid",
    "digests-contradict",
    "evidence-expired",
    "interval-reversed",
    "licence-expression-invalid",
    "package-digests-differ",
    "pedigree-cycle",
    "requirement-cycle",
    "time-reversed-task",
]

COMMIT = "0123456789abcdef0123456789abcdef01234567"

# Small documents in XML; `{}` is the version.
XML = {
    "components": """<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/{}" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
 <metadata><timestamp>2026-01-01T00:00:00Z</timestamp>
  <tools><tool><vendor>acme</vendor><name>maker</name><version>1</version></tool></tools>
  <component type="library" bom-ref="a"><name>tiny</name><version>1.0</version></component></metadata>
 <components>
  <component type="file" bom-ref="b"><name>model.safetensors</name>
   <hashes><hash alg="SHA-256">%(hex)s</hash></hashes>
   <licenses><license><id>MIT</id><text content-type="text/plain"><![CDATA[as <is>]]></text></license></licenses>
   <purl>pkg:huggingface/acme/tiny@%(commit)s</purl>
   <pedigree><ancestors><component type="library"><name>base</name></component></ancestors>
    <commits><commit><uid>%(commit)s</uid><author><timestamp>2026-01-01T00:00:00Z</timestamp></author></commit></commits></pedigree>
   <externalReferences><reference type="website"><url>https://acme.example/a/b.bin</url></reference></externalReferences>
   <properties><property name="aibom:tree-sha256">%(hex)s</property></properties>
   <components><component type="library"><name>inner &amp; more</name></component></components>
  </component>
  <component type="library"><name>c</name><licenses><expression>MIT OR Apache-2.0</expression></licenses></component>
 </components>
 <dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies>
</bom>
""",
    "foreign": """<c:bom xmlns:c="http://cyclonedx.org/schema/bom/{}" xmlns:f="urn:f" version="2" f:seen="yes"><!-- a remark -->
<c:components><c:component type="library" f:x="1"><c:name>a</c:name><f:more><f:deep>text</f:deep></f:more></c:component></c:components>
<?instruction?><f:signature/></c:bom>
""",
    "wrong": """<bom xmlns="http://cyclonedx.org/schema/bom/{}" version="x" unknown="1"><components><component type="no"><version/>
text<name>a</name><name>b</name><hashes><hash alg="MD5">zz</hash></hashes></component></components><metadata/><what/></bom>
""",
}
MODEL_XML = """<bom xmlns="http://cyclonedx.org/schema/bom/{}" version="1"><components>
<component type="machine-learning-model" bom-ref="m"><name>tiny</name><modelCard bom-ref="card">
<modelParameters><approach><type>supervised</type></approach><task>text</task><datasets><dataset><ref>d</ref></dataset>
<dataset bom-ref="inner"><type>dataset</type><name>x</name><contents><url>https://acme.example/x</url></contents></dataset></datasets>
<inputs><input><format>text</format></input></inputs></modelParameters>
<quantitativeAnalysis><performanceMetrics><performanceMetric><type>accuracy</type><value>0.9</value>
<confidenceInterval><lowerBound>0.8</lowerBound><upperBound>1.0</upperBound></confidenceInterval></performanceMetric></performanceMetrics>
<graphics><collection><graphic><name>g</name><image encoding="base64">AAAA</image></graphic></collection></graphics></quantitativeAnalysis>
<considerations><users><user>all</user></users><ethicalConsiderations><ethicalConsideration><name>n</name></ethicalConsideration></ethicalConsiderations></considerations>
</modelCard></component>
<component type="data" bom-ref="d"><name>data</name><data><type>dataset</type><classification>public</classification></data></component></components>
<formulation><formula><workflows><workflow><bom-ref>w</bom-ref><uid>u</uid></workflow></workflows></formula></formulation>
<annotations><annotation><subjects><subject ref="m"/></subjects><annotator><individual><name>n</name></individual></annotator>
<timestamp>2026-01-01T00:00:00Z</timestamp><text>t</text></annotation></annotations></bom>
"""

PURLS = [
    f"pkg:huggingface/acme/tiny@{COMMIT}",
    f"pkg:HuggingFace/acme/Tiny@{COMMIT.upper()}?repository_url=https://huggingface.co/datasets#data/train.csv",
    f"pkg:generic/tiny@1.0?checksum=sha256:{HEX},md5:{'0' * 32}&download_url=https://acme.example/tiny.bin",
    f"pkg:oci/model@sha256%3A{HEX}?repository_url=ghcr.io/acme/model&tag=latest",
    "pkg:pypi/Some_Package@1.0.post1",
    "pkg:github/Acme/Tiny@v1.0#src/%2e%2e",
    "pkg:mlflow/Model@3?repository_url=https://adb-1.azuredatabricks.net/api",
    "pkg://npm//%40scope/name@1.0%2Bbuild",
    f"pkg:generic/a?vcs_url=git%2Bhttps://git.example/a.git@{COMMIT}%23sub",
    f"https://huggingface.co/acme/tiny/resolve/{COMMIT}/a/b%20c.bin?download=true",
    "https://hf.co/datasets/acme/data/tree/refs%2Fconvert%2Fparquet",
    f"git+https://user@git.example/acme/tiny.git@{COMMIT}#sub/folder",
    f"https://gitlab.example/group/project/-/blob/{COMMIT}/a/b.py",
    "acme/tiny",
]
LICENCES = [
    "MIT",
    "apache-2.0",
    "GPL-2.0+ WITH Classpath-exception-2.0",
    "(MIT OR Apache-2.0) AND (BSD-3-Clause OR CC-BY-NC-4.0)",
    "DocumentRef-a:LicenseRef-b AND LicenseRef-c",
    "GPL-3.0-or-later AND LGPL-2.1-only OR NOASSERTION",
    "Llama 3.1 Community License",
    "llama3.1",
    "openrail++",
    "other",
    " AND ".join(f"(MIT OR LicenseRef-{number})" for number in range(7)),
    "((((((((MIT))))))))",
]
# What else lies in a repository; the first line of a card is `---`.
CARDS = {
    "model.md": """---
license: other
license_name: Tongyi Qianwen
license_link: LICENSE
language:
- en
- no
base_model: [org/one, org/two@main]
base_model_relation: merge
datasets: org/data
tags: [a, 1.0, "quoted \\u001b", 'single']
inference: false
model-index:
- name: demo
  results:
  - task: {type: text-generation}
    dataset: {name: GLUE, type: glue, revision: abc}
    metrics:
    - {type: accuracy, name: Accuracy, value: 0.910}
    source: {url: 'https://example.org'}
---
# Demo
""",
    "dataset.md": """---
license: [mit, cc-by-nc-4.0]
pretty_name: Demo
size_categories: [1K<n<10K]
source_datasets: ['extended|squad']
configs:
- config_name: default
  data_files:
  - {split: train, path: data/train-*}
  - {split: test, path: [a.csv, b.csv]}
dataset_info: {features: []}
---
""",
    "block.md": "\ufeff---\r\nlicense: |\r\n  several\r\n  lines\r\nmodel_name: >-\r\n  folded\r\n  text\r\n---\r\n",
    "shapes.md": "---\nlicense: {id: mit}\nbase_model: [a, {b: c}]\ntags:\nmodel-index: 7\npipeline_tag: [x]\n? complex\n: ~\n---\n",
    "anchors.md": "---\na: &a [1]\nb: *a\nc: !!str 1\n---\n",
    "merge.yml": """slices:
- sources:
  - {model: org/one, layer_range: [0, 32]}
  - model: {model: {path: org/two, revision: main}, lora: org/adapter}
merge_method: slerp
base_model: org/one
parameters:
  t: [0, 0.5, 1]
dtype: bfloat16
tokenizer_source: union
""",
    "config.json": '{"architectures":["LlamaForCausalLM"],"model_type":"llama","_name_or_path":"org/base","auto_map":{"AutoModel":"modeling.Model"},'
    '"quantization_config":{"quant_method":"gptq","bits":4},"torch_dtype":"float16","transformers_version":"4.40.0"}',
    "adapter_config.json": '{"base_model_name_or_path":"org/base","revision":null,"peft_type":"LORA","r":8,"target_modules":["q"]}',
    "tokenizer_config.json": '{"tokenizer_class":"T","chat_template":[{"name":"default","template":"{{ x }}"},{"name":"tool","template":"y"}],"auto_map":{}}',
    "pointer": f"version https://git-lfs.github.com/spec/v1\noid sha256:{HEX}\nsize 12345\n",
}

# JSON that readers disagree about.
JSON = {
    "deep.json": "[" * 200 + "]" * 200,
    "escapes.json": r'{"a\u0000b":"\ud83d\ude00","\/":"\ud800","A":"\u0041"}',
    "lines.jsonl": '{"a":1}\n{"a":2}\n\n[3]\n',
    "marked.json": "\ufeff{}",
    "not-finite.json": '{"a":NaN,"b":-Infinity,"c":1e999}',
    "numbers.json": "[0,-0,1.5,1e-400,9007199254740993,18446744073709551616,01,+1,.5]",
    "comment.json": '{"a":1,/* why */"b":[1,],}',
}

# Advisories of OSV, one after the other, in a list, alone.
ADVISORY = (
    '{"id":"GHSA-%d","aliases":["CVE-2025-3243%d","PYSEC-1"],"summary":"loads code","modified":"2026-01-02T00:00:00Z",'
    '"published":"2025-04-18T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"%s"},"ranges":[{"type":"%s",'
    '"events":[%s]}],"versions":["2.5.0","2.5.1"]}]}'
)
EVENTS = {
    "fixed": '{"introduced":"0"},{"fixed":"2.6.0"}',
    "last": '{"introduced":"3.0.0"},{"last_affected":"3.8.0"},{"introduced":"3.9.0"},{"fixed":"3.9.2"}',
    "strange": '{"introduced":"1!2.0rc1.post2.dev3+local.7"},{"fixed":"x"},{"limit":"*"},{}',
}
# And what asks for packages.
REQUIREMENTS = {
    "pinned.txt": "torch==2.5.1 --hash=sha256:" + HEX + "\nKeras >= 3.0, != 3.1.*, < 4 ; python_version < '3.12'\n",
    "strange.txt": "torch[a,b] @ https://acme.example/torch.whl\n-e git+https://acme.example/x@v1#egg=x\n--pre\n-r more.txt \\\n  # end\nkeras===x\n",
}


def load(path: Path) -> dict:
    return json.loads(path.read_bytes())


def written(path: Path) -> bytes:
    """The file, without white space unless a name comes twice in it, which is then what it is for."""
    names_twice = False

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal names_twice
        names_twice |= len(dict(pairs)) < len(pairs)
        return dict(pairs)

    content = path.read_bytes()
    document = json.loads(content, object_pairs_hook=members)
    return content if names_twice else compact(document)


def compact(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def payload(bundle: dict) -> bytes | None:
    envelope = bundle.get("dsseEnvelope")
    return base64.b64decode(envelope["payload"]) if envelope else None


def chain(bundle: dict) -> list[bytes]:
    material = bundle["verificationMaterial"].get("x509CertificateChain")
    certificates = material["certificates"] if material else []
    return [base64.b64decode(certificate["rawBytes"]) for certificate in certificates]


def pem(path: Path) -> bytes:
    lines = path.read_text().split("-----")[2]
    return base64.b64decode("".join(lines.split()))


class Target:
    """The seeds of one target; of equal ones only the first is kept."""

    def __init__(self, name: str) -> None:
        self.folder = CORPUS / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.seen: set[bytes] = set()

    def seed(self, name: str, content: bytes) -> None:
        if content not in self.seen:
            self.seen.add(content)
            (self.folder / name).write_bytes(content)


def models() -> dict[str, Path]:
    """The signed models of the other fixtures, `genuine-*` if somebody whom the targets trust signed them."""
    found = {}
    for name in ["digits-classifier", "digits-classifier-finetuned", "digits-dataset"]:
        found[f"genuine-{name}"] = FIXTURES / "supply-chain" / name / "model.sig"
    checks = FIXTURES / "checks"
    for case in ["pass", "pass-p384", "pass-p521"]:
        found[f"genuine-key-{case}"] = checks / "signature-rejected" / case / "model/model.sig"
    for case in ["pass-shards", "pass-blake2b", "pass-blake3"]:
        found[f"genuine-{case}"] = checks / "digest-mismatch" / case / "model/model.sig"
    found["genuine-certificate-authority-leaf"] = checks / "certificate-authority-leaf/fail/model/model.sig"
    found["forged-unrestricted-certificate"] = checks / "unrestricted-certificate/fail/model/model.sig"
    found["genuine-historical"] = checks / "weak-digest/fail/model/model.sig"
    for case in ["fail", "fail-float-shard-size", "fail-sharded-algorithm", "fail-dot"]:
        found[f"genuine-nonconforming-{case}"] = checks / "nonconforming-bundle" / case / "model/model.sig"
    for slug in ["certificate-not-valid", "signature-rejected", "untrusted-signer"]:
        for folder in sorted((checks / slug).glob("fail*")):
            found[f"forged-{slug}-{folder.name}"] = folder / "model/model.sig"
    return found


def bundles(models: dict[str, Path]) -> None:
    target = Target("bundle")
    paths = dict(models)
    for kind, folder, names in [("genuine", "bundles", ACCEPTED), ("forged", "rejected", REFUSED)]:
        for name in names:
            paths[f"{kind}-{name}"] = FIXTURES / "sigstore" / folder / f"{name}.sigstore.json"
    for name, path in paths.items():
        target.seed(f"{name}.json", written(path))
    signed = {name: load(path) for name, path in paths.items()}
    # Statements travel without a bundle; a model that does is not accepted.
    for name in ["genuine-digits-classifier", "genuine-key-pass", "forged-signature-rejected-fail-payload"]:
        name, envelope = name.partition("-")[2], signed[name]["dsseEnvelope"]
        target.seed(f"forged-envelope-{name}.intoto.json", compact(envelope))
    envelopes = {name: load(FIXTURES / "checks" / path / "model.intoto.json") for name, path in ENVELOPES.items()}
    for name, envelope in envelopes.items():
        target.seed(f"genuine-{name}.intoto.json", compact(envelope))
    swapped = envelopes["test-result"] | {"payload": envelopes["summary"]["payload"]}
    target.seed("forged-envelope-of-other-payload.intoto.json", compact(swapped))
    lines = [signed["genuine-digits-dataset"], envelopes["test-result"], envelopes["by-two"]]
    target.seed("genuine-lines.jsonl", b"\n".join(compact(line) for line in lines))
    lines = [signed["forged-chain-empty"], swapped]
    target.seed("forged-lines.jsonl", b"\n".join(compact(line) for line in lines))


def manifests(signed: dict[str, dict]) -> None:
    target = Target("oms_statement")
    for name, bundle in signed.items():
        if "certificate" not in name:
            kind, _, rest = name.partition("-")
            target.seed(f"{'sound' if kind == 'genuine' else 'wrong'}-{rest}.json", payload(bundle) or b"")
    for name in ["oms-two-subjects", "oms-without-serialization", "oms-unknown-method"]:
        bundle = load(FIXTURES / "sigstore/rejected" / f"{name}.sigstore.json")
        target.seed(f"wrong-{name}.json", payload(bundle) or b"")


def predicates() -> dict[str, tuple[str, dict]]:
    """Small predicates of the types that no fixture has."""
    return {
        "verification-summary-v1": (
            "https://slsa.dev/verification_summary/v1",
            {
                "verifier": {"id": "https://verify.example/gate", "version": {"gate": "2.0"}},
                "timeVerified": "2026-03-03T03:03:03Z",
                "resourceUri": "pkg:huggingface/acme/tiny",
                "policy": {"uri": "https://verify.example/policy", "digest": {"sha256": HEX}},
                "inputAttestations": [DESCRIPTOR],
                "verificationResult": "PASSED",
                "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
                "dependencyLevels": {"SLSA_BUILD_LEVEL_1": 4, "SLSA_BUILD_LEVEL_2": "2"},
                "slsaVersion": "1.1",
            },
        ),
        "simple-verification-result": (
            "https://in-toto.io/attestation/svr/v0.1",
            {
                "verifier": {"id": "https://scan.example"},
                "timeCreated": "2026-04-12T23:20:50.52Z",
                "properties": ["NO_PICKLE"],
            },
        ),
        "scai": (
            "https://in-toto.io/attestation/scai/attribute-report/v0.2",
            {
                "attributes": [
                    {"attribute": "WITH_STACK_PROTECTION", "target": DESCRIPTOR, "conditions": {"flag": "-f"}, "evidence": DESCRIPTOR}
                ],
                "producer": DESCRIPTOR,
            },
        ),
        "provenance-v0.2": (
            "https://slsa.dev/provenance/v0.2",
            {
                "builder": {"id": "https://build.example/v2"},
                "buildType": "https://build.example/train",
                "invocation": {"configSource": DESCRIPTOR | {"entryPoint": "train.py"}, "parameters": {"seed": 7}},
                "metadata": {"buildInvocationId": "9", "buildStartedOn": "2026-01-01T00:00:00Z"},
                "materials": [DESCRIPTOR],
            },
        ),
        "cyclonedx": (
            "https://cyclonedx.org/bom/v1.6",
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.6",
                "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
                "version": 1,
                "components": [{"type": "machine-learning-model", "name": "tiny", "hashes": [{"alg": "SHA-256", "content": HEX}]}],
            },
        ),
        "spdx": (
            "https://spdx.dev/Document/v2.3",
            {
                "spdxVersion": "SPDX-2.3",
                "SPDXID": "SPDXRef-DOCUMENT",
                "name": "tiny",
                "documentNamespace": "https://spdx.example/tiny",
                "packages": [{"name": "tiny", "SPDXID": "SPDXRef-tiny", "checksums": [{"algorithm": "SHA256", "checksumValue": HEX}]}],
            },
        ),
        "unknown": ("https://example.com/custom/v1", {"anything": [1, 2.5, None, True, {"deep": []}]}),
    }


def statements() -> None:
    target = Target("dsse_statement")
    folder = FIXTURES / "sigstore"
    for name in ["dsse-slsa-rekor2", "dsse-slsa-model-rekor2", "dsse-vsa", "dsse-test-result"]:
        bundle = load(folder / "bundles" / f"{name}.sigstore.json")
        target.seed(f"sound-{name}.json", payload(bundle) or b"")
    for path in sorted((folder / "rejected").glob("statement-*.sigstore.json")):
        target.seed(f"wrong-{path.name.removesuffix('.sigstore.json')}.json", payload(load(path)) or b"")
    for name, (kind, predicate) in predicates().items():
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": SUBJECT,
            "predicateType": kind,
            "predicate": predicate,
        }
        target.seed(f"sound-{name}.json", compact(statement))
    old = {"_type": "https://in-toto.io/Statement/v0.1", "subject": SUBJECT, "predicateType": "https://example.com/old"}
    target.seed("sound-v0.1.json", compact(old))


def documents() -> None:
    target = Target("jsf")
    for kind, folder in [("genuine", "good"), ("forged", "tampered"), ("specification", "specification")]:
        for path in sorted((FIXTURES / "jsf" / folder).glob("*.json")):
            target.seed(f"{kind}-{path.name}", path.read_bytes())


def certificates(signed: dict[str, dict]) -> None:
    """One DER certificate after the other, as the target takes them."""
    target = Target("certificate_path")
    for name, bundle in signed.items():
        if chain(bundle):
            target.seed(f"{name}.der", b"".join(chain(bundle)))
    for authority in ["checks/keys/ca-root.pem", "checks/keys/rogue-root.pem", "supply-chain/keys/ca-intermediate.pem"]:
        path = FIXTURES / authority
        target.seed(f"forged-authority-{path.stem}.der", pem(path))


def roots() -> None:
    target = Target("trusted_root")
    sound = load(FIXTURES / "sigstore/trusted_root.json")
    target.seed("sound.json", compact(sound))
    target.seed("sound-configuration.json", compact(load(FIXTURES / "sigstore/trust_config.json")))
    for name in ["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"]:
        short = {key: value for key, value in sound.items() if not isinstance(value, list)}
        target.seed(f"only-{name}.json", compact(short | {name: sound[name][:1]}))


def keys() -> None:
    target = Target("key")
    for folder in ["checks/keys", "jsf/keys", "supply-chain/keys"]:
        for path in sorted((FIXTURES / folder).glob("*.pem")):
            name = f"{folder.partition('/')[0]}-{path.name.removesuffix('.pem').removesuffix('.pub')}"
            target.seed(f"{name}.pem", path.read_bytes())
            target.seed(f"{name}.der", pem(path))


def lists() -> None:
    target = Target("revocation_list")
    folder = FIXTURES / "certificates/lists"
    for name in LISTS:
        target.seed(f"{name}.der", pem(folder / f"{name}.pem"))
    for name in ["lasting-clean", "lasting-revoked"]:
        target.seed(f"{name}.pem", (folder / f"{name}.pem").read_bytes())
    target.seed("lasting-clean.der", pem(folder / "lasting-clean.pem"))


def described() -> None:
    """Documents about artifacts, in each of the formats."""
    target = Target("bom_json")
    for path in sorted((FIXTURES / "bom/generators").glob("*.cdx.json")):
        target.seed(path.name, compact(load(path)))
    for name in CONTRADICTIONS:
        target.seed(f"{name}.json", compact(load(FIXTURES / "bom/semantics" / name / "defect.cdx.json")))
    target.seed("signed.json", compact(load(FIXTURES / "jsf/good/nested.json")))
    bare = '{"bomFormat":"CycloneDX","specVersion":"1.3","metadata":{"tools":[{"name":"t"}]},"unknown":[1,-0.0,1e3],"components":[7,{"type":"file"}]}'
    target.seed("bare.json", bare.encode())

    target = Target("bom_xml")
    for name, text in XML.items():
        for version in ["1.3", "1.7"]:
            filled = text.replace("{}", version).replace("%(hex)s", HEX).replace("%(commit)s", COMMIT)
            target.seed(f"{name}-{version}.xml", filled.encode())
    for version in ["1.5", "1.6"]:
        target.seed(f"model-{version}.xml", MODEL_XML.replace("{}", version).encode())

    target = Target("spdx")
    for path in sorted([*(FIXTURES / "bom/generators").glob("*.spdx3.json"), *(FIXTURES / "bom/spdx").glob("*.spdx3.json")]):
        target.seed(path.name, compact(load(path)))

    target = Target("croissant")
    for path in sorted((FIXTURES / "croissant").glob("*.json")):
        if path.name != "index.json":
            target.seed(path.name, compact(load(path)))


def texts() -> None:
    """What documents say in one line, and what lies beside them."""
    for name, lines in [("purl", PURLS), ("licence", LICENCES)]:
        target = Target(name)
        for number, line in enumerate(lines, 1):
            target.seed(f"{number:02}.txt", line.encode())
    target = Target("model_card")
    for name, text in CARDS.items():
        target.seed(name, text.encode())


def as_file(path: Path) -> bytes:
    """A file below its name, as `relation` takes several."""
    return b"==> " + path.name.encode() + b" <==\n" + path.read_bytes()


def inspected() -> None:
    """Models, of each family those that the digests of their names choose: more fixtures do not change the choice of all."""
    most, longest = 40, 8 << 10
    for family in sorted(path for path in (FIXTURES / "models").iterdir() if path.is_dir()):
        target = Target(f"model_{family.name}")
        files = [path for path in family.rglob("*") if path.is_file() and path != family / "expected.toml"]
        short = [path for path in files if path.stat().st_size <= longest]
        named = {"-".join(path.relative_to(family).parts): path for path in short}
        chosen = sorted(named, key=lambda name: hashlib.sha256(name.encode()).digest())[:most]
        for name in chosen:
            target.seed(name, named[name].read_bytes())
        if len(target.seen) < 6:
            for name in chosen:
                content = named[name].read_bytes()
                target.seed(f"half-{name}", content[: len(content) // 2])
        if family.name == "json":
            for name, text in JSON.items():
                target.seed(name, text.encode())
        if family.name in ["pickle", "globals"]:
            imports = Target("imports")
            for name in chosen:
                imports.seed(f"{family.name}-{name}", named[name].read_bytes())

    target = Target("relation")
    for folder in sorted({path.parent for path in (FIXTURES / "models").glob("*/*/*")}):
        files = sorted(path for path in folder.iterdir() if path.is_file())
        content = b"".join(as_file(path) for path in files)
        if len(content) <= longest:
            target.seed(f"{folder.parent.name}-{folder.name}", content)

    target = Target("advisories")
    texts = []
    for number, (name, events) in enumerate(EVENTS.items()):
        kind = "SEMVER" if name == "last" else "ECOSYSTEM"
        texts.append(ADVISORY % (number, number, ["torch", "Keras", "scikit.learn"][number], kind, events))
        target.seed(f"{name}.json", texts[-1].encode())
    target.seed("list.json", f"[{','.join(texts)}]".encode())
    target.seed("lines.jsonl", "\n".join(texts).encode())
    target.seed("withdrawn.json", b'{"id":"GHSA-9","withdrawn":"2026-01-01T00:00:00Z","affected":[]}')
    for name, text in REQUIREMENTS.items():
        target.seed(name, text.encode())


def tar(layout: int, members: list[tuple[str, bytes, bytes]]) -> bytes:
    """An archive of members: name, kind, body."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=layout) as archive:
        for name, kind, body in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.size = len(body)
            member.linkname = "000.jpg" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            archive.addfile(member, io.BytesIO(body))
    return made.getvalue()


def records() -> None:
    """Files of datasets. Parquet cannot be written with Python alone: `tables/` has small ones of pyarrow."""
    target = Target("records_parquet")
    for path in sorted((Path(__file__).resolve().parent / "tables").iterdir()):
        target.seed(path.name, path.read_bytes())
    target = Target("records_tar")
    sample = [("000.jpg", tarfile.REGTYPE, b"picture"), ("000.cls", tarfile.REGTYPE, b"1")]
    folder = [("a", tarfile.DIRTYPE, b""), ("a/001.json", tarfile.REGTYPE, b"{}"), ("a/001.txt", tarfile.REGTYPE, "ä".encode())]
    deep = [("d/" * 80 + "002.txt", tarfile.REGTYPE, b"deep")]
    for name, layout in (("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
        target.seed(f"{name}.tar", tar(layout, sample + folder + deep))
    target.seed("empty.tar", tar(tarfile.USTAR_FORMAT, []))
    target.seed("link.tar", tar(tarfile.USTAR_FORMAT, sample + [("001.jpg", tarfile.SYMTYPE, b"")]))
    target.seed("outside.tar", tar(tarfile.USTAR_FORMAT, [("../000.txt", tarfile.REGTYPE, b"")]))
    target.seed("cut.tar", tar(tarfile.USTAR_FORMAT, sample)[:1200])
    target = Target("records_text")
    target.seed("table.csv", 'text,label\n"one, two",1\n"a ""quote""\nand a line",2\nä,3\n'.encode())
    target.seed("table.tsv", b"text\tlabel\r\none\t1\r\n")
    target.seed("semicolons.csv", b"\xef\xbb\xbfa;b\n1,5;2\n")
    target.seed("ragged.csv", b"a,b\n1\n")
    target.seed("unclosed.csv", b'a,b\n1,"2\n')
    target.seed("lines.jsonl", b'{"text": "a\\u00e4", "label": 1}\n\n{"label": 1.5, "more": [{"b": null}]}\n')
    target.seed("array.json", b'[{"a": "]}\\""}, {"a": 12345678901234567890}]')
    target.seed("twice.jsonl", b'{"a": 1, "a": 2}\n')
def record_documents() -> None:
    """A dataset of two shards, out of the second implementation of record manifests."""
    path = ROOT / ".ci/dataset/record_root.py"
    spec = importlib.util.spec_from_file_location("record_root", path)
    roots = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(roots)

    def named(domain: bytes, data: bytes) -> bytes:
        return roots.sha256(domain + data)

    shards = {"a.jsonl": [("one", 0), ("two", 1), ("three", 1)], "b.jsonl": [("four", 0)]}
    columns = [("label", "int64"), ("text", "text")]
    schema = named(b"\x05", roots.fields([(name, roots.text(kind)) for name, kind in columns]))
    listed, head, entries, leaves, trees = [], b"", b"", [], {}
    for name, rows in shards.items():
        hashes = []
        for text, label in rows:
            value = roots.count(label)
            content = ("text", roots.text(text))
            record = named(b"\x00", roots.fields([content, ("label", value)]))
            hashes.append(record)
            entries += record + named(b"\x02", roots.fields([content]))[:16] + named(b"\x04", value)[:16]
        root = trees[name] = roots.tree(hashes)
        head += len(rows).to_bytes(8, "little") + root
        leaf = {"name": roots.text(name), "records": roots.count(len(rows)), "root": roots.raw(root)}
        leaf |= {"schema": roots.raw(schema), "split": b"\x00"}
        leaves.append(named(b"\x00", roots.fields(list(leaf.items()))))
        labels = {str(label): sum(1 for row in rows if row[1] == label) for label in sorted({row[1] for row in rows})}
        listed.append({"name": name, "format": "jsonl", "records": len(rows), "schema": f"sha256:{schema.hex()}",
                       "root": f"sha256:{root.hex()}", "labels": labels})
        if name == "a.jsonl":
            first = hashes
    total = sum(len(rows) for rows in shards.values())
    start = b"bonafide-records" + (1).to_bytes(4, "little") + bytes(4)
    table = start + len(shards).to_bytes(8, "little") + total.to_bytes(8, "little") + head + entries
    root = roots.tree(leaves)
    manifest = {
        "version": 1,
        "roles": {"text": ["text"], "label": "label"},
        "schemas": {f"sha256:{schema.hex()}": [{"name": name, "type": kind} for name, kind in columns]},
        "shards": listed,
        "records": total,
        "root": f"sha256:{root.hex()}",
        "label": {"column": "label", "values": {"0": 2, "1": 2}, "others": 0, "null": 0},
        "splits": {"column": "split", "values": {}, "others": 0, "null": total},
        "list": {"digest": f"sha256:{roots.sha256(table).hex()}", "size": len(table)},
    }
    proof = {
        "version": 1,
        "root": f"sha256:{root.hex()}",
        "shard-number": 0,
        "shards": 2,
        "shard-path": [f"sha256:{leaves[1].hex()}"],
        "shard": {"name": "a.jsonl", "records": 3, "schema": f"sha256:{schema.hex()}",
                  "root": f"sha256:{trees['a.jsonl'].hex()}"},
        "record": 1,
        "record-hash": f"sha256:{first[1].hex()}",
        "path": [f"sha256:{part.hex()}" for part in (first[0], first[2])],
    }
    for target, data in [
        ("record_manifest", json.dumps(manifest).encode()),
        ("record_list", table),
        ("record_proof", json.dumps(proof).encode()),
    ]:
        folder = CORPUS / target
        folder.mkdir(exist_ok=True)
        (folder / "genuine-two-shards").write_bytes(data)
        for place in (len(data) // 3, len(data) // 2, len(data) // 3 * 2, len(data) - 10):
            (folder / f"cut-{place}").write_bytes(data[:place])
        changed = bytearray(data)
        changed[len(data) // 4] ^= 1
        (folder / "one-bit").write_bytes(changed)
        (folder / "longer").write_bytes(data + b"\n{}")


def main() -> None:
    for path in CORPUS.glob("*/*"):
        if not path.name.startswith("found-"):
            path.unlink()
    found = models()
    bundles(found)
    signed = {name: load(path) for name, path in found.items()}
    manifests(signed)
    statements()
    documents()
    certificates(signed)
    roots()
    keys()
    lists()
    described()
    texts()
    inspected()
    records()
    record_documents()
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    print(f"{len(files)} seeds, {sum(path.stat().st_size for path in files)} bytes")


if __name__ == "__main__":
    main()
