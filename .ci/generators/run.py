"""Asks real AI-BOM generators about one tiny model, and who notices when it is changed afterwards.

    python3 .ci/generators/run.py --bonafide target/release/bonafide --check docs/generators.md

Installs the pinned generators into a folder that is thrown away, from PyPI, npm and crates.io, and runs them without
network. What cannot be installed or run is printed with the reason, and its cells are those of the page as it is. The
exit code is not 0 when fewer than four generators ran, when bonafide overlooks a change that a digest shows, or when
the page is not what was measured.

Only the standard library of Python 3.11 is used.
"""

from __future__ import annotations

import argparse
import difflib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import claims
import model
import signing
from document import NOT_MEASURED, Table
from generators import GENERATORS, Generator
from installing import Deadline, NotRun, Tools, require_python
from verifying import CHANGES, MISMATCH, OWN_VERIFIERS, STATUSES, Bonafide, SbomTools, Verdict

T = TypeVar("T")

FOUND = ("components", "digests", "our files", "weights", "shapes")
CLAIMED = ("document", *FOUND, "licence", "card", "dangling", "signed")
WEIGHTS = CLAIMED.index("weights")
SHAPES = CLAIMED.index("shapes")

SECONDS = 360
# Of these, what the longest of the installations may take.
CRATE_SECONDS = 300
ENOUGH = 4
SBOM_TOOLS = "0.3.0"

INTRODUCTION = """\
# What real generators claim, and who notices a change

Written by `python3 .ci/generators/run.py --bonafide BONAFIDE --write docs/generators.md`, and measured anew by continuous integration.
Each generator described the same tiny model of {count} files: two weight files, configuration, tokenizer, model card, a script, its
requirements, and a data set. All of them ran without network.

"""

CLAIMS_LEGEND = """\

*Digests*: how many digests of files or components the document holds. *Our files*: how many of the model's {count} files have their digest in it.
*Weights*: the digest of the safetensors file is among them. *Licence* and *card*: of a model. *Dangling*: references to nothing in the document.

Shapes, the ways in which a document points at bytes:

"""

NOTICED_INTRODUCTION = """
The documents above, put to a model that was changed after they were written: one bit in the last tensor of the weights, a file added, a file
removed. Exit codes are in this order: clean, byte flipped, file added, file removed. Many generators have no verifier, but can compare two
outputs: then both models are scanned. `deepbom diff` prints that something changed, and has no exit code for it. `toolkit-mlsbom verify` reads its
own manifest, not its CycloneDX document. `sbom-tools` {sbom_tools} is asked `verify model-weights`; where it says 1 to the clean model, it compared a
digest with a file that it is not the digest of.

"""

SUMMARY = """
The clean model is told from the one with a flipped bit, by exit code: {own} by the generators' own means, {sbom_tools} by `sbom-tools`; and by
`bom-digest-mismatch`, {ours} by bonafide. {listed} hold a digest of the weights.
"""

SIGNATURES_INTRODUCTION = """
None of the generators signs what it writes, but two bring a command that does. `cdx-sign` does not write JSF as CycloneDX demands: its signatures
do not cover their own member `signature`, so the name of the key can be altered, and it refuses signatures that are JSF.

"""

OURS_INTRODUCTION = """
`bonafide verify MODEL --bom DOCUMENT`: which checks of the document against the files fail, and which stay open because the document gives no
digest. None of these documents is signed, so no verdict is ever better than the word of whoever wrote it.

"""

EVIDENCE_INTRODUCTION = """
`bonafide bom check DOCUMENT --model MODEL`: how many elements of the profile have which evidence, before and after the bit was flipped.

"""


@dataclass
class Described:
    """A generator, and what came of it."""

    generator: Generator
    room: Path
    claims: claims.Claims | None = None
    own: str | None = "none"
    sbom_tools: str | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    evidence: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    reason: str = ""
    """Why it was not run."""

    @property
    def title(self) -> str:
        kind = " (SPDX)" if self.generator.document == "spdx3" else ""
        note = f", {self.generator.note}" if self.generator.note else ""
        return f"{self.generator.name} {self.generator.version}{kind}{note}"

    @property
    def document(self) -> Path:
        return self.room / f"{self.generator.key}.json"

    def target(self, change: str) -> Path:
        return self.room / change.replace(" ", "-") / model.NAME


