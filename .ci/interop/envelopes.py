"""Attestations both ways with `securesystemslib`, which shares no code with bonafide.

It knows envelopes (DSSE) and keys, not statements: what a statement has to say
is made up here from the files.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from case import Case, expect
from parties import Bonafide, Model, Target, Verdict

# In fixtures/make, which `parties` lets be imported.
import attestations  # isort: skip
import oms  # isort: skip

PASSWORD = "open sesame"


@dataclass(frozen=True)
class Key:
    """A key pair of the library, also as the files that bonafide reads."""

    name: str
    signer: CryptoSigner
    private: Path
    public: Path

    def encrypted(self, folder: Path) -> tuple[Path, Path]:
        """The private key under a password, and a file with the password."""
        key = load_pem_private_key(self.private.read_bytes(), None)
        sealed, password = folder / "sealed.pem", folder / "password.txt"
        encryption = BestAvailableEncryption(PASSWORD.encode())
        sealed.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
        password.write_text(f"{PASSWORD}\n")
        return sealed, password


def new_key(name: str, signer: CryptoSigner, folder: Path) -> Key:
    room = folder / f"envelope key {name}"
    room.mkdir()
    private, public = room / "private.pem", room / "public.pem"
    private.write_bytes(signer.private_bytes)
    key = load_pem_private_key(signer.private_bytes, None)
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return Key(name, signer, private, public)


def envelope_cases(ours: Bonafide, targets: tuple[Target, ...], folder: Path) -> Iterator[Case]:
    keys = [
        new_key("P-256", CryptoSigner.generate_ecdsa(scheme="ecdsa-sha2-nistp256"), folder),
        new_key("P-384", CryptoSigner.generate_ecdsa(scheme="ecdsa-sha2-nistp384"), folder),
        new_key("P-521", CryptoSigner.generate_ecdsa(scheme="ecdsa-sha2-nistp521"), folder),
        new_key("Ed25519", CryptoSigner.generate_ed25519(), folder),
    ]
    # Bonafide verifies with RSA keys, but does not sign with them.
    rsa = new_key("RSA-PSS 2048", CryptoSigner.generate_rsa(scheme="rsassa-pss-sha256", size=2048), folder)
    for key, target in product(keys, targets):
        yield Case(f"our attestation: {key.name}, {target.name}", partial(read_by_library, ours, key, target))
    yield Case(
        f"our attestation: {keys[0].name}, {targets[0].name}, encrypted key",
        partial(read_by_library, ours, keys[0], targets[0], is_encrypted=True),
    )
    for key, target, statement in product((*keys, rsa), targets, STATEMENTS):
        name = f"their attestation: {key.name}, {target.name}, {statement.name}"
        yield Case(name, partial(read_by_us, ours, key, target, statement))
    yield Case(
        f"their attestation: {keys[0].name} and {rsa.name}, {targets[0].name}",
        partial(of_two, ours, (keys[0], rsa), targets[0]),
    )
    for key, target, part in product(keys, targets, PARTS):
        name = f"our attestation: {key.name}, {target.name}, byte flipped in {part}"
        yield Case(name, partial(flipped_of_ours, ours, key, target, part))
    for key, part in product((*keys, rsa), PARTS):
        name = f"their attestation: {key.name}, {targets[0].name}, byte flipped in {part}"
        yield Case(name, partial(flipped_of_theirs, ours, key, targets[0], part))


def place(model: Model) -> Path:
    """Where an attestation lies beside what it is about."""
    return model.path.with_name(f"{model.path.name}.intoto.json")


# 1. What the library says.


def refusal(document: Mapping[str, Any], *keys: SSlibKey) -> str | None:
    """The library wants a signature of each key; why it finds none."""
    # It changes what it is given.
    envelope = Envelope.from_dict(json.loads(json.dumps(document)))
    try:
        verified = envelope.verify(list(keys), len(keys))
    except VerificationError as error:
        return str(error)
    expect("keys that the library verified with", set(verified), {key.keyid for key in keys})
    return None


NONE_HOLDS = "Accepted signatures do not match threshold, Found: 0, Expected 1"


def fingerprint(public: Path) -> str:
    """The id that bonafide gives to a key."""
    key = load_pem_public_key(public.read_bytes())
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def known_by_fingerprint(public: Path) -> SSlibKey:
    """The public key under the id that bonafide writes: the library passes over signatures of other ids."""
    return SSlibKey.from_crypto(load_pem_public_key(public.read_bytes()), fingerprint(public))


# 2. Ours, read by them.


EVALUATION = {"metric": "accuracy", "score": 0.98, "cases": 1797, "notes": "na\u00efve \u6a21\u578b \U0001f600"}


def attested(ours: Bonafide, key: Key, model: Model, folder: Path, is_encrypted: bool = False) -> dict[str, Any]:
    predicate = folder / "predicate.json"
    predicate.write_text(json.dumps(EVALUATION))
    private, password = key.encrypted(folder) if is_encrypted else (key.private, None)
    ours.attest(model.path, attestations.EVALUATION, predicate, private, password)
    document: dict[str, Any] = json.loads(place(model).read_bytes())
    return document


def read_by_library(ours: Bonafide, key: Key, target: Target, folder: Path, is_encrypted: bool = False) -> None:
    model = target.make(folder)
    document = attested(ours, key, model, folder, is_encrypted)
    expect("the library's refusal", refusal(document, known_by_fingerprint(key.public)), None)
    envelope = Envelope.from_dict(document)
    expect("payload type", envelope.payload_type, oms.PAYLOAD_TYPE)
    # Digests of what this script wrote, not of what lies there.
    expect(
        "statement",
        json.loads(envelope.payload),
        attestations.statement(attestations.EVALUATION, EVALUATION, attestations.subjects_of(target.files)),
    )


# 3. Theirs, read by us.


@dataclass(frozen=True)
class Statement:
    """What is stated of a target, and how a run of bonafide ends that has nothing else."""

    name: str
    content: Mapping[str, Any]
    code: int
    verdict: str

    def about(self, target: Target) -> bytes:
        return json.dumps(dict(self.content) | {"subject": attestations.subjects_of(target.files)}).encode()


STATEMENTS = (
    Statement("provenance", attestations.provenance([]), 0, "allow"),
    # A result about files does not say that anybody vouches for them.
    Statement("test result", attestations.test_result([], "PASSED"), 2, "undecided"),
)
PROVENANCE = STATEMENTS[0]


def signed(model: Model, payload: bytes, *keys: Key) -> dict[str, Any]:
    """The library signs, each key under the id that the library makes up for it."""
    envelope = Envelope(payload, oms.PAYLOAD_TYPE, {})
    for key in keys:
        envelope.sign(key.signer)
    document: dict[str, Any] = envelope.to_dict()
    place(model).write_text(json.dumps(document))
    expect("the library's refusal", refusal(document, *(key.signer.public_key for key in keys)), None)
    return document


def read_by_us(ours: Bonafide, key: Key, target: Target, statement: Statement, folder: Path) -> None:
    model = target.make(folder)
    signed(model, statement.about(target), key)
    verdict = judged(ours, [key], model)
    expect_verified(verdict, len(target.files), statement.content["predicateType"])
    expect("verdict", (verdict.code, verdict.report["verdict"]), (statement.code, statement.verdict))
    expect("violated checks", verdict.failed(), {})


def of_two(ours: Bonafide, keys: tuple[Key, ...], target: Target, folder: Path) -> None:
    """Each signature counts for whoever trusts its key, and both for whoever trusts both."""
    model = target.make(folder)
    signed(model, PROVENANCE.about(target), *keys)
    for trusted in (*((key,) for key in keys), keys):
        verdict = judged(ours, trusted, model)
        expect_verified(verdict, len(target.files), PROVENANCE.content["predicateType"])
        (report,) = verdict.report["signatures"]
        signers = {f'key "{key.public}" (sha256:{fingerprint(key.public)})' for key in trusted}
        expect("signers", {report["signer"], *report.get("cosigners", [])}, signers)
        expect("exit code", verdict.code, 0)


def judged(ours: Bonafide, trusted: Sequence[Key], model: Model) -> Verdict:
    return ours.verify_by_keys(model.path, [key.public for key in trusted], place(model))


def expect_verified(verdict: Verdict, covered: int, content: str) -> None:
    fields = ("state", "content", "bound-by", "covered", "signer-grade")
    got = [tuple(signature.get(field) for field in fields) for signature in verdict.report["signatures"]]
    expect("signatures", got, [("verified", content, "files", covered, "verified")])


# 4. Flipped after signing.

PARTS = ("payload", "signature")


def flip(document: dict[str, Any], part: str) -> None:
    """Change one bit: within the payload, or in the last byte of the signature, which frames nothing."""
    (signature,) = document["signatures"]
    holder, name = (document, "payload") if part == "payload" else (signature, "sig")
    content = bytearray(base64.b64decode(holder[name]))
    content[len(content) // 2 if part == "payload" else -1] ^= 1
    holder[name] = base64.b64encode(content).decode()


# The tools name a key differently. Under the id of bonafide a signature that does not hold is a bad one;
# under an id that it does not know it may as well be of a key that nobody trusts.
REJECTED = ("rejected", "signature", "signature-rejected")
UNTRUSTED = ("untrusted", "key", "untrusted-signer")
Refused = tuple[str, str, str]


def flipped_of_ours(ours: Bonafide, key: Key, target: Target, part: str, folder: Path) -> None:
    model = target.make(folder)
    document = attested(ours, key, model, folder)
    neither_accepts(ours, key, known_by_fingerprint(key.public), model, document, part, REJECTED)


def flipped_of_theirs(ours: Bonafide, key: Key, target: Target, part: str, folder: Path) -> None:
    model = target.make(folder)
    document = signed(model, PROVENANCE.about(target), key)
    neither_accepts(ours, key, key.signer.public_key, model, document, part, UNTRUSTED)


def neither_accepts(
    ours: Bonafide, key: Key, known: SSlibKey, model: Model, document: dict[str, Any], part: str, refused: Refused
) -> None:
    """Both accept the attestation, and refuse it for its signature when it is flipped."""
    state, category, check = refused
    expect("the library's refusal", refusal(document, known), None)
    states = [signature["state"] for signature in judged(ours, [key], model).report["signatures"]]
    expect("states", states, ["verified"])
    flip(document, part)
    place(model).write_text(json.dumps(document))
    expect("the library's refusal", refusal(document, known), NONE_HOLDS)
    verdict = judged(ours, [key], model)
    got = [(signature["state"], signature.get("category")) for signature in verdict.report["signatures"]]
    expect("signatures", got, [(state, category)])
    expect("exit code", verdict.code, 1)
    expect("violated checks", set(verdict.failed()), {check})
