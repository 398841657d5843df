"""Signatures in CycloneDX documents (JSF 0.82), both ways, with `rfc8785` and `cryptography`.

Neither shares code with bonafide. What a signature covers is written down here
once more from the specification: the canonical document with its `signature`,
without the `value` in it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from case import Case, Fault, expect
from parties import Bonafide

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Algorithm:
    """A name of JSF §5, and what goes with it."""

    name: str
    generate: Callable[[], PrivateKey]
    # None for Ed25519.
    curve: ec.EllipticCurve | None = None
    hash: hashes.HashAlgorithm | None = None

    @property
    def size(self) -> int:
        """Bytes of a coordinate, and of each number of a signature (RFC 7518 §3.4)."""
        return 32 if self.curve is None else (self.curve.key_size + 7) // 8


def elliptic(name: str, curve: ec.EllipticCurve, digest: hashes.HashAlgorithm) -> Algorithm:
    return Algorithm(name, partial(ec.generate_private_key, curve), curve, digest)


ALGORITHMS = (
    Algorithm("Ed25519", ed25519.Ed25519PrivateKey.generate),
    elliptic("ES256", ec.SECP256R1(), hashes.SHA256()),
    elliptic("ES384", ec.SECP384R1(), hashes.SHA384()),
    elliptic("ES512", ec.SECP521R1(), hashes.SHA512()),
)

# Names whose order by UTF-16 is not that by code point, numbers in other forms, escapes.
DOCUMENT = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {"component": {"type": "machine-learning-model", "name": "d\u00e9mo \U0001f600"}},
    "components": [{"type": "file", "name": "a\"b\\c\n\uffe5", "properties": [{"name": "\U0001f600", "value": "x"}]}],
}
TEXTS = {
    "pretty": json.dumps(DOCUMENT, indent=2) + "\n",
    "tabs": json.dumps(DOCUMENT, indent="\t", ensure_ascii=False),
    "compact": json.dumps(DOCUMENT, separators=(",", ":")),
}


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def covered(document: dict[str, Any]) -> bytes:
    """JSF §6: everything but the `value`."""
    signature = {name: value for name, value in document["signature"].items() if name != "value"}
    return rfc8785.dumps(document | {"signature": signature})


def public_jwk(algorithm: Algorithm, key: PrivateKey) -> dict[str, str]:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": text_of(key.public_key().public_bytes_raw())}
    numbers = key.public_key().public_numbers()
    coordinates = {name: text_of(getattr(numbers, name).to_bytes(algorithm.size)) for name in ("x", "y")}
    return {"kty": "EC", "crv": f"P-{key.curve.key_size}", **coordinates}


def holds(algorithm: Algorithm, key: PrivateKey, document: dict[str, Any]) -> bool:
    """Whether the key made the signature in the document."""
    value = bytes_of(document["signature"]["value"])
    try:
        if isinstance(key, ed25519.Ed25519PrivateKey):
            key.public_key().verify(value, covered(document))
        elif len(value) != 2 * algorithm.size or algorithm.hash is None:
            return False
        else:
            r, s = (int.from_bytes(part) for part in (value[: algorithm.size], value[algorithm.size :]))
            key.public_key().verify(encode_dss_signature(r, s), covered(document), ec.ECDSA(algorithm.hash))
    except InvalidSignature:
        return False
    return True


def signed(algorithm: Algorithm, key: PrivateKey, key_id: str) -> dict[str, Any]:
    signature = {"algorithm": algorithm.name, "keyId": key_id, "publicKey": public_jwk(algorithm, key)}
    document: dict[str, Any] = DOCUMENT | {"signature": signature}
    if isinstance(key, ed25519.Ed25519PrivateKey):
        value = key.sign(covered(document))
    else:
        if algorithm.hash is None:
            raise Fault(f"{algorithm.name} has no hash")
        numbers = decode_dss_signature(key.sign(covered(document), ec.ECDSA(algorithm.hash)))
        value = b"".join(number.to_bytes(algorithm.size) for number in numbers)
    return document | {"signature": signature | {"value": text_of(value)}}


def files_of(key: PrivateKey, folder: Path) -> tuple[Path, Path]:
    private, public = folder / "private.pem", folder / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


def document_cases(ours: Bonafide) -> Iterator[Case]:
    for algorithm, (style, text) in product(ALGORITHMS, TEXTS.items()):
        name = f"our signed document: {algorithm.name}, {style}"
        yield Case(name, partial(read_by_script, ours, algorithm, text))
    for algorithm in ALGORITHMS:
        yield Case(f"their signed document: {algorithm.name}", partial(read_by_us, ours, algorithm))


def read_by_script(ours: Bonafide, algorithm: Algorithm, text: str, folder: Path) -> None:
    key = algorithm.generate()
    private, _ = files_of(key, folder)
    path = folder / "bom.cdx.json"
    path.write_text(text)
    ours.sign_document(path, private, "release key")
    document = json.loads(path.read_bytes())
    expect("algorithm", document["signature"]["algorithm"], algorithm.name)
    expect("key id", document["signature"]["keyId"], "release key")
    expect("public key", document["signature"]["publicKey"], public_jwk(algorithm, key))
    expect("the rest", {name: value for name, value in document.items() if name != "signature"}, DOCUMENT)
    expect("it holds", holds(algorithm, key, document), True)
    for part in ({"version": 2}, {"signature": document["signature"] | {"keyId": "another"}}):
        expect(f"it holds with {part}", holds(algorithm, key, document | part), False)


def read_by_us(ours: Bonafide, algorithm: Algorithm, folder: Path) -> None:
    key = algorithm.generate()
    _, public = files_of(key, folder)
    path = folder / "bom.cdx.json"
    document = signed(algorithm, key, "release key")
    for wanted, changes in (("verified", {}), ("rejected", {"version": 2})):
        path.write_text(json.dumps(document | changes))
        verdict = ours.verify_by_keys(path, [public], path)
        expect("states", [signature["state"] for signature in verdict.report["signatures"]], [wanted])
