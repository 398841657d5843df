"""Puts signed documents of `fixtures` to the tools that verify signatures: the generators' own, and bonafide."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from generators import GENERATORS
from installing import HERE, NotRun, Tools
from verifying import Bonafide

FIXTURES = HERE.parent.parent / "fixtures"
SIGNED = FIXTURES / "bom" / "generators" / "signed"
JSF = FIXTURES / "jsf"
SUBJECT = SIGNED.parent / "aisbom-cli-1.7.0.cdx.json"

CDX_VERIFY = "cdx-verify"
VERIFY_FILE = "toolkit-mlsbom verify-file"


@dataclass(frozen=True)
class Case:
    """A document, its signature and the key that is trusted."""

    about: str
    verifier: str
    key: Path
    document: Path
    signature: Path | None = None
    """Beside the document, when it is not in it."""
    altered: bool = False
    """A byte is appended to the document before it is asked about."""


CASES = (
    Case("cdx-sign, ES256", CDX_VERIFY, SIGNED / "cdxgen-p256.pub", SIGNED / "cdxgen-es256.cdx.json"),
    Case("cdx-sign, Ed25519", CDX_VERIFY, SIGNED / "cdxgen-ed25519.pub", SIGNED / "cdxgen-ed25519.cdx.json"),
    Case(
        "cdx-sign, ES256, `keyId` altered afterwards",
        CDX_VERIFY,
        SIGNED / "cdxgen-p256.pub",
        SIGNED / "cdxgen-es256-root-other-key-id.cdx.json",
    ),
    Case(
        "cdx-sign, ES256, a digest altered afterwards",
        CDX_VERIFY,
        SIGNED / "cdxgen-p256.pub",
        SIGNED / "cdxgen-es256-other-digest.cdx.json",
    ),
    Case("JSF 0.82, ES256", CDX_VERIFY, JSF / "keys" / "es256.pub.pem", JSF / "good" / "es256.json"),
    Case("JSF 0.82, Ed25519", CDX_VERIFY, JSF / "keys" / "ed25519.pub.pem", JSF / "good" / "ed25519.json"),
    Case(
        "sign-file, DSSE with Ed25519",
        VERIFY_FILE,
        SIGNED / "toolkit-ed25519.pub",
        SUBJECT,
        SIGNED / "aisbom-cli-1.7.0.cdx.dsse.json",
    ),
    Case(
        "sign-file, DSSE with Ed25519, a byte appended afterwards",
        VERIFY_FILE,
        SIGNED / "toolkit-ed25519.pub",
        SUBJECT,
        SIGNED / "aisbom-cli-1.7.0.cdx.dsse.json",
        altered=True,
    ),
)


def placed(case: Case, room: Path) -> tuple[Path, Path | None]:
    """The document and its signature in a folder of their own, altered if the case says so."""
    document = room / case.document.name
    shutil.copy(case.document, document)
    if case.altered:
        document.write_bytes(document.read_bytes() + b"\n")
    signature = None
    if case.signature:
        signature = room / case.signature.name
        shutil.copy(case.signature, signature)
    return document, signature


def theirs(case: Case, tools: Tools, room: Path) -> str:
    """The exit code of the generator's own verifier."""
    document, signature = placed(case, room)
    if case.verifier == CDX_VERIFY:
        command = [tools.install_npm() / "cdx-verify", "--input", document, "--public-key", case.key]
    else:
        (generator,) = (each for each in GENERATORS if each.name == "toolkit-ml-provenance")
        verifier = generator.install(tools) / "toolkit-mlsbom"
        command = [verifier, "verify-file", "--signature", signature, "--public-key", case.key, document]
    return f"`{case.verifier}`: {tools.run(command, room).code}"


def ours(case: Case, bonafide: Bonafide, room: Path) -> str:
    """What bonafide says of the signature, and its exit code."""
    document, signature = placed(case, room)
    verdict = bonafide.verify_signed(document, signature, case.key)
    states = [entry["state"] for entry in verdict.report["signatures"]]
    if not states:
        raise NotRun(f"{case.about}: no signature was found")
    return f"{', '.join(states)}; exit {verdict.code}"
