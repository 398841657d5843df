"""Holds the dependencies against deny.toml's licences and the declared Rust version.

`cargo deny check` does more, but fetches an advisory database; this part needs
nothing but cargo.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def packages() -> list[dict[str, str | None]]:
    """Every package of the lock file, as cargo describes it."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)["packages"]


def is_allowed(expression: str, allowed: set[str]) -> bool:
    """True if an SPDX expression can be met with allowed licences.

    Enough of SPDX for what crates write: AND, OR, WITH, parentheses, and the
    old `/` for OR.
    """
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def either() -> bool:
        value = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            right = both()
            value = value or right
        return value

    def both() -> bool:
        value = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            right = one()
            value = value and right
        return value

    def one() -> bool:
        token = tokens.pop(0)
        if token == "(":
            value = either()
            tokens.pop(0)
            return value
        if tokens and tokens[0] == "WITH":
            tokens.pop(0)
            token = f"{token} WITH {tokens.pop(0)}"
        return token in allowed

    return either() and not tokens


def version(text: str) -> tuple[int, ...]:
    """`1.88` and `1.88.0` as numbers that compare."""
    parts = [int(part) for part in text.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def main() -> int:
    allowed = set(tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]["allow"])
    declared = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["rust-version"]
    found = packages()
    problems: list[str] = []
    for package in found:
        name = f"{package['name']} {package['version']}"
        licence = package["license"]
        if licence is None or not is_allowed(licence, allowed):
            problems.append(f"{name}: licence {licence!r} is not in deny.toml")
        needed = package["rust_version"]
        if needed is not None and version(needed) > version(declared):
            problems.append(f"{name}: needs Rust {needed}, the workspace declares {declared}")
    print("\n".join(problems) or f"{len(found)} packages, all within deny.toml and Rust {declared}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
