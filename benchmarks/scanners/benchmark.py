"""Compare what bonafide, picklescan, modelscan, fickling and modelaudit find in model files, and what they take for harmful that is not.

    benchmarks/scanners/run --output target/scanners.md

Each scanner runs at its default settings over the same artifacts, in a process of its own that is ended when it takes too long.
What was found is kept below the work folder by scanner and content, so that a second run only does what has changed.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cases import Case, downloaded, estimators, fixtures, made, vectors
from corpus import BENIGN, MALFORMED, MALICIOUS
from speed import measured as speed

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
OURS = "bonafide"
THEIRS = ("picklescan", "modelscan", "fickling", "modelaudit")
# Fickling reads pickles, and what they are packed into; of anything else it says that it is no pickle.
PICKLES = ("pickle", "PyTorch", "zip structure", "wrappers", "joblib", "tests of picklescan", "globals", "real: pickles", "written: pkl", "written: joblib")
SLOW = 30.0


class Failure(Exception):
    """A step without which there is nothing to report."""


@dataclass(frozen=True)
class Options:
    work: Path
    output: Path | None
    inspect: Path | None
    binary: Path | None
    scanners: tuple[str, ...]
    is_speed_wanted: bool
    are_models_wanted: bool
    is_asking: bool


def main() -> int:
    options = arguments()
    try:
        report = compared(options)
    except (Failure, subprocess.CalledProcessError) as failure:
        tell(f"error: {failure}")
        return 1
    print(report, end="")
    if options.output is not None:
        options.output.write_text(report, encoding="utf-8")
    return 0


def arguments() -> Options:
    parser = argparse.ArgumentParser(prog="benchmarks/scanners/run", description="Compare with other scanners of model files.")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "target" / "scanners", metavar="DIR", help="models, environment, verdicts [default: target/scanners]")
    parser.add_argument("--output", type=Path, metavar="FILE.md", help="write the report here, too")
    parser.add_argument("--inspect", type=Path, metavar="PATH", help="this example `inspect` of bonafide-format instead of building it")
    parser.add_argument("--bonafide", type=Path, metavar="PATH", help="this bonafide for the times instead of building it")
    parser.add_argument("--scanner", action="append", choices=(OURS, *THEIRS), help="only this one (may be given several times)")
    parser.add_argument("--speed", action="store_true", help="measure times and memory, too")
    parser.add_argument("--no-models", action="store_true", help="leave out the real models, which have to be downloaded")
    parser.add_argument("--known", action="store_true", help="take only what the other scanners have said in runs before, and ask none")
    given = parser.parse_args()
    return Options(given.work, given.output, given.inspect, given.bonafide, tuple(given.scanner or (OURS, *THEIRS)), given.speed, not given.no_models, not given.known)


def compared(options: Options) -> str:
    options.work.mkdir(parents=True, exist_ok=True)
    python = environment(options.work / "venv", HERE / "requirements.txt")
    found = cases(options, python)
    tell(f"{len(found)} artifacts")
    verdicts = {}
    for scanner in options.scanners:
        command = [str(options.inspect or built()), "-"] if scanner == OURS else [str(python), "-B", str(HERE / "worker.py"), scanner]
        wanted = [case for case in found if scanner != "fickling" or case.family.removeprefix("fixtures: ").startswith(PICKLES)]
        memory = options.work / f"{scanner}.jsonl" if scanner != OURS else None
        verdicts[scanner] = judged(scanner, command, wanted, memory, is_asking=options.is_asking or scanner == OURS)
    write_table(options.work / "verdicts.jsonl", found, verdicts)
    report = render(found, verdicts, versions(python, options.scanners))
    if options.is_speed_wanted:
        report += speed(options.work / "speed", python, options.binary or REPOSITORY / "target" / "release" / "bonafide", options.scanners)
    return report


def environment(folder: Path, requirements: Path) -> Path:
    """A Python that has what the file says."""
    python = folder / "bin" / "python"
    if not python.exists():
        tell(f"installing {requirements.name}")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(requirements)], check=True)
    return python


def versions(python: Path, scanners: Iterable[str]) -> str:
    theirs = [scanner for scanner in scanners if scanner != OURS]
    code = "import importlib.metadata as m, sys; print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
    return subprocess.run([str(python), "-c", code, *theirs], check=True, capture_output=True, text=True).stdout.strip()


def cases(options: Options, python: Path) -> list[Case]:
    found = made(options.work / "made", python, HERE)
    found += fixtures(REPOSITORY / "fixtures" / "models")
    folder = os.environ.get("BONAFIDE_VECTORS")
    if folder is not None and (Path(folder) / "picklescan").is_dir():
        found += vectors(Path(folder))
    else:
        tell("left out: the test files of picklescan (set BONAFIDE_VECTORS)")
    if options.are_models_wanted:
        found += downloaded(options.work / "models", python, HERE / "models.txt")
        found += estimators(options.work / "estimators", environment(options.work / "venv-estimators", HERE / "estimators.txt"), HERE)
    return found


def built() -> Path:
    tell("cargo build --release --package bonafide-format --example inspect")
    command = ["cargo", "build", "--release", "--package", "bonafide-format", "--example", "inspect", "--message-format=json-render-diagnostics"]
    messages = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY).stdout
    for message in map(json.loads, messages.splitlines()):
        if message.get("executable") and message["target"]["name"] == "inspect":
            return Path(message["executable"])
    raise Failure("cargo built no inspect")


class Worker:
    """A process that answers one line for each path; it is started anew when it took too long."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.process: subprocess.Popen[str] | None = None
        self.answers: queue.Queue[str | None] = queue.Queue()

    def start(self) -> None:
        settings = {**os.environ, "PROMPTFOO_DISABLE_TELEMETRY": "1", "NO_ANALYTICS": "1"}
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=settings)
        self.answers = queue.Queue()

        def read(process: subprocess.Popen[str], answers: queue.Queue[str | None]) -> None:
            assert process.stdout is not None
            for line in process.stdout:
                answers.put(line)
            answers.put(None)

        threading.Thread(target=read, args=(self.process, self.answers), daemon=True).start()
        if self.command[-1] != "-" and self.answers.get(timeout=300) is None:
            raise Failure(f"{self.command[-1]} does not start")

    def ask(self, path: Path) -> dict[str, object]:
        if self.process is None:
            self.start()
        assert self.process is not None and self.process.stdin is not None
        try:
            self.process.stdin.write(f"{path}\n")
            self.process.stdin.flush()
            line = self.answers.get(timeout=SLOW)
        except (queue.Empty, BrokenPipeError):
            line = None
        if line is None:
            self.stop()
            return {"verdict": "incomplete", "detail": f"no answer within {SLOW:.0f} s", "seconds": SLOW}
        return json.loads(line)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def judged(scanner: str, command: list[str], found: list[Case], memory: Path | None, *, is_asking: bool) -> dict[Path, dict[str, object]]:
    """What a scanner says of each artifact."""
    known: dict[str, dict[str, object]] = {}
    if memory is not None and memory.is_file():
        known = {entry["key"]: entry for entry in map(json.loads, memory.read_text(encoding="utf-8").splitlines())}
    worker, results = Worker(command), {}
    for number, case in enumerate(found):
        if number % 200 == 0:
            tell(f"{scanner}: {number} of {len(found)}")
        key = identity(case.path) if memory is not None else ""
        if key not in known and not is_asking:
            known[key] = {"key": key, "verdict": "unasked", "detail": ""}
        elif key not in known or memory is None:
            answer = worker.ask(case.path)
            known[key] = {"key": key, "verdict": verdict(answer), "seconds": answer.get("seconds"), "detail": answer.get("detail", rules(answer))}
            if memory is not None:
                with memory.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(known[key]) + "\n")
        results[case.path] = known[key]
    worker.stop()
    return results


