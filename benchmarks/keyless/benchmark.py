"""Compare how many keyless bundles a second bonafide and sigstore-python verify, each in one process on one core.

    benchmarks/keyless/run --loops 20

Both read the same files first, build their verifier once, and then verify all bundles of `fixtures/sigstore` that
both can, `--loops` times. They take turns, round by round, so that whatever slows the machine slows both. The side
of bonafide is the example `keyless_rate` of `bonafide-attest`; both sides are called as `PROGRAM FIXTURES LOOPS`
and print `{"bundles": N, "seconds": S}`. No figure is a failure: a command that does not succeed is.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
FIXTURES = REPOSITORY / "fixtures"

CRATE, EXAMPLE = "bonafide-attest", "keyless_rate"
SOURCE = REPOSITORY / "crates" / CRATE / "examples" / f"{EXAMPLE}.rs"
RATE = HERE / "sigstore_rate.py"

OURS, THEIRS = "bonafide", "sigstore-python"


class Failure(Exception):
    """A step without which there is nothing to report."""


@dataclass(frozen=True)
class Options:
    loops: int
    rounds: int
    output: Path | None
    program: Path | None
    python: Path | None


@dataclass(frozen=True)
class Side:
    """A program that verifies bundles, and what it is called."""

    name: str
    command: tuple[str, ...]

    def rate(self, loops: int) -> float:
        """Bundles per second."""
        answer = json.loads(succeed([*self.command, str(FIXTURES), str(loops)]))
        return float(answer["bundles"]) / float(answer["seconds"])


def main() -> int:
    options = arguments()
    try:
        report = measured(options)
    except Failure as failure:
        tell(f"error: {failure}")
        return 1
    print(report, end="")
    if options.output is not None:
        options.output.write_text(report, encoding="utf-8")
    return 0


def arguments() -> Options:
    parser = argparse.ArgumentParser(prog="benchmarks/keyless/run", description="Compare with sigstore-python.")
    parser.add_argument("--loops", type=int, default=200, metavar="N", help="how often per round [default: 200]")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="rounds that count [default: 3]")
    parser.add_argument("--output", type=Path, metavar="FILE.md", help="write the report here, too")
    parser.add_argument("--program", type=Path, metavar="PATH", help=f"this `{EXAMPLE}` instead of building it")
    parser.add_argument("--python", type=Path, metavar="PATH", help="this Python, which has sigstore installed")
    given = parser.parse_args()
    for name in ("loops", "runs"):
        if getattr(given, name) < 1:
            parser.error(f"--{name}: at least one")
    return Options(given.loops, given.runs, given.output, given.program, given.python)


def measured(options: Options) -> str:
    with tempfile.TemporaryDirectory(prefix="bonafide-benchmark-") as work:
        python = options.python or installed(Path(work) / "venv")
        sides = [Side(THEIRS, (str(python), str(RATE)))]
        if (program := options.program or built()) is not None:
            sides.insert(0, Side(OURS, (str(program.resolve()),)))
        # Inherited by both.
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        rates = take_turns(sides, options)
        version = succeed([str(python), "-c", "import sigstore; print(sigstore.__version__)"]).strip()
    return render(rates, options, version)


def installed(environment: Path) -> Path:
    """A Python with sigstore-python."""
    tell(f"installing {THEIRS}")
    try:
        succeed([sys.executable, "-m", "venv", str(environment)])
    except Failure as failure:
        raise Failure("no virtual environment (Debian: `apt-get install python3-venv`)") from failure
    python = environment / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    succeed([*pip, "--requirement", str(HERE / "requirements.txt")])
    return python


def built() -> Path | None:
    if not SOURCE.is_file():
        tell(f"missing: {SOURCE.relative_to(REPOSITORY)}")
        return None
    tell(f"cargo build --release --package {CRATE} --example {EXAMPLE}")
    messages = succeed(
        [
            *("cargo", "build", "--release", "--package", CRATE, "--example", EXAMPLE),
            "--message-format=json-render-diagnostics",
        ],
        show_errors=True,
    )
    for message in map(json.loads, messages.splitlines()):
        if message.get("executable") and message["target"]["name"] == EXAMPLE:
            return Path(message["executable"])
    raise Failure(f"cargo built no {EXAMPLE}")


def take_turns(sides: Sequence[Side], options: Options) -> dict[str, list[float]]:
    """The rates of each side, round by round."""
    rates: dict[str, list[float]] = {side.name: [] for side in sides}
    for side in sides:
        # Not counted: it warms up what the side itself consists of.
        side.rate(1)
    for number in range(1, options.rounds + 1):
        tell(f"round {number} of {options.rounds}")
        for side in sides if number % 2 else reversed(sides):
            rates[side.name].append(side.rate(options.loops))
    return rates


def render(rates: dict[str, list[float]], options: Options, version: str) -> str:
    rows = [f"| {name} | {median(found):.0f} | {min(found):.0f} to {max(found):.0f} |" for name, found in rates.items()]
    ratio = f"left out: there is no `{SOURCE.relative_to(REPOSITORY)}`"
    if OURS in rates:
        ratios = [mine / theirs for mine, theirs in zip(rates[OURS], rates[THEIRS], strict=True)]
        ratio = f"{median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
    lines = [
        "# How fast keyless bundles are verified",
        "",
        f"Loops over all bundles: {options.loops}, rounds: {options.rounds}; one process on one core.",
        "",
        "| verifier | bundles per second | least to greatest |",
        "|---|---|---|",
        *rows,
        "",
        f"Rate of {OURS} as a multiple of that of {THEIRS} {version}: {ratio}.",
    ]
    return "".join(f"{line}\n" for line in lines)


def succeed(command: Sequence[str], *, show_errors: bool = False) -> str:
    """Run it and insist on success; what it printed."""
    try:
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
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
        raise Failure(f"{Path(command[0]).name} ended with {done.returncode}: {said[-1][:160] if said else 'no word'}")
    return done.stdout


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
