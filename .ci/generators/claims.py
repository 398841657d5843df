"""What a document claims, read as plain JSON: this is not the reader that is put to the test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Where a document can point at bytes; the letters are those of the table's legend.
SHAPES = {
    "A": "digest of a component that is named like the file",
    "B": "digests of `file` components nested in the model's",
    "C": "digest of a component whose `evidence.occurrences` names the file",
    "D": "digest of an external reference",
    "E": "`checksum` in the purl",
    "F": "path in the purl, behind `#`",
    "G": "digest over many files, by a rule of the generator",
    "H": "commit of 40 digits only",
    "S": "`verifiedUsing` of an SPDX element that is named like the file",
}

SHA256 = re.compile(r"[0-9a-f]{64}")
COMMIT = re.compile(r"[0-9a-f]{40}")

# Where CycloneDX refers to something by its `bom-ref`.
REFERENCES = ("ref", "dependsOn", "provides", "subjects", "assemblies", "dependencies")


@dataclass
class Claims:
    """What a document says of the model's files."""

    specification: str
    components: int = 0
    digests: int = 0
    """How many digests of components there are."""
    listed: set[str] = field(default_factory=set)
    """The files of the model whose digest is in the document."""
    foreign: int = 0
    """How many digests are those of no file."""
    shapes: set[str] = field(default_factory=set)
    licence: bool = False
    card: bool = False
    dangling: int = 0
    signed: bool = False


def read(document: Path, files: Mapping[str, str]) -> Claims:
    """The claims of a document about a model with these files, by name, with their digests."""
    content = json.loads(document.read_text())
    by_digest: dict[str, set[str]] = {}
    for name, digest in files.items():
        by_digest.setdefault(digest, set()).add(name)
    if content.get("bomFormat") == "CycloneDX":
        return _cyclonedx(content, by_digest)
    if "@graph" in content:
        return _spdx(content["@graph"], by_digest)
    raise ValueError(f"{document.name}: neither CycloneDX nor SPDX 3")


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as item:
                yield item
                waiting.extend(item.values())
            case list() as items:
                waiting.extend(items)


def _cyclonedx(bom: Mapping[str, Any], files: Mapping[str, set[str]]) -> Claims:
    claims = Claims(f"CycloneDX {bom['specVersion']}")
    subject = bom.get("metadata", {}).get("component")
    for component, nested in _components([*([subject] if subject else []), *bom.get("components", [])], nested=False):
        _count_component(claims, component, files, nested=nested)
    everything = list(objects(bom))
    names = {item["bom-ref"] for item in everything if "bom-ref" in item}
    claims.dangling = sum(target not in names for item in everything for target in _targets(item))
    claims.signed = any("signature" in item for item in everything)
    return claims


def _components(items: Sequence[Mapping[str, Any]], *, nested: bool) -> Iterator[tuple[Mapping[str, Any], bool]]:
    for item in items:
        yield item, nested
        yield from _components(item.get("components", []), nested=True)


def _count_component(
    claims: Claims, component: Mapping[str, Any], files: Mapping[str, set[str]], *, nested: bool
) -> None:
    claims.components += 1
    claims.card |= "modelCard" in component
    claims.licence |= component.get("type") == "machine-learning-model" and "licenses" in component
    hashes = [entry["content"].lower() for entry in component.get("hashes", [])]
    for digest in hashes:
        claims.digests += 1
        claims.listed |= files.get(digest, set())
        claims.foreign += digest not in files
    occurrences = component.get("evidence", {}).get("occurrences", [])
    if any(digest in files for digest in hashes):
        claims.shapes.add("B" if nested else "C" if occurrences else "A")
    references = [entry for part in component.get("externalReferences", []) for entry in part.get("hashes", [])]
    if references:
        claims.shapes.add("D")
        claims.digests += len(references)
        for entry in references:
            claims.listed |= files.get(entry["content"].lower(), set())
    purl = component.get("purl", "")
    if "checksum=" in purl:
        claims.shapes.add("E")
        for digest in SHA256.findall(purl):
            claims.listed |= files.get(digest, set())
    if "#" in purl:
        claims.shapes.add("F")
    properties = {entry["name"]: str(entry.get("value", "")) for entry in component.get("properties", [])}
    whole = any("tree" in name and SHA256.fullmatch(value) for name, value in properties.items())
    if whole or any(digest not in files for digest in hashes):
        claims.shapes.add("G")
    version = str(component.get("version", "")) + purl.partition("@")[2]
    if not hashes and COMMIT.search(version):
        claims.shapes.add("H")


def _targets(item: Mapping[str, Any]) -> Iterator[str]:
    for member in REFERENCES:
        value = item.get(member)
        for target in value if isinstance(value, list) else [value]:
            # An external document is named by a URN, not by a `bom-ref` of this one.
            if isinstance(target, str) and not target.startswith("urn:cdx:"):
                yield target


def _spdx(graph: Sequence[Mapping[str, Any]], files: Mapping[str, set[str]]) -> Claims:
    versions = {item["specVersion"] for item in graph if "specVersion" in item}
    claims = Claims("SPDX " + ", ".join(sorted(versions)))
    names = {item[key] for item in graph for key in ("spdxId", "@id") if key in item}
    for item in graph:
        kind = item.get("type", "")
        claims.components += kind.endswith(("Package", "_File"))
        claims.licence |= item.get("relationshipType") in ("hasDeclaredLicense", "hasConcludedLicense")
        if kind == "Relationship":
            claims.dangling += sum(end not in names for end in (item["from"], *item["to"]))
        for entry in item.get("verifiedUsing", []):
            digest = str(entry.get("hashValue", "")).lower()
            claims.digests += 1
            claims.listed |= files.get(digest, set())
            claims.foreign += digest not in files
            claims.shapes.add("S")
    return claims
