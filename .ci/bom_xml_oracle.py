#!/usr/bin/env python3
"""Asks cyclonedx-python-lib about mutants that the tests wrote, and compares.

    BONAFIDE_XML_MUTANTS=DIR cargo test -p bonafide-cli --test integration bom_xml::mutants
    python .ci/bom_xml_oracle.py DIR [EXPLANATIONS]

DIR/verdicts.tsv holds what we say of each file: `accepted`, or the first thing wrong.
EXPLANATIONS (default tests/data/bom_xml_disagreements.txt) has one line per class of
disagreement that is meant: `ours: PATTERN` or `theirs: PATTERN`, with who refuses, and an
expression that the reason for the refusal matches. Anything else makes the exit code 1.
Needs cyclonedx-python-lib with [validation], in a virtual environment.
"""

import pathlib
import re
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.xml import XmlValidator

VERSIONS = {
    "1.3": SchemaVersion.V1_3,
    "1.4": SchemaVersion.V1_4,
    "1.5": SchemaVersion.V1_5,
    "1.6": SchemaVersion.V1_6,
    "1.7": SchemaVersion.V1_7,
}


def version_of(text: str) -> str:
    """The version that the namespace of the document names."""
    _, _, rest = text.partition("http://cyclonedx.org/schema/bom/")
    return rest[:3]


def theirs(validators: dict, text: str) -> str:
    version = version_of(text)
    if version not in VERSIONS:
        return "no such version"
    if version not in validators:
        validators[version] = XmlValidator(VERSIONS[version])
    try:
        error = validators[version].validate_str(text)
    except Exception as problem:  # lxml refuses some documents by an exception
        return str(problem)
    return "accepted" if error is None else str(error)


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    folder = pathlib.Path(sys.argv[1])
    explanations = pathlib.Path(
        sys.argv[2] if len(sys.argv) > 2 else root / "tests/data/bom_xml_disagreements.txt"
    )
    known = []
    if explanations.exists():
        for line in explanations.read_text().splitlines():
            side, _, pattern = line.partition(": ")
            if side in ("ours", "theirs"):
                known.append((side, re.compile(pattern, re.DOTALL)))
    validators: dict = {}
    agreed = accepted = explained = 0
    unexplained = []
    for line in (folder / "verdicts.tsv").read_text().splitlines():
        name, _, verdict = line.partition("\t")
        answer = theirs(validators, (folder / name).read_text())
        if (verdict == "accepted") == (answer == "accepted"):
            agreed += 1
            accepted += verdict == "accepted"
            continue
        side, reason = ("theirs", answer) if verdict == "accepted" else ("ours", verdict)
        if any(side == other and pattern.search(reason) for other, pattern in known):
            explained += 1
        else:
            unexplained.append(f"{name}\n  ours:   {verdict}\n  theirs: {answer}")
    for text in unexplained[:60]:
        print(text)
    print(
        f"{agreed} agree ({accepted} accepted), {explained} explained, "
        f"{len(unexplained)} not explained"
    )
    return 1 if unexplained or not agreed else 0


if __name__ == "__main__":
    sys.exit(main())
