"""Holds the record manifests that bonafide writes against the second implementation.

    python3 .ci/dataset/check.py --bonafide PATH

Makes a small dataset of JSON Lines with values of many kinds, has bonafide write its manifest,
and insists that roots, schemas and counts are those of `record_root.py`; then changes one value,
and insists that they are not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

TRAIN = [
    {"text": "one", "label": 0, "weight": 0.5, "seen": True},
    {"text": "zwei \U0001f600", "label": 1, "weight": -0.0, "seen": None},
    {"text": "", "label": None, "weight": 1e300, "seen": False},
    {"label": -3, "text": "line\nbreak", "weight": 2.5},
]
TEST = [{"text": "four", "label": 1, "weight": 3.5, "seen": True}]


def lines(records: list[dict[str, object]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def reference(place: Path) -> list[str]:
    command = [sys.executable, "-B", str(HERE / "record_root.py"), "--split", "train.jsonl=train", "--split", "test.jsonl=test"]
    command += [str(place / "test.jsonl"), str(place / "train.jsonl")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def manifest(program: str, place: Path, scratch: Path) -> dict[str, object]:
    output = scratch / "data.manifest.json"
    subprocess.run([program, "dataset", "manifest", str(place), "--write", str(output), "--quiet"], check=True)
    return json.loads(output.read_text())


def digests(document: dict[str, object]) -> set[str]:
    shards = document["shards"]
    assert isinstance(shards, list)
    found = {document["root"], *(shard["root"] for shard in shards), *(shard["schema"] for shard in shards)}
    return {str(digest).removeprefix("sha256:") for digest in found}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bonafide", required=True)
    program = parser.parse_args().bonafide
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        place = scratch / "data"
        place.mkdir()
        (place / "train.jsonl").write_text(lines(TRAIN))
        (place / "test.jsonl").write_text(lines(TEST))
        written = digests(manifest(program, place, scratch))
        known = " ".join(reference(place))
        missing = [digest for digest in written if digest not in known]
        if missing:
            print(f"bonafide says {missing}, which the second implementation does not:\n{known}", file=sys.stderr)
            return 1
        (place / "train.jsonl").write_text(lines([{**TRAIN[0], "label": 1}, *TRAIN[1:]]))
        changed = digests(manifest(program, place, scratch))
        if len(changed & written) != len(written) - 2:
            print("one label was changed, and not exactly two roots", file=sys.stderr)
            return 1
    print(f"record manifests: {len(written)} roots and schemas are those of the second implementation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
