"""Asks who notices a change: each generator's own means, another verifier, and bonafide."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import model
from installing import Answer, Deadline, NotRun, Tools, call


@dataclass(frozen=True)
class Change:
    """What was done to the model after the document was written."""

    about: str
    carry_out: Callable[[Path], None]


def flip(target: Path) -> None:
    weights = target / model.WEIGHTS
    content = bytearray(weights.read_bytes())
    # The last byte belongs to a tensor, so that the file is still well formed.
    content[-1] ^= 1
    weights.write_bytes(content)


def add(target: Path) -> None:
    (target / "added.txt").write_text("Nobody listed this.\n")


CHANGES = (
    Change("clean", lambda target: None),
    Change("byte flipped", flip),
    Change("file added", add),
    Change("file removed", lambda target: (target / "tokenizer.json").unlink()),
)


@dataclass(frozen=True)
class Comparison:
    """What a generator's own means are given: the model as it was and as it is, and its output about either."""

    before: Path
    after: Path
    clean: Path
    changed: Path


@dataclass(frozen=True)
class OwnVerifier:
    """What a generator has to notice a change: a command that reads the files, or a comparison of two outputs."""

    command: str
    scan: Callable[[Path, Path, Path], Sequence[str | Path]]
    """Makes what is compared, from the commands' folder, the model and the file to write."""
    compare: Callable[[Path, Comparison], Sequence[str | Path]]

    def code(self, tools: Tools, commands: Path, clean: Path, changed: Path, room: Path) -> int:
        comparison = Comparison(room / "before.json", room / "after.json", clean, changed)
        for target, out in ((clean, comparison.before), (changed, comparison.after)):
            answer = tools.run(self.scan(commands, target, out), room)
            if not out.exists():
                raise NotRun(f"{self.command}: {answer.last_line()}")
        return tools.run(self.compare(commands, comparison), room).code


OWN_VERIFIERS: Mapping[str, OwnVerifier] = {
    "toolkit-ml-provenance": OwnVerifier(
        "toolkit-mlsbom verify",
        lambda bin, target, out: [
            *(bin / "toolkit-mlsbom", "generate", "--root", target, "--include", "**/*", "--out", out),
        ],
        lambda bin, given: [
            *(bin / "toolkit-mlsbom", "verify", "--manifest", given.before, "--root", given.changed),
        ],
    ),
    "aisbom-cli": OwnVerifier(
        "aisbom diff",
        lambda bin, target, out: [bin / "aisbom", "scan", target, "--offline", "--output", out],
        lambda bin, given: [bin / "aisbom", "diff", given.before, given.after],
    ),
    "airom": OwnVerifier(
        "airom diff --exit-code 1",
        lambda bin, target, out: [bin / "airom", "fs", target, "--offline", "-o", f"json={out}"],
        lambda bin, given: [bin / "airom", "diff", "--exit-code", "1", given.before, given.after],
    ),
    "ai-bom": OwnVerifier(
        "ai-bom diff",
        lambda bin, target, out: [
            *(bin / "ai-bom", "scan", target, "--format", "json", "--output", out, "--quiet", "--no-telemetry"),
        ],
        lambda bin, given: [bin / "ai-bom", "diff", given.before, given.after],
    ),
    "deepbom": OwnVerifier(
        "deepbom diff",
        lambda bin, target, out: [bin / "deepbom", "audit", target, "--json", "--output", out],
        lambda bin, given: [bin / "deepbom", "diff", given.clean, given.changed],
    ),
}


@dataclass(frozen=True)
class SbomTools:
    """The crate `sbom-tools`: what it says to a document and a model."""

    commands: Path

    def code(self, tools: Tools, document: Path, target: Path) -> int:
        command = [self.commands / "sbom-tools", "verify", "model-weights", document, "--model-dir", target]
        return tools.run(command, document.parent).code


# The checks that hold what a document lists against the files.
CHECKS = ("bom-invalid", "bom-digest-mismatch", "bom-file-missing", "bom-file-unlisted", "bom-no-digest")
MISMATCH = "bom-digest-mismatch"

STATUSES = ("verified", "consistent", "declared", "missing", "contradicted")


@dataclass(frozen=True)
class Verdict:
    """What bonafide said of a model and a document."""

    code: int
    report: Mapping[str, Any]

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each check about a document."""
        return {check["check"]: check["outcome"] for check in self.report["checks"] if check["check"] in CHECKS}

    def names(self, check: str) -> set[str]:
        """What the findings of a check name."""
        found = (item for item in self.report["checks"] if item["check"] == check)
        return {finding["subject"].get("name", "") for item in found for finding in item["findings"]}

    def cell(self) -> str:
        """The checks that failed, those left open, and the exit code."""
        failed = [f"`{check}`" for check in CHECKS if self.outcomes.get(check) == "fail"]
        open_ones = [f"`{check}`" for check in CHECKS if self.outcomes.get(check) == "inconclusive"]
        parts = ["fails " + ", ".join(failed)] if failed else []
        parts += ["open " + ", ".join(open_ones)] if open_ones else []
        return "; ".join([*parts, f"exit {self.code}"])


class Bonafide:
    """Our tool; always through its command line."""

    def __init__(self, binary: Path, deadline: Deadline) -> None:
        self._binary = binary
        self._deadline = deadline
        # Settings of the caller must not change what is shown here.
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("BONAFIDE_")}

    def verify(self, target: Path, document: Path) -> Verdict:
        """Hold the model against the document, and all other checks of the usual policy."""
        answer = self._run("verify", target, "--bom", document, "--output", "json")
        return Verdict(answer.code, self._report(answer))

    def evidence(self, target: Path, document: Path) -> dict[str, int]:
        """How many elements of the usual profile have each status of evidence."""
        answer = self._run("bom", "check", document, "--model", target, "--output", "json")
        statuses = [status for status in _statuses(self._report(answer)) if status in STATUSES]
        return {status: statuses.count(status) for status in STATUSES}

    def verify_signed(self, document: Path, signature: Path | None, key: Path) -> Verdict:
        """Verify a document by its own signature, or by one in another file, with this key alone."""
        beside: list[str | Path] = ["--signature", signature] if signature else []
        answer = self._run("verify", document, *beside, "--key", key, "--output", "json")
        return Verdict(answer.code, self._report(answer))

    def _run(self, *arguments: str | Path) -> Answer:
        return call([self._binary, *arguments], self._deadline, 30, env=self._environment)

    @staticmethod
    def _report(answer: Answer) -> Mapping[str, Any]:
        try:
            report: Mapping[str, Any] = json.loads(answer.text)
        except json.JSONDecodeError as error:
            raise NotRun(f"bonafide: exit code {answer.code} and no report: {answer.last_line()}") from error
        return report


def _statuses(value: object) -> list[str]:
    """The text of every member `evidence`, wherever it is."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as item:
                if isinstance(item.get("evidence"), str):
                    found.append(item["evidence"])
                waiting.extend(item.values())
            case list() as items:
                waiting.extend(items)
    return found