def main() -> int:
    require_python()
    options = arguments()
    deadline = Deadline.after(options.seconds)
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        room = Path(name)
        tools = Tools(options.tools.resolve() if options.tools else room / "tools", deadline)
        bonafide = Bonafide(options.bonafide.resolve(strict=True), deadline) if options.bonafide else None
        # It is built beside all the rest, and asked last.
        crate = pool.submit(attempt, lambda: tools.install_crate("sbom-tools", SBOM_TOOLS, "cli", CRATE_SECONDS))
        described = describe_all(tools, room, pool)
        for each in described:
            if each.claims is not None:
                verify(each, tools, bonafide)
        signatures = signature_table(tools, room, bonafide)
        verify_by_sbom_tools(described, tools, crate.result())
        if options.keep:
            keep(described, options.keep)
    return conclude(described, signatures, options)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Ask real AI-BOM generators about one tiny model.")
    parser.add_argument("--bonafide", type=Path, metavar="PATH", help="the bonafide command")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the page")
    parser.add_argument("--check", type=Path, metavar="PAGE", help="compare with the page")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="copy the documents here")
    parser.add_argument("--tools", type=Path, metavar="FOLDER", help="keep the installed tools here, for the next run")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"when to stop [default: {SECONDS}]")
    return parser.parse_args()


def attempt(work: Callable[[], T]) -> T | NotRun:
    try:
        return work()
    except NotRun as reason:
        return reason


def describe_all(tools: Tools, room: Path, pool: Executor) -> list[Described]:
    """Install the generators and run each."""
    described = []
    for generator in GENERATORS:
        place = room / generator.key
        place.mkdir()
        described.append(Described(generator, place))
    tools.prepare()
    # One installation for each package: two must not meet in one folder.
    packages = {(generator.package, generator.name): generator for generator in GENERATORS}
    installed = [pool.submit(attempt, lambda each=each: each.install(tools)) for each in packages.values()]
    reasons = {key: future.result() for key, future in zip(packages, installed, strict=True)}
    for each in described:
        reason = reasons[each.generator.package, each.generator.name]
        outcome = reason if isinstance(reason, NotRun) else attempt(lambda each=each: describe(each, tools))
        if isinstance(outcome, NotRun):
            each.reason = str(outcome)
    return described


def describe(each: Described, tools: Tools) -> None:
    """Have the generator describe the clean model, and make the changed ones."""
    for change in CHANGES:
        target = model.write(each.room / change.about.replace(" ", "-"))
        if change is CHANGES[0]:
            each.generator.generate(tools, target, each.document)
        change.carry_out(target)
    each.claims = claims.read(each.document, model.digests(each.target("clean")))


def verify(each: Described, tools: Tools, bonafide: Bonafide | None) -> None:
    """Put the changes to the generator's own means and to bonafide; what could not be asked stays unknown."""
    targets = [each.target(change.about) for change in CHANGES]
    if own := OWN_VERIFIERS.get(each.generator.name):
        outcome = attempt(lambda: own_codes(own.code, each, tools, targets))
        each.own = None if isinstance(outcome, NotRun) else f"`{own.command}`: {slashed(outcome)}"
    if bonafide is None:
        return
    for change, target in zip(CHANGES, targets, strict=True):
        verdict = attempt(lambda target=target: bonafide.verify(target, each.document))
        evidence = attempt(lambda target=target: bonafide.evidence(target, each.document))
        for outcome in (verdict, evidence):
            if isinstance(outcome, NotRun):
                each.faults.append(f"{each.title}, {change.about}: {outcome}")
        if isinstance(verdict, Verdict):
            each.verdicts[change.about] = verdict
        if isinstance(evidence, dict):
            each.evidence[change.about] = evidence
    each.faults += overlooked(each)


