"""The two tools that must understand each other, behind one shape, and what they are given."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from model_signing import hashing, signing, verifying

from case import Fault

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "fixtures" / "make"))

import pki  # noqa: E402
import reference  # noqa: E402
from recipe import Files, write_files  # noqa: E402

# Options of a command line: each with the file it names.
Options = tuple[tuple[str, Path], ...]


@dataclass(frozen=True)
class Model:
    """What is signed, and where its signature lies."""

    path: Path
    signature: Path

    def statement(self) -> dict[str, Any]:
        """The signed statement, read without any judgement."""
        bundle = json.loads(self.signature.read_bytes())
        statement: dict[str, Any] = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
        return statement

    def resources(self) -> list[dict[str, str]]:
        resources: list[dict[str, str]] = self.statement()["predicate"]["resources"]
        return resources

    def root(self) -> str:
        return f"sha256:{self.statement()['subject'][0]['digest']['sha256']}"


@dataclass(frozen=True)
class Target:
    """A model to be made: a directory of files, or the one file."""

    name: str
    files: Files
    is_directory: bool = True

    def make(self, folder: Path) -> Model:
        if self.is_directory:
            write_files(folder / "model", self.files)
            return directory_model(folder / "model")
        write_files(folder, self.files)
        (name,) = self.files
        return Model(folder / name, folder / f"{name}.sig")


def directory_model(path: Path) -> Model:
    return Model(path, path / "model.sig")


@dataclass(frozen=True)
class Form:
    """How a model is digested: the hash, and whole files or shards."""

    hash_type: Literal["sha256", "blake2b", "blake3"] = "sha256"
    shard_size: int | None = None

    def __str__(self) -> str:
        return self.hash_type if self.shard_size is None else f"{self.hash_type} shards of {self.shard_size}"

    def options(self) -> list[str]:
        """As options of bonafide."""
        hash_name = "blake2b-512" if self.hash_type == "blake2b" else self.hash_type
        shards = [] if self.shard_size is None else ["--shard-size", str(self.shard_size)]
        return ["--hash", hash_name, *shards]

    def config(self, model: Model) -> hashing.Config:
        """As a configuration of the reference's API."""
        algorithm: Literal["sha256", "blake2", "blake3"] = "blake2" if self.hash_type == "blake2b" else self.hash_type
        config = hashing.Config()
        if self.shard_size is None:
            config.use_file_serialization(hashing_algorithm=algorithm)
        else:
            config.use_shard_serialization(hashing_algorithm=algorithm, shard_size=self.shard_size)
        inside = [model.signature.name] if model.path.is_dir() else []
        return config.set_ignored_paths(paths=inside)


WHOLE_FILES = Form()


@dataclass(frozen=True)
class Signer:
    """Who signs: a method of OMS, and the files that signing with it and trusting it take."""

    name: str
    method: str
    signing: Options
    trusting: Options
    # Whether the chain that goes with the certificate ends with the root, which nobody needs.
    root_in_chain: bool = False


def key_signer(name: str, curve: ec.EllipticCurve, encoding: PrivateFormat, folder: Path) -> Signer:
    key = pki.new_key(curve)
    private, public = _write_key(key, encoding, folder), folder / "public.pem"
    public.write_bytes(pki.public_pem(key))
    return Signer(name, "key", (("--private-key", private),), (("--public-key", public),))


def certificate_signer(name: str, curve: ec.EllipticCurve, folder: Path, root_in_chain: bool) -> Signer:
    """A signer whose certificate hangs below an intermediate authority, and that below the root."""
    root = pki.new_authority(pki.authority_profile("Interop Root CA"))
    intermediate = pki.new_authority(pki.authority_profile("Interop Intermediate CA"), root)
    leaf = pki.issue(pki.Profile("signer.example"), pki.new_key(curve), intermediate)
    trusted = pki.write_certificate(root.certificate, folder / "root.pem")
    chain = [pki.write_certificate(intermediate.certificate, folder / "intermediate.pem")]
    if root_in_chain:
        chain.append(trusted)
    signing_options = (
        ("--private-key", _write_key(leaf.key, PrivateFormat.PKCS8, folder)),
        ("--signing-certificate", pki.write_certificate(leaf.certificate, folder / "leaf.pem")),
        *(("--certificate-chain", path) for path in chain),
    )
    return Signer(name, "certificate", signing_options, (("--certificate-chain", trusted),), root_in_chain)


def _write_key(key: pki.PrivateKey, encoding: PrivateFormat, folder: Path) -> Path:
    path = folder / "private.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, encoding, NoEncryption()))
    return path


class Party(Protocol):
    """A tool that signs."""

    name: str

    def sign(self, signer: Signer, model: Model, form: Form) -> None: ...


@dataclass(frozen=True)
class Verdict:
    """What bonafide said of a model."""

    code: int
    report: Mapping[str, Any]

    def failed(self) -> dict[str, set[str]]:
        """The violated checks, each with what its findings name."""
        return {
            check["check"]: {finding["subject"]["name"] for finding in check["findings"]}
            for check in self._failed("deny")
        }

    def warnings(self) -> set[str]:
        return {finding["message"] for check in self._failed("warn") for finding in check["findings"]}

    def covered(self) -> list[int]:
        """For each signature, how many files it covers."""
        return [signature["covered"] for signature in self.report["signatures"]]

    def _failed(self, level: str) -> list[dict[str, Any]]:
        return [check for check in self.report["checks"] if (check["level"], check["outcome"]) == (level, "fail")]