def identity(path: Path) -> str:
    """Of the names and the bytes."""
    digest = hashlib.sha256(path.name.encode())
    for file in [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file()):
        with file.open("rb") as content:
            digest.update(str(file.relative_to(path)).encode() + b"\0" + hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:32]


def verdict(answer: dict[str, object]) -> str:
    """One word: of bonafide, it follows from the heaviest finding and from what was read."""
    if "weight" not in answer:
        return str(answer.get("verdict", "incomplete"))
    if answer["weight"] == "deny":
        return "flagged"
    if answer["weight"] == "review":
        return "review"
    return "clean" if answer["coverage"] in ("scanned", "identified") else "incomplete"


def rules(answer: dict[str, object]) -> str:
    findings = answer.get("findings")
    return ", ".join(sorted({finding["rule"] for finding in findings})) if isinstance(findings, list) else ""


def write_table(path: Path, found: list[Case], verdicts: dict[str, dict[Path, dict[str, object]]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for case in found:
            said = {scanner: {key: results[case.path][key] for key in ("verdict", "detail")} for scanner, results in verdicts.items() if case.path in results}
            lines.write(json.dumps({"path": str(case.path), "source": case.source, "family": case.family, "label": case.label, **said}) + "\n")


Count = collections.Counter[str]


def render(found: list[Case], verdicts: dict[str, dict[Path, dict[str, object]]], tools: str) -> str:
    """The tables."""
    counts: dict[tuple[str, str, str], Count] = collections.defaultdict(collections.Counter)
    for scanner, results in verdicts.items():
        for case in found:
            said = str(results[case.path]["verdict"]) if case.path in results else "unread"
            for group in (case.family, case.source, "all"):
                counts[scanner, group, case.label][said] += 1
    numbers = collections.Counter((group, case.label) for case in found for group in (case.family, case.source, "all"))
    report = f"# Scanners of model files\n\nWith {tools}.\n"
    scanners = list(verdicts)

    # Fixtures and vectors are one line each: the fixtures are what bonafide is tested with.
    def table(label: str, title: str, cell: Callable[[Count], str]) -> str:
        groups = list(dict.fromkeys(case.family for case in found if numbers[case.family, label] and not case.family.startswith(("fixtures", "tests"))))
        sources = [source for source in dict.fromkeys(case.source for case in found) if numbers[source, label]]
        lines = [f"\n## {title}\n", f"| | files | {' | '.join(scanners)} |", f"|---|--:|{'--:|' * len(scanners)}"]
        for group in [*groups, *sources, "all"]:
            name = f"**{group}**" if group in ("all", *sources) else group
            cells = (cell(counts[scanner, group, label]) for scanner in scanners)
            lines.append(f"| {name} | {numbers[group, label]} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    report += table(MALICIOUS, "Harmful files that are found", share)
    report += "\nA number after `+` is of files that bonafide gives to a person to look at, or that a scanner could not read and says so.\nWhere no file of a format is read, there is a `-`; in the sums such files are not found.\n"
    report += table(BENIGN, "Harmless files that are called harmful", share)
    report += "\nA number after `+` is of files that are neither called harmful nor clean: given to a person to look at, or not read wholly.\n"
    report += table(MALFORMED, "Broken files that are called clean", lambda count: str(count["clean"]))
    lines = [f"\n## Clean by mistake\n\nHarmful files that a scanner looked at and called clean, or passed over without a word.\n\n| {' | '.join(scanners)} |", f"|{'--:|' * len(scanners)}"]
    wrong = (counts[scanner, "all", MALICIOUS] for scanner in scanners)
    lines.append(f"| {' | '.join(str(count['clean'] + count['unread']) for count in wrong)} |")
    return report + "\n".join(lines) + "\n"


def share(count: Count) -> str:
    """How many are flagged, of those that the scanner was asked about."""
    total = sum(count.values())
    asked = total - count["unasked"]
    if asked == count["unread"]:
        return "-" if asked else "not asked"
    other = count["review"] + count["incomplete"]
    text = f"{count['flagged']} ({count['flagged'] / asked:.1%}" + (f" of {asked})" if asked < total else ")")
    return text + (f" +{other}" if other else "")


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
