"""The keyless bundles of `fixtures/sigstore`, put to sigstore-python and to bonafide in the same run.

They were judged when they were made. Here both are asked again, so that neither a
new release nor the passing of time changes an answer unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from case import Case, Fault, expect
from parties import Bonafide, directory_model

# In fixtures/make, which `parties` lets be imported.
import recipe  # isort: skip
from sigstore_reference import Opinion, Panel  # isort: skip

FROZEN = recipe.FIXTURES / "sigstore"
TRUSTED_ROOT, TRUST_CONFIG = FROZEN / "trusted_root.json", FROZEN / "trust_config.json"


@dataclass(frozen=True)
class Frozen:
    """A bundle, and what its index says of it."""

    file: Path
    entry: dict[str, Any]

    @property
    def artifact(self) -> Path:
        return recipe.FIXTURES / str(self.entry["artifact"])

    @property
    def key_file(self) -> str:
        return str(self.entry["key"])

    @property
    def is_by_key(self) -> bool:
        return "key" in self.entry

    def question(self) -> dict[str, Any]:
        return self.entry


def frozen_cases(ours: Bonafide) -> Iterator[Case]:
    for kind, show in (("bundles", accepted), ("rejected", rejected)):
        folder = FROZEN / kind
        index: dict[str, dict[str, Any]] = json.loads((FROZEN / f"{kind}.json").read_bytes())
        panel = Panel.trusting(TRUSTED_ROOT, TRUST_CONFIG, folder)
        yield Case(f"{kind}: the index names every bundle", partial(complete, folder, set(index)))
        for name, entry in index.items():
            bundle = Frozen(folder / name, entry)
            yield Case(f"{kind}: {name.removesuffix('.sigstore.json')}", partial(show, ours, panel, bundle))


def complete(folder: Path, named: set[str], _: Path) -> None:
    there = {path.name for path in folder.glob("*.sigstore.json")}
    expect("bundles", named, there)
    if not there:
        raise Fault(f"no bundles in {folder}")


def accepted(ours: Bonafide, panel: Panel, bundle: Frozen, _: Path) -> None:
    """Both accept; where the library cannot, its parts that can do, and it still refuses the whole."""
    expect_index(panel.ask(bundle, bundle.file), bundle)
    if bundle.entry["reference"] == "refused":
        by_parts = panel.ask_by_parts(bundle, bundle.file)
        expect(by_parts.verifier, (by_parts.accepts, by_parts.answer), (True, ""))
    expect("bonafide's refusal", refusal(ours, bundle), None)


def rejected(ours: Bonafide, panel: Panel, bundle: Frozen, _: Path) -> None:
    """Bonafide refuses; the reference as laxly as it did."""
    opinion = panel.ask_by_parts(bundle, bundle.file) if bundle.is_by_key else panel.ask(bundle, bundle.file)
    expect_index(opinion, bundle)
    answer = refusal(ours, bundle)
    if answer is None or not answer.startswith("refused ("):
        raise Fault(f"bonafide's refusal, because {bundle.entry['why']}: got {answer!r}")


def expect_index(opinion: Opinion, bundle: Frozen) -> None:
    answer = "accepted" if opinion.accepts else "refused"
    expect(f"{opinion.verifier} ({opinion.answer})", answer, bundle.entry["reference"])


def refusal(ours: Bonafide, bundle: Frozen) -> str | None:
    signer: list[str | Path] = (
        ["--key", bundle.file.with_name(bundle.key_file)]
        if bundle.is_by_key
        else [
            "--certificate-identity",
            str(bundle.entry["identity"]),
            "--certificate-oidc-issuer",
            str(bundle.entry["issuer"]),
        ]
    )
    # The protocol knows files and digests; a model is asked for by its root, as the reference signed it.
    artifact = directory_model(bundle.artifact).root() if bundle.artifact.is_dir() else bundle.artifact
    return ours.verify_bundle(bundle.file, signer, TRUSTED_ROOT, artifact)
