"""A CycloneDX 1.6 document of any size that is valid and contradicts itself nowhere.

Every component of a kind has the same members; names, digests and references come from a seed, so the same seed
and number make the same bytes. It is written piece by piece: whoever measures a child process must be small.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

ORGANIZATIONS = ["acme", "example", "north-lab", "open-data", "weather"]
LICENCES = ["MIT", "Apache-2.0", "BSD-3-Clause", "CC-BY-4.0", "ISC"]
TASKS = ["text-generation", "text-classification", "translation", "summarization"]


def write(path: Path, components: int, seed: int = 20260101) -> int:
    """Writes it, and says how many bytes it has."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for piece in pieces(components, random.Random(seed)):
            file.write(piece)
    return path.stat().st_size


def pieces(components: int, source: random.Random) -> Iterator[str]:
    head = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:6f1c2e0a-93f5-4f6e-8a57-1d2b3c4d5e6f",
        "version": 1,
        "metadata": {
            "timestamp": "2026-03-01T12:00:00Z",
            "component": {"type": "application", "bom-ref": "subject", "name": "service", "version": "1.0.0"},
        },
    }
    yield compact(head)[:-1] + ',\n"components":[\n'
    for number in range(components):
        yield ("" if number == 0 else ",\n") + compact(component(number, source))
    yield '\n],\n"dependencies":[\n'
    yield compact({"ref": "subject", "dependsOn": [reference(number) for number in range(min(components, 100))]})
    for number in range(components):
        # Only of what comes later, so that nothing depends on itself.
        later = range(number + 1, min(components, number + 40))
        needs = sorted(source.sample(later, min(2, len(later))))
        yield ",\n" + compact({"ref": reference(number), "dependsOn": [reference(need) for need in needs]})
    yield "\n]}\n"


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def reference(number: int) -> str:
    return f"component-{number:06}"


def component(number: int, source: random.Random) -> dict[str, object]:
    """Mostly libraries; one of ten is a model with its card, two of ten are data."""
    kind = number % 10
    organization = source.choice(ORGANIZATIONS)
    version = f"{source.randrange(20)}.{source.randrange(30)}.{source.randrange(90)}"
    common: dict[str, object] = {
        "bom-ref": reference(number),
        "supplier": {"name": f"{organization} incorporated", "url": [f"https://{organization}.example/"]},
        "group": organization,
        "name": f"part-{number}",
        "version": version,
        "description": "What this part does, and why it is in here: " + " ".join(words(source, 14)),
        "hashes": [
            {"alg": "SHA-256", "content": source.randbytes(32).hex()},
            {"alg": "SHA-512", "content": source.randbytes(64).hex()},
        ],
        "licenses": [{"license": {"id": source.choice(LICENCES)}}],
        "externalReferences": [
            {"type": "website", "url": f"https://{organization}.example/part-{number}"},
            {"type": "vcs", "url": f"https://git.example/{organization}/part-{number}", "comment": "the sources"},
        ],
        "properties": [
            {"name": "acme:build", "value": source.randbytes(8).hex()},
            {"name": "acme:origin", "value": organization},
        ],
    }
    if kind == 0:
        return {"type": "machine-learning-model"} | common | {"modelCard": card(number, source)}
    if kind in (1, 2):
        data = {"type": "dataset", "name": f"data-{number}", "classification": "public"}
        return {"type": "data"} | common | {"data": [data]}
    return {"type": "library"} | common | {"purl": f"pkg:generic/{organization}/part-{number}@{version}"}


def card(number: int, source: random.Random) -> dict[str, object]:
    accuracy = round(source.uniform(0.5, 0.95), 4)
    metric = {
        "type": "accuracy",
        "value": str(accuracy),
        "slice": "all",
        "confidenceInterval": {"lowerBound": str(round(accuracy - 0.01, 4)), "upperBound": str(round(accuracy + 0.01, 4))},
    }
    return {
        "bom-ref": f"card-{number:06}",
        "modelParameters": {
            "approach": {"type": "supervised"},
            "task": source.choice(TASKS),
            "architectureFamily": "transformer",
            "inputs": [{"format": "text"}],
            "outputs": [{"format": "text"}],
        },
        "quantitativeAnalysis": {"performanceMetrics": [metric]},
        "considerations": {"users": ["engineers"], "technicalLimitations": [" ".join(words(source, 8))]},
    }


def words(source: random.Random, count: int) -> list[str]:
    return ["".join(source.choices("aeioulnrst", k=source.randrange(3, 11))) for _ in range(count)]
