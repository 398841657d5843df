"""Compare the speed of bonafide with other tools on the same data.

    benchmarks/hashing/run --size-factor 0.05 --runs 3

The tools take turns, round by round, on files that lie in the page cache, so
that whatever slows the machine slows all of them. The report holds ratios;
times belong to one machine and are left out. No figure is a failure: a
command that does not succeed is.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]

KIB = 1 << 10
MIB = 1 << 20

SHARD = 64 * MIB
CORES = len(os.sched_getaffinity(0))
START_RUNS = 50
# Load of the machine: with more other work than this, several jobs lack the cores that they are measured for.
QUIET = 0.5
# How many command lines `xargs` makes of a tree: enough to keep all cores busy to the end.
BATCHES = 20

OURS = "bonafide"
REFERENCE = "model_signing"
# The Debian package of each tool.
PACKAGES = {
    "hyperfine": "hyperfine",
    "openssl": "openssl",
    "sha256sum": "coreutils",
    "b3sum": "b3sum",
    "time": "time",
}
# Times everything, and makes the keys.
NEEDED = {"hyperfine", "openssl"}

WANTED_OF_OPENSSL = "≥ 0.95 (2 cores)"
WANTED_OF_ONE_JOB = "≥ 1.8 (2 cores)"
WANTED_OF_REFERENCE = "≥ 10"
WANTED_START = "< 15 ms"
WANTED_MEMORY = "< 64 MB"

# The command of the reference knows no shards, but its API does, if it is told their size and given a signature that it
# made: it writes the size as a float, which it cannot read back, and spells the name of the digest in its own way.
REFERENCE_SHARDS = """
import sys
from model_signing import hashing, signing, verifying
deed, key, signature, model, size = sys.argv[1:]
shards = hashing.Config().use_shard_serialization(shard_size=int(size))
if deed == "sign":
    signing.Config().use_elliptic_key_signer(private_key=key).set_hashing_config(shards).sign(model, signature)
else:
    verifying.Config().use_elliptic_key_verifier(public_key=key).set_hashing_config(shards).verify(model, signature)
