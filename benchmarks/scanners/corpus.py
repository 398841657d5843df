"""Make model files of known intent: each is malicious or benign because of how it is made.

    python corpus.py FOLDER

Every file goes below `FOLDER/<family>/`, and `FOLDER/manifest.jsonl` has one line for each: its path, family, label
(`malicious`, `malformed` or `benign`), and the way of evading scanners that it uses, if any. A path that is a folder is one
artifact. What would run is inert: `os.system` gets `true`, addresses end in `.invalid`. The pickles that name a
callable are checked against the unpickler of CPython, which really has to ask for it (with stubs, so nothing runs).

`malformed` is what no loader takes: a scanner may call it what it likes but "clean".
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

MALICIOUS, MALFORMED, BENIGN = "malicious", "malformed", "benign"

Content = bytes | str | dict[str, "bytes | str"]


@dataclass
class Corpus:
    """Where the files go, and what is known of each."""

    root: Path
    entries: list[dict[str, str]] = field(default_factory=list)

    def add(self, family: str, label: str, name: str, content: Content, bypass: str = "") -> None:
        """Adds a file, or a folder of files."""
        path = self.root / family / label / name
        if path.exists():
            raise SystemExit(f"twice: {path}")
        if isinstance(content, dict):
            for below, part in content.items():
                write(path / below, part)
        else:
            write(path, content)
        entry = {"path": str(path.relative_to(self.root)), "family": family, "label": label, "bypass": bypass}
        self.entries.append(entry)


def write(path: Path, content: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def families() -> list[Callable[[Corpus], None]]:
    import corpus_documents
    import corpus_models
    import corpus_pickles

    return [*corpus_pickles.FAMILIES, *corpus_models.FAMILIES, *corpus_documents.FAMILIES]


def made(root: Path) -> Corpus:
    shutil.rmtree(root, ignore_errors=True)
    corpus = Corpus(root)
    for family in families():
        family(corpus)
    lines = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in corpus.entries)
    write(root / "manifest.jsonl", lines)
    return corpus


if __name__ == "__main__":
    entries = made(Path(sys.argv[1])).entries
    for label in (MALICIOUS, MALFORMED, BENIGN):
        print(label, sum(entry["label"] == label for entry in entries))
