"""Measure what `bonafide bom validate` takes for a large document, next to `cyclonedx-python-lib`.

    benchmarks/boms/run --output target/boms.md

The document is made from a seed, so every machine measures the same bytes. Processor time and memory are those of the
whole command, as the kernel counts them. What the project demands is a limit here: the script ends with 1 if it is
passed, or if the command does not find the document valid. The peer checks a smaller document, which bonafide
checks too; no ratio is a failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import document

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PEER = HERE / "strict_validator.py"

OURS, THEIRS = "bonafide", "cyclonedx-python-lib"
MOST_SECONDS = 2.0
MOST_MEGABYTES = 600


class Failure(Exception):
    """A step without which there is nothing to report."""


@dataclass(frozen=True)
class Options:
    components: int
    peer_components: int
    runs: int
    output: Path | None
    bonafide: Path | None
    python: Path | None


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    seconds: float
    megabytes: float


def main() -> int:
    options = arguments()
    try:
        report, within = measured(options)
    except Failure as failure:
        tell(f"error: {failure}")
        return 1
    print(report, end="")
    if options.output is not None:
        options.output.write_text(report, encoding="utf-8")
    return 0 if within else 1


def arguments() -> Options:
    parser = argparse.ArgumentParser(prog="benchmarks/boms/run", description="Check a large bill of materials.")
    number = {"type": int, "metavar": "N"}
    parser.add_argument("--components", default=50_000, help="components of the document [default: 50000]", **number)
    parser.add_argument(
        "--peer-components",
        default=2_000,
        help=f"components of the document for {THEIRS}, 0 to leave it out [default: 2000, some minutes]",
        **number,
    )
    parser.add_argument("--runs", default=5, help="runs, of which the cheapest counts [default: 5]", **number)
    parser.add_argument("--output", type=Path, metavar="FILE.md", help="write the report here, too")
    parser.add_argument("--bonafide", type=Path, metavar="PATH", help="this `bonafide` instead of building it")
    parser.add_argument("--python", type=Path, metavar="PATH", help=f"this Python, which has {THEIRS} installed")
    given = parser.parse_args()
    for name, least in (("components", 1), ("peer_components", 0), ("runs", 1)):
        if getattr(given, name) < least:
            parser.error(f"--{name.replace('_', '-')}: at least {least}")
    return Options(
        given.components, given.peer_components, given.runs, given.output, given.bonafide, given.python
    )


def measured(options: Options) -> tuple[str, bool]:
    bonafide = (options.bonafide or built()).resolve()
    with tempfile.TemporaryDirectory(prefix="bonafide-benchmark-") as work:
        large = Path(work) / "large.cdx.json"
        size = document.write(large, options.components)
        tell(f"{options.components} components, {size / 1e6:.1f} MB")
        ours = cheapest(options.runs, validate(bonafide, large))
        within = ours.seconds < MOST_SECONDS and ours.megabytes < MOST_MEGABYTES
        lines = [
            "# What checking a large bill of materials takes",
            "",
            f"CycloneDX 1.6, JSON, {options.components} components, {size / 1e6:.1f} MB; the cheapest of {options.runs} runs.",
            "",
            "| | taken | demanded |",
            "|---|---|---|",
            f"| processor time | {ours.seconds:.2f} s | below {MOST_SECONDS:.0f} s |",
            f"| memory at its peak | {ours.megabytes:.0f} MB | below {MOST_MEGABYTES} MB |",
            "",
        ]
        if options.peer_components:
            lines += peer(options, bonafide, Path(work))
    if not within:
        lines.append("**More than is demanded.**")
    return "".join(f"{line}\n" for line in lines), within


def peer(options: Options, bonafide: Path, work: Path) -> list[str]:
    """Both with the same smaller document."""
    python = options.python or installed(work / "venv")
    small = work / "small.cdx.json"
    size = document.write(small, options.peer_components)
    ours = cheapest(options.runs, validate(bonafide, small))
    tell(f"{THEIRS}: {options.peer_components} components")
    theirs = cost([str(python), "-B", str(PEER), str(small)])
    version = cost_free([str(python), "-c", "from importlib.metadata import version; print(version('cyclonedx-python-lib'))"])
    # The kernel counts in steps; less than one is not nothing.
    ratio = theirs.seconds / max(ours.seconds, 0.001)
    return [
        f"The same with {options.peer_components} components ({size / 1e6:.1f} MB), next to {THEIRS} {version.strip()}"
        " (`JsonStrictValidator`, one run), start-up included:",
        "",
        "| | processor time | memory at its peak |",
        "|---|---|---|",
        f"| {OURS} | {ours.seconds:.3f} s | {ours.megabytes:.0f} MB |",
        f"| {THEIRS} | {theirs.seconds:.1f} s | {theirs.megabytes:.0f} MB |",
        "",
        f"{THEIRS} takes {ratio:.0f} times the processor time of {OURS}, and does less: {OURS} looks for contradictions too.",
    ]


def validate(bonafide: Path, path: Path) -> list[str]:
    return [str(bonafide), "bom", "validate", str(path)]


def cheapest(runs: int, command: Sequence[str]) -> Cost:
    """Other work on the machine makes a run dearer, nothing makes it cheaper."""
    costs = [cost(command) for _ in range(runs)]
    return Cost(min(one.seconds for one in costs), min(one.megabytes for one in costs))


def cost(command: Sequence[str]) -> Cost:
    """Runs it, insists on success, and says what the kernel counted."""
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(command, stdout=said, stderr=said)
        except OSError as error:
            raise Failure(f"{Path(command[0]).name}: {error.strerror}") from error
        # `subprocess` itself does not tell the resources of one child.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            words = said.read(400).decode(errors="replace").strip()
            raise Failure(f"{Path(command[0]).name} ended with {process.returncode}: {words or 'no word'}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)


def cost_free(command: Sequence[str]) -> str:
    """What it prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Failure(f"{Path(command[0]).name} ended with {done.returncode}: {' '.join(last)[:160] or 'no word'}")
    return done.stdout


def installed(environment: Path) -> Path:
    """A Python with the peer."""
    tell(f"installing {THEIRS}")
    try:
        cost_free([sys.executable, "-m", "venv", str(environment)])
    except Failure as failure:
        raise Failure("no virtual environment (Debian: `apt-get install python3-venv`)") from failure
    python = environment / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    cost_free([*pip, "--requirement", str(HERE / "requirements.txt")])
    return python


def built() -> Path:
    tell("cargo build --release --package bonafide-cli")
    try:
        done = subprocess.run(["cargo", "build", "--release", "--package", "bonafide-cli"], cwd=REPOSITORY, check=False)
    except OSError as error:
        raise Failure(f"cargo: {error.strerror}") from error
    if done.returncode != 0:
        raise Failure("bonafide could not be built")
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    return REPOSITORY / target / "release" / "bonafide"


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
