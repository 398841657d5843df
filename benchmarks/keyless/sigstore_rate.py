"""Verify the keyless fixtures with sigstore-python again and again, and tell how long it took.

    python benchmarks/keyless/sigstore_rate.py FIXTURES LOOPS

All files are read first and the verifier is built once; a bundle is parsed each time, as it would be when it
arrives. Nothing reaches the network. Prints `{"bundles": N, "seconds": S}`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sigstore.dsse import Statement
from sigstore.hashes import Hashed
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity
from sigstore_models.common.v1 import HashAlgorithm


@dataclass(frozen=True)
class Question:
    """A bundle as it came, with what it must be about; the content of a model is not looked at."""

    bundle: bytes
    identity: str
    issuer: str
    artifact: bytes | None

    def ask(self, verifier: Verifier) -> None:
        bundle = Bundle.from_json(self.bundle)
        policy = Identity(identity=self.identity, issuer=self.issuer)
        if bundle._dsse_envelope is None:
            assert self.artifact is not None
            verifier.verify_artifact(self.artifact, bundle, policy)
            return
        _, payload = verifier.verify_dsse(bundle, policy)
        statement = Statement(payload)
        if self.artifact is None:
            return
        digest = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=hashlib.sha256(self.artifact).digest())
        if not statement._matches_digest(digest):
            raise ValueError("the statement is about something else")


def questions(fixtures: Path) -> list[Question]:
    """The bundles that both sides can verify: by a leaf, with a key that sigstore-python knows."""
    folder = fixtures / "sigstore"
    index = json.loads((folder / "bundles.json").read_bytes())
    return [
        Question(
            (folder / "bundles" / file).read_bytes(),
            wanted["identity"],
            wanted["issuer"],
            content(fixtures / wanted["artifact"]),
        )
        for file, wanted in index.items()
        if "identity" in wanted and wanted["reference"] == "accepted"
    ]


def content(artifact: Path) -> bytes | None:
    return None if artifact.is_dir() else artifact.read_bytes()


def main() -> None:
    fixtures, loops = Path(sys.argv[1]), int(sys.argv[2])
    asked = questions(fixtures)
    verifier = Verifier(trusted_root=TrustedRoot.from_file(str(fixtures / "sigstore" / "trusted_root.json")))
    start = time.perf_counter()
    for _ in range(loops):
        for question in asked:
            question.ask(verifier)
    seconds = time.perf_counter() - start
    print(json.dumps({"bundles": loops * len(asked), "seconds": seconds}))


if __name__ == "__main__":
    main()
