"""Holds mutated BOMs against the official Python library, and compares its verdicts with ours.

    python3 .ci/bom_oracle.py [--mutants DIRECTORY]

Needs python3 (3.11 or newer) with venv, PyPI on the first run, and the vectors
(BONAFIDE_VECTORS). Without --mutants, cargo writes the mutants first.

A difference must be explained by a class in tests/data/bom_oracle_differences.toml,
and each class there must be met.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / ".ci/bom_oracle.txt"
DIFFERENCES = ROOT / "tests/data/bom_oracle_differences.toml"
VENV = ROOT / "target/bom-oracle-venv"


def in_venv() -> None:
    """Goes on in an environment of its own, which is made if it is not there."""
    python = VENV / "bin/python"
    installed = VENV / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if not installed.is_file() or installed.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--requirement", REQUIREMENTS], check=True)
        # Copied last, so that a broken-off installation is not taken for a whole one.
        installed.write_text(wanted)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), "-B", __file__, *sys.argv[1:]])


def write_mutants(target: Path) -> None:
    """Has the integration tests write mutants and our verdicts."""
    command = ["cargo", "test", "--package", "bonafide-cli", "--test", "integration", "--quiet"]
    filters = ["--", "--ignored", "--exact", "bom_grammar::interchange::mutants_are_written_for_another_implementation"]
    environment = {**os.environ, "BONAFIDE_MUTANTS": str(target)}
    subprocess.run([*command, *filters], cwd=ROOT, env=environment, check=True)


def theirs(directory: Path, cases: list[dict]) -> list[object]:
    """For each mutant the first error of the library, or None."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validators = {}
    errors = []
    for case in cases:
        version = case["version"]
        if version not in validators:
            validators[version] = JsonStrictValidator(SchemaVersion.from_version(version))
        text = (directory / case["file"]).read_text(encoding="utf-8")
        errors.append(validators[version].validate_str(text))
    return errors


def why(directory: Path, case: dict, error: object) -> str:
    """What one of the two objects to, for the classes to match."""
    if error is not None:
        return f"theirs: {error.data.json_path}: {error.data.message}"
    return f"ours: {case['violation']}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutants", type=Path)
    directory = parser.parse_args().mutants
    in_venv()
    with tempfile.TemporaryDirectory() as temporary:
        if directory is None:
            directory = Path(temporary)
            write_mutants(directory)
        cases = json.loads((directory / "verdicts.json").read_text())
        errors = theirs(directory, cases)
        classes = tomllib.loads(DIFFERENCES.read_text()).get("class", [])
        met: collections.Counter[str] = collections.Counter()
        unexplained = 0
        for case, error in zip(cases, errors, strict=True):
            if case["valid"] == (error is None):
                continue
            reason = why(directory, case, error)
            name = next((c["name"] for c in classes if re.search(c["matches"], reason)), None)
            if name is None:
                unexplained += 1
                print(f"{case['file']} {case['version']} {case['origin']}, {case['change']}: {reason}")
            else:
                met[name] += 1
    valid = sum(case["valid"] for case in cases)
    agreed = len(cases) - unexplained - met.total()
    print(f"{len(cases)} documents, {valid} of them valid to us: {agreed} verdicts agree")
    for name, count in met.items():
        print(f"{count} differ as explained: {name}")
    unmet = [c["name"] for c in classes if c["name"] not in met]
    for name in unmet:
        print(f"never met: {name}")
    print(f"{unexplained} differ without explanation")
    return 1 if unexplained or unmet or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
