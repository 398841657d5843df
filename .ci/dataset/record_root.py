"""Roots of JSON Lines files as docs/record-manifest.md has them.

    python3 .ci/dataset/record_root.py [--split NAME=SPLIT] train.jsonl test.jsonl

A second implementation, from the specification alone, with nothing but Python's standard
library. Each file is a shard with its base name. Prints the root and the schema fingerprint
of each, and the root of all. Columns are those that occur in any line of a file; a line
without one has null there. A column with a fraction or an exponent anywhere is one of
floating-point numbers; one with values of different kinds is refused.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
from pathlib import Path


def length(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def text(value: str) -> bytes:
    data = value.encode()
    return b"\x06" + length(len(data)) + data


def raw(value: bytes) -> bytes:
    return b"\x07" + length(len(value)) + value


def count(value: int) -> bytes:
    return b"\x03" + struct.pack("<Q", value)


def fields(pairs: list[tuple[str, bytes]]) -> bytes:
    out = b"\x10" + length(len(pairs))
    for name, value in sorted(pairs, key=lambda pair: pair[0].encode()):
        out += length(len(name.encode())) + name.encode() + value
    return out


def kind(values: list) -> object:
    """The type of a column with these values, as a tuple or the name of a simple one."""
    values = [value for value in values if value is not None]
    if not values:
        return "null"
    if all(isinstance(value, bool) for value in values):
        return "bool"
    if any(isinstance(value, bool) for value in values):
        sys.exit("a column with truth values and others")
    if all(isinstance(value, int) for value in values):
        return "int64"
    if all(isinstance(value, (int, float)) for value in values):
        return "float64"
    if all(isinstance(value, str) for value in values):
        return "text"
    if all(isinstance(value, list) for value in values):
        return ("list", kind([item for value in values for item in value]))
    if all(isinstance(value, dict) for value in values):
        names = sorted({name for value in values for name in value}, key=str.encode)
        return ("struct", [(name, kind([value.get(name) for value in values])) for name in names])
    sys.exit("a column with values of different kinds")


def written(shape: object) -> str:
    if isinstance(shape, str):
        return shape
    if shape[0] == "list":
        return f"list<{written(shape[1])}>"
    inside = ", ".join(f"{json.dumps(name, ensure_ascii=False)}: {written(of)}" for name, of in shape[1])
    return f"struct<{inside}>"


def encoded(value: object, shape: object) -> bytes:
    if value is None:
        return b"\x00"
    if shape == "bool":
        return b"\x02" if value else b"\x01"
    if shape == "int64":
        return count(value) if value >= 0 else b"\x04" + struct.pack("<q", value)
    if shape == "float64":
        return b"\x05" + struct.pack("<d", float(value))
    if shape == "text":
        return text(value)
    if shape[0] == "list":
        return b"\x0f" + length(len(value)) + b"".join(encoded(item, shape[1]) for item in value)
    return fields([(name, encoded(value.get(name), of)) for name, of in shape[1]])


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:]))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--split", action="append", default=[])
    arguments.add_argument("files", nargs="+", type=Path)
    chosen = arguments.parse_args()
    splits = dict(split.split("=", 1) for split in chosen.split)
    leaves = []
    for path in sorted(chosen.files, key=lambda path: path.name.encode()):
        records = [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
        shape = kind(records)
        columns = [] if shape == "null" else shape[1]
        root = tree([sha256(b"\x00" + encoded(record, shape)) for record in records])
        schema = sha256(b"\x05" + fields([(name, text(written(of))) for name, of in columns]))
        split = splits.get(path.name)
        leaf = [
            ("name", text(path.name)),
            ("records", count(len(records))),
            ("root", raw(root)),
            ("schema", raw(schema)),
            ("split", b"\x00" if split is None else text(split)),
        ]
        leaves.append(sha256(b"\x00" + fields(leaf)))
        print(f"{path.name}: {len(records)} records, root {root.hex()}, schema {schema.hex()}")
    print(f"root {tree(leaves).hex()}")


if __name__ == "__main__":
    main()