class Bonafide:
    """Our tool; always through its command line."""

    name = "ours"

    def __init__(self, binary: Path) -> None:
        self._binary = binary
        # Settings of the caller must not change what is shown here.
        self._environment = {key: value for key, value in os.environ.items() if not key.startswith("BONAFIDE_")}

    def sign(self, signer: Signer, model: Model, form: Form = WHOLE_FILES) -> None:
        self._run(["sign", signer.method, *_flat(signer.signing), *form.options(), model.path])

    def verify(self, signer: Signer, model: Model, policy: Path | None = None) -> Verdict:
        by_policy: list[str | Path] = [] if policy is None else ["--policy", policy]
        done = self._run(["verify", "--output", "json", *_flat(signer.trusting), *by_policy, model.path], worst=1)
        return Verdict(done.returncode, json.loads(done.stdout))

    def attest(
        self, target: Path, predicate_type: str, predicate: Path, private_key: Path, password_file: Path | None = None
    ) -> None:
        """State the predicate of the target, in the file beside it that is the default."""
        password: list[str | Path] = [] if password_file is None else ["--password-file", password_file]
        stating: list[str | Path] = ["--predicate-type", predicate_type, "--predicate", predicate]
        self._run(["attest", target, *stating, "--private-key", private_key, *password])

    def sign_document(self, document: Path, private_key: Path, key_id: str) -> None:
        """Put a signature into a CycloneDX document."""
        self._run(["bom", "sign", document, "--private-key", private_key, "--key-id", key_id, "--output", document])

    def verify_by_keys(self, target: Path, keys: Sequence[Path], attestation: Path) -> Verdict:
        """Verify by this attestation alone; that nothing can be decided from it is an answer too."""
        trusting = _flat(tuple(("--key", key) for key in keys))
        asking: list[str | Path] = ["verify", "--output", "json", "--signature", attestation, target]
        done = self._run([*asking, *trusting], worst=2)
        if not done.stdout:
            raise Fault(f"bonafide verify has no report: {done.stderr.strip()!r}")
        return Verdict(done.returncode, json.loads(done.stdout))

    def verify_bundle(self, bundle: Path, signer: Sequence[str | Path], root: Path, artifact: str | Path) -> str | None:
        """Verify a bundle by the protocol of the conformance suite; the reason of a refusal."""
        arguments = ["verify-bundle", "--bundle", bundle, *signer, "--trusted-root", root, artifact]
        done = self._run(arguments, worst=1)
        return None if done.returncode == 0 else done.stderr.strip()

    def digest(self, model: Model, form: Form) -> dict[str, Any]:
        done = self._run(["digest", "--output", "json", *form.options(), model.path])
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def _run(self, arguments: list[str | Path], worst: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [self._binary, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )
        if not 0 <= done.returncode <= worst:
            raise Fault(f"bonafide {arguments[0]} ended with {done.returncode}: {done.stderr.strip()!r}")
        return done


class Reference:
    """The reference tool: its command where that can do it, its API where not."""

    name = "theirs"

    def sign(self, signer: Signer, model: Model, form: Form = WHOLE_FILES) -> None:
        if form == WHOLE_FILES:
            arguments = ["sign", signer.method, *self._options(signer.signing, model), model.path]
            reference.demand(arguments, model.path.parent)
            return
        config = signing.Config().use_elliptic_key_signer(private_key=dict(signer.signing)["--private-key"])
        config.set_hashing_config(form.config(model)).sign(model.path, model.signature)

    def command(self, signer: Signer, model: Model, form: Form = WHOLE_FILES) -> str | None:
        """Verify with the command, which cannot be told the form; the reason of a refusal."""
        arguments = ["verify", signer.method, *self._options(signer.trusting, model), model.path]
        answer = reference.run(arguments, model.path.parent)
        return None if answer.code == 0 else answer.text

    def detecting(self, signer: Signer, model: Model, form: Form) -> str | None:
        """Verify with the API, which takes the form from the bundle."""
        return self._verify(self._verifier(signer), model)

    def told(self, signer: Signer, model: Model, form: Form) -> str | None:
        """Verify with the API, which is told the form."""
        return self._verify(self._verifier(signer).set_hashing_config(form.config(model)), model)

    def digests(self, model: Model, form: Form) -> dict[str, str]:
        """The digest of each resource, as hex."""
        manifest = form.config(model).hash(model.path)
        return {item.identifier: item.digest.digest_hex for item in manifest.resource_descriptors()}

    @staticmethod
    def _verifier(signer: Signer) -> verifying.Config:
        return verifying.Config().use_elliptic_key_verifier(public_key=dict(signer.trusting)["--public-key"])

    @staticmethod
    def _verify(config: verifying.Config, model: Model) -> str | None:
        try:
            config.verify(model.path, model.signature)
        except Exception as error:  # Its refusals and its bugs have no common class.
            return f"{type(error).__name__}: {error}"
        return None

    @staticmethod
    def _options(options: Options, model: Model) -> list[str | Path]:
        """The same options as the reference spells them, with underscores."""
        respelled = tuple(("--" + name[2:].replace("-", "_"), path) for name, path in options)
        return ["--signature", model.signature, *_flat(respelled)]


def _flat(options: Options) -> list[str | Path]:
    return [word for option in options for word in option]