"""


def main() -> int:
    options = arguments()
    absent = absent_tools()
    for reason in absent.values():
        tell(f"missing: {reason}")
    if NEEDED & absent.keys():
        tell(f"error: cannot go on without {' and '.join(sorted(NEEDED & absent.keys()))}")
        return 2
    try:
        report = measured(options, absent)
    except Failure as failure:
        tell(f"error: {failure}")
        return 1
    print(report, end="")
    if options.output is not None:
        options.output.write_text(report, encoding="utf-8")
    return 0


@dataclass(frozen=True)
class Options:
    size_factor: float
    runs: int
    data: Path | None
    output: Path | None
    binary: Path | None


class Failure(Exception):
    """A step without which there is nothing to report."""


@dataclass(frozen=True)
class Candidate:
    """One command, and the tool that it is of."""

    name: str
    command: tuple[str, ...]
    tool: str


@dataclass(frozen=True)
class Comparison:
    """Two commands that do the same work; the ratio wanted, where one is."""

    ours: Candidate
    other: Candidate
    wanted: str = ""


@dataclass(frozen=True)
class Case:
    """What is compared on one set of data."""

    title: str
    data: Path
    comparisons: tuple[Comparison, ...]

    def candidates(self) -> list[Candidate]:
        both = (side for comparison in self.comparisons for side in (comparison.ours, comparison.other))
        return list(dict.fromkeys(both))


@dataclass(frozen=True)
class Run:
    """Seconds that one run took: by the clock, and on the processors."""

    wall: float
    cpu: float


def arguments() -> Options:
    parser = argparse.ArgumentParser(prog="benchmarks/hashing/run", description="Compare bonafide with other tools.")
    parser.add_argument("--size-factor", type=size_factor, default=1.0, metavar="F", help="1 is the full size of 3 GiB")
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="rounds that count [default: 10]")
    parser.add_argument("--data", type=Path, metavar="DIR", help="make the data in this empty directory and leave it")
    parser.add_argument("--output", type=Path, metavar="FILE.md", help="write the report here, too")
    parser.add_argument("--bonafide", type=Path, metavar="PATH", help="measure this binary instead of building one")
    given = parser.parse_args()
    if given.runs < 1:
        parser.error("--runs: at least one")
    if given.bonafide is not None and not given.bonafide.is_file():
        parser.error(f"--bonafide: {given.bonafide} is not a file")
    if given.data is not None and given.data.exists() and any(given.data.iterdir()):
        parser.error(f"--data: {given.data} is not empty")
    return Options(given.size_factor, given.runs, given.data, given.output, given.bonafide)


def size_factor(text: str) -> float:
    factor = float(text)
    if not 0 < factor <= 100:
        raise argparse.ArgumentTypeError("between 0 and 100")
    return factor


def absent_tools() -> dict[str, str]:
    """The tools that are not here, each with a sentence about it."""
    return {
        tool: f"`{tool}` is not installed (Debian: `apt-get install {package}`)"
        for tool, package in PACKAGES.items()
        if shutil.which(tool) is None
    }


def measured(options: Options, absent: dict[str, str]) -> str:
    """Run everything and write the report; learns what else is absent on the way."""
    # Settings of the caller must not change what is measured.
    for name in [name for name in os.environ if name.startswith("BONAFIDE_")]:
        del os.environ[name]
    load = os.getloadavg()[0]
    binary = options.binary.resolve() if options.binary is not None else build()
    with workplace(options.data) as (work, data):
        reference = Reference(work / "venv")
        try:
            reference.install()
        except Failure as failure:
            absent[REFERENCE] = f"`{REFERENCE}`: {failure}"
            tell(f"missing: {absent[REFERENCE]}")
        ours = Bonafide.with_new_key(binary, work)
        cases = all_cases(ours, reference, data, options.size_factor, absent)
        os.sync()

        ratios: list[str] = []
        memory: list[str] = []
        for case in cases:
            runs = take_turns(case, options.runs, absent, work)
            ratios += [ratio_row(case, comparison, runs, absent) for comparison in case.comparisons]
            memory.append(memory_row(case, absent, work))
        start = start_row(binary, work)
        versions = peer_versions(reference, absent)
    return render(options, ours, load, versions, ratios, [start, *memory])


@contextmanager
def workplace(data: Path | None) -> Iterator[tuple[Path, Path]]:
    """A directory for keys and the like, which goes away, and one for the data, which stays if it was asked for."""
    with tempfile.TemporaryDirectory(prefix="bonafide-benchmark-") as name:
        work = Path(name)
        place = work / "data" if data is None else data.resolve()
        place.mkdir(parents=True, exist_ok=True)
        yield work, place


def build() -> Path:
    tell("cargo build --release")
    command = ["cargo", "build", "--release", "--message-format=json-render-diagnostics"]
    messages = succeed(command, cwd=REPOSITORY, show_errors=True).splitlines()
    for message in map(json.loads, messages):
        if message.get("executable") and message["target"]["name"] == OURS:
            return Path(message["executable"])
    raise Failure(f"cargo built no {OURS}")


# What is compared.


@dataclass(frozen=True)
class Bonafide:
    binary: Path
    private_key: Path
    public_key: Path

    @classmethod
    def with_new_key(cls, binary: Path, work: Path) -> Bonafide:
        private, public = work / "private.pem", work / "public.pem"
        curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        succeed(["openssl", "genpkey", *curve, "-out", str(private)])
        succeed(["openssl", "pkey", "-in", str(private), "-pubout", "-out", str(public)])
        return cls(binary, private, public)

    def sign(self, model: Path, signature: Path, *options: str) -> None:
        key = ["--private-key", str(self.private_key), "--signature", str(signature)]
        succeed([str(self.binary), "sign", "key", *key, *options, str(model)])

    def digest(self, target: Path, jobs: int, *options: str) -> Candidate:
        name = " ".join((OURS, "digest", *options, f"--jobs {jobs}"))
        return Candidate(name, (str(self.binary), "digest", "--jobs", str(jobs), *options, str(target)), OURS)

    def verify(self, model: Path, signature: Path) -> Candidate:
        evidence = ("--key", str(self.public_key), "--signature", str(signature))
        command = (str(self.binary), "verify", "--jobs", str(CORES), *evidence, str(model))
        return Candidate(f"{OURS} verify --jobs {CORES}", command, OURS)

    def version(self) -> str:
        return succeed([str(self.binary), "--version"]).strip()


@dataclass(frozen=True)
class Reference:
    """The reference tool of OMS, in an environment of its own."""

    environment: Path

    def install(self) -> None:
        tell(f"installing {REFERENCE}")
        try:
            succeed([sys.executable, "-m", "venv", str(self.environment)])
        except Failure as failure:
            raise Failure("no virtual environment (Debian: `apt-get install python3-venv`)") from failure
        pip = [self._program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        succeed([*pip, "--requirement", str(HERE / "requirements.txt")])

    def verify(self, model: Path, signature: Path, public_key: Path) -> Candidate:
        evidence = ("--public_key", str(public_key), "--signature", str(signature))
        command = (self._program(REFERENCE), "verify", "key", *evidence, str(model))
        return Candidate(f"{REFERENCE} verify key", command, REFERENCE)

    def sign_shards(self, model: Path, signature: Path, private_key: Path) -> None:
        succeed(self._shards("sign", private_key, signature, model))

    def verify_shards(self, model: Path, signature: Path, public_key: Path) -> Candidate:
        command = self._shards("verify", public_key, signature, model)
        return Candidate(f"{REFERENCE}, verifying by its API", command, REFERENCE)

    def _shards(self, deed: str, key: Path, signature: Path, model: Path) -> tuple[str, ...]:
        arguments = (deed, str(key), str(signature), str(model), str(SHARD))
        return (self._program("python"), "-c", REFERENCE_SHARDS, *arguments)

    def version(self) -> str:
        return succeed([self._program(REFERENCE), "--version"]).strip()

    def _program(self, name: str) -> str:
        return str(self.environment / "bin" / name)


def all_cases(ours: Bonafide, reference: Reference, data: Path, factor: float, absent: Mapping[str, str]) -> list[Case]:
    """Make the data and sign it; the signatures lie beside the models, so that all tools hash the same files."""
    mebibytes = max(1, round(2048 * factor))
    need = mebibytes * MIB + round((1_000 * MIB + 20_000 * 4 * KIB) * factor)
    if shutil.disk_usage(data).free < need * 1.1:
        raise Failure(f"no room for {need // MIB} MiB of data; name another place with --data")
    tell(f"making {need // MIB} MiB of data")
    one = Tree(data / "one", folders=1, files=1, size=mebibytes * MIB)
    many = Tree(data / "many", folders=10, files=max(1, round(100 * factor)), size=MIB)
    tiny = Tree(data / "tiny", folders=100, files=max(1, round(200 * factor)), size=4 * KIB)
    for tree in (one, many, tiny):
        tree.make()
        ours.sign(tree.root, tree.signature)
    return [
        one_file(ours, reference, one),
        tree_of_files(ours, reference, many),
        tree_of_files(ours, reference, tiny, WANTED_OF_REFERENCE),
        shards(ours, reference, one, absent),
    ]


@dataclass(frozen=True)
class Tree:
    """Files of random bytes, all of one size, evenly in folders."""

    root: Path
    folders: int
    files: int
    size: int

    @property
    def signature(self) -> Path:
        return self.root.with_suffix(".sig")

    def __str__(self) -> str:
        count = self.folders * self.files
        return f"{count:,} × {binary_size(self.size)}" if count > 1 else f"one file of {binary_size(self.size)}"

    def paths(self) -> list[Path]:
        folders = (self.root / f"folder-{folder:03}" for folder in range(self.folders))
        return [folder / f"file-{file:03}.bin" for folder in folders for file in range(self.files)]

    def make(self) -> None:
        for path in self.paths():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                for start in range(0, self.size, MIB):
                    file.write(os.urandom(min(MIB, self.size - start)))


def one_file(ours: Bonafide, reference: Reference, tree: Tree) -> Case:
    (path,) = tree.paths()
    openssl = Candidate("openssl dgst -sha256", ("openssl", "dgst", "-sha256", str(path)), "openssl")
    sha256sum = Candidate("sha256sum", ("sha256sum", str(path)), "sha256sum")
    # On all cores, also inside one file.
    b3sum = Candidate("b3sum", ("b3sum", str(path)), "b3sum")
    b3sum_alone = Candidate("b3sum --num-threads 1", ("b3sum", "--num-threads", "1", str(path)), "b3sum")
    one, two = ours.digest(path, 1), ours.digest(path, 2)
    blake3_one, blake3_two = ours.digest(path, 1, "--hash", "blake3"), ours.digest(path, 2, "--hash", "blake3")
    return Case(
        str(tree),
        tree.root,
        (
            Comparison(two, openssl, WANTED_OF_OPENSSL),
            Comparison(one, openssl),
            Comparison(two, sha256sum),
            Comparison(two, one),
            Comparison(blake3_two, b3sum),
            Comparison(blake3_one, b3sum_alone),
            verification(ours, reference, tree),
        ),
    )


def tree_of_files(ours: Bonafide, reference: Reference, tree: Tree, wanted_of_reference: str = "") -> Case:
    one, all_cores = ours.digest(tree.root, 1), ours.digest(tree.root, CORES)
    return Case(
        str(tree),
        tree.root,
        (
            Comparison(all_cores, one, WANTED_OF_ONE_JOB),
            Comparison(all_cores, xargs(tree, "sha256sum")),
            Comparison(all_cores, xargs(tree, "openssl", "dgst", "-sha256")),
            verification(ours, reference, tree, wanted_of_reference),
        ),
    )


def shards(ours: Bonafide, reference: Reference, tree: Tree, absent: Mapping[str, str]) -> Case:
    size = ("--shard-size", f"{SHARD // MIB}MiB")
    signature = tree.root.with_suffix(".shards.sig")
    ours.sign(tree.root, signature, *size)
    their_signature = tree.root.with_suffix(".reference.sig")
    if REFERENCE not in absent:
        reference.sign_shards(tree.root, their_signature, ours.private_key)
    one, all_cores = ours.digest(tree.root, 1, *size), ours.digest(tree.root, CORES, *size)
    return Case(
        f"shards of {binary_size(SHARD)}, {tree}",
        tree.root,
        (
            Comparison(all_cores, one, WANTED_OF_ONE_JOB),
            Comparison(
                ours.verify(tree.root, signature),
                reference.verify_shards(tree.root, their_signature, ours.public_key),
            ),
        ),
    )


def verification(ours: Bonafide, reference: Reference, tree: Tree, wanted: str = "") -> Comparison:
    theirs = reference.verify(tree.root, tree.signature, ours.public_key)
    return Comparison(ours.verify(tree.root, tree.signature), theirs, wanted)


def xargs(tree: Tree, *command: str) -> Candidate:
    batch = math.ceil(tree.folders * tree.files / BATCHES)
    line = f'find "$1" -type f -print0 | xargs -0 -P{CORES} -n{batch} {shlex.join(command)}'
    name = f"find | xargs -P{CORES} {' '.join(command)}"
    return Candidate(name, ("sh", "-c", line, "sh", str(tree.root)), command[0])


# How it is measured.


def take_turns(case: Case, rounds: int, absent: dict[str, str], work: Path) -> dict[Candidate, list[Run]]:
    """The runs of each candidate, round by round; one that is absent has none."""
    read_once(case.data)
    ready = [candidate for candidate in case.candidates() if candidate.tool not in absent]
    runs: dict[Candidate, list[Run]] = {}
    for candidate in ready:
        try:
            # Not counted: it warms up what the candidate itself consists of.
            succeed(candidate.command)
            runs[candidate] = []
        except Failure as failure:
            if candidate.tool == OURS:
                raise
            tell(f"left out: {failure}")
            absent[candidate.name] = str(failure)
    order = list(runs)
    for number in range(1, rounds + 1):
        tell(f"{case.title}: round {number} of {rounds}")
        for candidate, run in zip(order, hyperfine(order, ["--runs=1"], work), strict=True):
            runs[candidate] += run
        # So that none always follows the same one, nor always comes first.
        order = [*order[1:], order[0]] if number % 2 else order[::-1]
    return runs


def read_once(root: Path) -> None:
    """Bring the files into the page cache."""
    for path in root.rglob("*.bin"):
        with path.open("rb", buffering=0) as file:
            while file.read(MIB):
                pass


def hyperfine(candidates: Sequence[Candidate], options: Sequence[str], work: Path) -> list[list[Run]]:
    """The runs of each candidate; every command must exit with 0."""
    export = work / "hyperfine.json"
    commands = [shlex.join(candidate.command) for candidate in candidates]
    succeed(["hyperfine", "--shell=none", "--style=none", *options, f"--export-json={export}", *commands])
    results = json.loads(export.read_bytes())["results"]
    # It gives processor time as a mean over the runs.
    return [[Run(wall, result["user"] + result["system"]) for wall in result["times"]] for result in results]


def memory_row(case: Case, absent: Mapping[str, str], work: Path) -> str:
    """Of our commands in this case, the one that needs most."""
    subject = f"peak memory, {case.title}"
    if "time" in absent:
        return row(subject, f"left out: {absent['time']}", WANTED_MEMORY)
    ours = [candidate for candidate in case.candidates() if candidate.tool == OURS]
    peak, name = max((peak_memory(candidate, work), candidate.name) for candidate in ours)
    return row(subject, f"{peak / 1e6:.0f} MB (`{name}`)", WANTED_MEMORY)


def peak_memory(candidate: Candidate, work: Path) -> int:
    """In bytes. What a child of this process is charged includes this process as it was forked; `time` is small."""
    kibibytes = work / "peak"
    succeed(["time", "--format=%M", f"--output={kibibytes}", *candidate.command])
    return int(kibibytes.read_text()) * KIB


def start_row(binary: Path, work: Path) -> str:
    version = Candidate("bonafide --version", (str(binary), "--version"), OURS)
    (runs,) = hyperfine([version], ["--warmup=3", f"--runs={START_RUNS}"], work)
    milliseconds = median(run.wall for run in runs) * 1e3
    return row(f"start-up, `{version.name}`", f"{milliseconds:.1f} ms", WANTED_START)


# How it is told.


def ratio_row(
    case: Case, comparison: Comparison, runs: Mapping[Candidate, Sequence[Run]], absent: Mapping[str, str]
) -> str:
    ours, other = comparison.ours, comparison.other
    names = case.title, f"`{ours.name}`", f"`{other.name}`"
    if other not in runs:
        return row(*names, f"left out: {absent.get(other.tool) or absent[other.name]}", "", comparison.wanted)
    pairs = list(zip(runs[ours], runs[other], strict=True))
    wall = [theirs.wall / mine.wall for mine, theirs in pairs]
    cpu = [theirs.cpu / mine.cpu for mine, theirs in pairs]
    return row(
        *names, f"{median(wall):.2f} ({min(wall):.2f} to {max(wall):.2f})", f"{median(cpu):.2f}", comparison.wanted
    )


def render(
    options: Options,
    ours: Bonafide,
    load: float,
    versions: Sequence[str],
    ratios: Sequence[str],
    figures: Sequence[str],
) -> str:
    small = "" if options.size_factor >= 1 else " At a factor below 1 start-up weighs more than it does at full size."
    busy = "" if load <= QUIET else " **Other work took cores: the ratios of several jobs are too low.**"
    lines = [
        "# How fast bonafide is",
        "",
        f"Size factor {options.size_factor:g}, rounds: {options.runs}.{small}",
        "Rate of the first command as a multiple of the other's, on the same files: 2.00 is twice as fast.",
        "Median of the ratios within each round (least to greatest); by processor time, of the work that both spend.",
        "",
        row("data", "rate of", "against", "ratio", "by processor time", "wanted"),
        row("---", "---", "---", "---", "---", "---"),
        *ratios,
        "",
        row("figure", "measured", "wanted"),
        row("---", "---", "---"),
        *figures,
        "",
        f"Machine: cores: {CORES}, `sha_ni`: {'yes' if has_sha_ni() else 'no'}, load before the run: {load:.1f}.{busy}",
        f"Versions: {'; '.join([ours.version(), *versions])}.",
    ]
    return "".join(f"{line}\n" for line in lines)


def row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def peer_versions(reference: Reference, absent: Mapping[str, str]) -> list[str]:
    asked = {"openssl": "version", "sha256sum": "--version", "b3sum": "--version", "hyperfine": "--version"}
    versions = [first_line(succeed([tool, how])) for tool, how in asked.items() if tool not in absent]
    return versions if REFERENCE in absent else [*versions, reference.version()]


def has_sha_ni() -> bool:
    return "sha_ni" in Path("/proc/cpuinfo").read_text(encoding="utf-8").split()


def binary_size(size: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (MIB, "MiB")):
        if size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size // KIB} KiB"


def succeed(command: Sequence[str], cwd: Path | None = None, *, show_errors: bool = False) -> str:
    """Run it and insist on success; what it printed."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=None if show_errors else subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Failure(f"{Path(command[0]).name}: {error.strerror}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        word = textwrap.shorten(said[-1], 160) if said else "no word"
        raise Failure(f"{Path(command[0]).name} ended with {done.returncode}: {word}")
    return done.stdout


def first_line(text: str) -> str:
    return text.partition("\n")[0]


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