def verify_by_sbom_tools(described: Iterable[Described], tools: Tools, commands: Path | NotRun) -> None:
    """Put the changes to `sbom-tools`, if it could be built."""
    if isinstance(commands, NotRun):
        print(f"not run: sbom-tools {SBOM_TOOLS}: {commands}")
        return
    sbom_tools = SbomTools(commands)
    for each in described:
        if each.claims is not None:
            targets = [each.target(change.about) for change in CHANGES]
            ask = partial(sbom_tools.code, tools, each.document)
            codes = attempt(lambda ask=ask, targets=targets: [ask(target) for target in targets])
            each.sbom_tools = None if isinstance(codes, NotRun) else slashed(codes)


def own_codes(code: Callable[..., int], each: Described, tools: Tools, targets: Iterable[Path]) -> list[int]:
    codes = []
    for number, target in enumerate(targets):
        room = each.room / f"own-{number}"
        room.mkdir()
        codes.append(code(tools, each.generator.install(tools), each.target("clean"), target, room))
    return codes


def signature_table(tools: Tools, room: Path, bonafide: Bonafide | None) -> Table:
    """What the verifiers say of signed documents."""
    table = Table("Signatures", ("signed by", "their verifier", "bonafide"))
    for number, case in enumerate(signing.CASES):
        folder = room / f"signed-{number}"
        folder.mkdir()
        asked = [attempt(lambda case=case, folder=folder: signing.theirs(case, tools, folder))]
        if bonafide is not None:
            asked.append(attempt(lambda case=case, folder=folder: signing.ours(case, bonafide, folder)))
        cells = [None if isinstance(answer, NotRun) else answer for answer in asked]
        table.add(case.about, [*cells, None][:2])
    return table


def overlooked(each: Described) -> Iterable[str]:
    """Where bonafide did not say what the document and the bytes demand."""
    if each.claims is None or not each.verdicts:
        return
    clean, flipped = each.verdicts.get("clean"), each.verdicts.get("byte flipped")
    holds = model.WEIGHTS in each.claims.listed
    if flipped is not None:
        outcome = flipped.outcomes.get(MISMATCH, "absent")
        if holds and (outcome != "fail" or flipped.code == 0):
            yield f"{each.title}: a byte was flipped, the document holds the digest, and {MISMATCH} is {outcome}"
        elif not holds and outcome == "pass":
            yield f"{each.title}: nothing was compared with the weights, and {MISMATCH} passes"
    # A digest of no file is rightly contradicted, even on the clean model.
    if clean is not None and not each.claims.foreign and clean.outcomes.get(MISMATCH) == "fail":
        yield f"{each.title}: the clean model is said to differ"


def slashed(codes: Iterable[int]) -> str:
    return " / ".join(str(code) for code in codes)


def yes(value: bool) -> str:
    return "yes" if value else "–"


def told(cell: str | None) -> bool:
    """The exit code is 0 for the clean model, and not for the one with a flipped bit."""
    codes = re.search(r"\b(\d+) / (\d+) / ", cell or "")
    return codes is not None and codes[1] == "0" and codes[2] != "0"


def summary(claimed: Table, noticed: Table, ours: Table, holding: int) -> str:
    """The last line of "Who notices", from the cells of the page."""
    count = len(claimed.rows)
    mismatches = sum(
        MISMATCH not in (clean or "") and f"fails `{MISMATCH}`" in (flipped or "").replace("`bom-invalid`, ", "")
        for clean, flipped, *_ in ours.rows.values()
    )
    measured = any(cells[0] != NOT_MEASURED for cells in ours.rows.values())
    return SUMMARY.format(
        own=f"{sum(told(cells[0]) for cells in noticed.rows.values())} of {count}",
        sbom_tools=f"{sum(told(cells[1]) for cells in noticed.rows.values())} of {count}",
        ours=f"{mismatches} of {count}" if measured else NOT_MEASURED,
        listed=f"{holding} of {count}",
    )


def tables(described: Iterable[Described]) -> tuple[Table, Table, Table, Table]:
    claimed = Table(
        "What they claim",
        ("generator", *CLAIMED),
    )
    noticed = Table("Who notices", ("generator", "its own means", "`sbom-tools`"))
    ours = Table("What bonafide says", ("document of", *(change.about for change in CHANGES)))
    evidence = Table("Evidence", ("document of", "clean", "byte flipped"))
    for each in described:
        if (found := each.claims) is None:
            claimed.add(each.title, [None] * len(CLAIMED))
        else:
            counts = (found.components, found.digests, len(found.listed))
            weights = yes(model.WEIGHTS in found.listed)
            shapes = ", ".join(sorted(found.shapes)) or "–"
            ends = (yes(found.licence), yes(found.card), str(found.dangling), yes(found.signed))
            claimed.add(each.title, [found.specification, *map(str, counts), weights, shapes, *ends])
        noticed.add(each.title, [each.own if each.claims else None, each.sbom_tools])
        ours.add(each.title, [cell_of(each.verdicts.get(change.about)) for change in CHANGES])
        evidence.add(each.title, [counts_of(each.evidence.get(about)) for about in ("clean", "byte flipped")])
    return claimed, noticed, ours, evidence


def cell_of(verdict: Verdict | None) -> str | None:
    return None if verdict is None else verdict.cell()


def counts_of(evidence: dict[str, int] | None) -> str | None:
    return None if evidence is None else ", ".join(f"{evidence[status]} {status}" for status in STATUSES)


def page_of(described: list[Described], signatures: Table, earlier: str) -> tuple[str, list[str]]:
    """The page, and the cells that are those of the earlier one."""
    count = len(model.files())
    claimed, noticed, ours, evidence = tables(described)
    taken = [cell for table in (claimed, noticed, ours, evidence, signatures) for cell in table.complete(earlier)]
    used = {shape for cells in claimed.rows.values() for shape in (cells[SHAPES] or "").split(", ")}
    legend = "".join(f"- **{shape}**: {claims.SHAPES[shape]}\n" for shape in sorted(used) if shape in claims.SHAPES)
    holding = sum((cells[WEIGHTS] or "") == "yes" for cells in claimed.rows.values())
    parts = [
        INTRODUCTION.format(count=count),
        claimed.markdown(),
        CLAIMS_LEGEND.format(count=count) + legend + "\n",
        noticed.markdown(NOTICED_INTRODUCTION.format(sbom_tools=SBOM_TOOLS)),
        summary(claimed, noticed, ours, holding) + "\n",
        ours.markdown(OURS_INTRODUCTION) + "\n",
        evidence.markdown(EVIDENCE_INTRODUCTION) + "\n",
        signatures.markdown(SIGNATURES_INTRODUCTION),
    ]
    return "".join(parts), taken


def keep(described: Iterable[Described], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for each in described:
        if each.document.exists():
            shutil.copy(each.document, folder)


def conclude(described: list[Described], signatures: Table, options: argparse.Namespace) -> int:
    faults = [fault for each in described for fault in each.faults]
    ran = {each.generator.name for each in described if each.claims is not None}
    for each in described:
        print(f"not run: {each.title}: {each.reason}" if each.reason else f"ok   {each.title}")
    if len(ran) < ENOUGH:
        faults.append(f"only {len(ran)} generators ran, and {ENOUGH} are needed")
    place = options.check or options.write
    earlier = place.read_text() if place and place.exists() else ""
    page, taken = page_of(described, signatures, earlier)
    for cells in taken if place else []:
        print(f"as it was: {cells}")
    if options.check and page != earlier:
        faults.append(f"{options.check} is not what was measured; write it with --write")
        sys.stdout.writelines(difflib.unified_diff(earlier.splitlines(True), page.splitlines(True), "page", "measured"))
    if options.write:
        options.write.write_text(page)
    if not place:
        print(page)
    for fault in faults:
        print(f"FAIL {fault}")
    print(f"generators: {len(ran)} ran, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
