"""Show that what bonafide writes is accepted by validators of others, and that they refuse what is broken.

Every form for machines is written by real runs over allowed, denied, undecided and waived
artifacts, one with hostile names, and every shipped policy. One line for each form, and a last
line with the sums; the exit code is not 0 when anything did not end as it must.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from validators import Validator, validators

ROOT = Path(__file__).resolve().parent.parent.parent
MODEL = ROOT / "fixtures/supply-chain/digits-classifier"
TAMPERED = ROOT / "fixtures/supply-chain/tampered/flipped-byte"
GATE = ROOT / "policies/registry-gate.toml"
# The clock of every run, so that the same run gives the same bytes.
CLOCK = ["--effective-time", "2026-12-01T00:00:00Z", "--allow-past-effective-time"]
# What is not for machines, or is looked at elsewhere.
FORMS = {
    "json": "json",
    "sarif": "sarif",
    "junit": "xml",
    "vsa": "json",
    "cyclonedx": "json",
    "cyclonedx-1.7": "json",
    "oscal": "json",
}
# What GitHub takes, compressed.
GITHUB_BYTES = 10_000_000


class Fault(Exception):
    """Something did not end as it must."""


@dataclass(frozen=True)
class Run:
    """A run of `bonafide verify`, in whose folder there is a report in each form."""

    name: str
    folder: Path

    def report(self, form: str) -> Path:
        return self.folder / f"{form}.{FORMS[form]}"


def opened(place: Path, policy: Path) -> Path:
    """A copy of a policy that lets the command line set the clock."""
    text = policy.read_text(encoding="utf-8").replace('"../', f'"{ROOT}/')
    copy = place / policy.name
    copy.write_text(text.replace('command-line = "refuse"', 'command-line = "allow"'), encoding="utf-8")
    return copy


def waiving_gate(place: Path) -> Path:
    """The gate with waivers for what is wrong with the tampered model."""
    text = opened(place, GATE).read_text(encoding="utf-8")
    header = 'version = "1.0.0"\n'
    if header not in text:
        raise Fault("the gate has another version")
    text = text.replace(header, header + "waiver-horizon-days = 400\n", 1)
    for number, control in enumerate(("digest-mismatch", "bom-digest-mismatch"), 1):
        text += f"""
[[waiver]]
id = "W-{number}"
control = "{control}"
subject = "pkg:generic/digits@*"
until = 2027-01-31
reason = "one byte is <known> & accepted"
owner = "ml-platform@acme.example"
approved-by = "security@acme.example"
"""
    policy = place / "gate-with-waivers.toml"
    policy.write_text(text, encoding="utf-8")
    return policy


def hostile_model(place: Path) -> Path:
    """A model whose names are aimed at readers of reports."""
    model = place / "hostile model #1"
    model.mkdir()
    names = [
        b"<img src=x onerror=alert(1)>.pkl",
        b"]]>&amp;\"'.pkl",
        b"[click](https:%2f%2fevil.example).pkl",
        b"line\nbreak\r\x1b[31m\x00".rstrip(b"\x00") + b".pkl",
        b"not utf-8 \xff\xfe.pkl",
        "bidi \u202egnp.pkl".encode(),
        "\ufffe\uffff nonchar.pkl".encode(),
        b"%2e%2e%2fpasswd.pkl",
        b"javascript:alert(1).pkl",
        b"c:.pkl",
        b"{0} {1}.pkl",
        b"x" * 240 + b".pkl",
    ]
    # Loading it would call `os.system`.
    pickle = b"cos\nsystem\n(S'true'\ntR."
    for name in names:
        with open(os.path.join(os.fsencode(model), name), "wb") as file:
            file.write(pickle)
    os.symlink("c:.pkl", model / "link.pkl")
    os.symlink("../../outside", model / "outside.pkl")
    return model


def runs(bonafide: Path, place: Path) -> list[Run]:
    """Every run, and that it ended as it must."""
    hostile = hostile_model(place)
    gate = opened(place, GATE)
    # A folder of its own below the working directory, given as people give it.
    inside = place / "repository"
    shutil.copytree(MODEL, inside / "models/m")
    arguments: list[tuple[str, list[str], Path, set[int]]] = [
        ("allowed", [str(MODEL), "--policy", str(gate)], ROOT, {0}),
        ("denied", [str(TAMPERED), "--policy", str(gate)], ROOT, {1}),
        ("denied-not-enforced", [str(TAMPERED), "--policy", str(gate), "--mode", "warn"], ROOT, {0}),
        ("relative", ["models/m"], inside, {1}),
        ("here", ["."], inside / "models/m", {1}),
        ("harmful", ["fixtures/checks/code-on-load/fail/model"], ROOT, {1}),
        ("hostile", [str(hostile)], ROOT, {1}),
        (
            "waived",
            [str(TAMPERED), "--policy", str(waiving_gate(place)), "--purl", "pkg:generic/digits@1.0"],
            ROOT,
            {0},
        ),
        ("one-file", [str(hostile / "c:.pkl")], ROOT, {1}),
        ("undecided", [str(MODEL), "--policy", str(undecided_gate(place))], ROOT, {2}),
    ]
    for policy in sorted((ROOT / "policies").glob("*.toml")):
        arguments.append((f"policy {policy.stem}", [str(MODEL), "--policy", str(opened(place, policy))], ROOT, {0, 1, 2}))
    return [run(bonafide, place, *each) for each in arguments]


def undecided_gate(place: Path) -> Path:
    """A gate that demands what cannot be checked of this model: nobody vouches for a time in it."""
    text = """
[policy]
name = "undecided"
version = "1.0.0"

[trust]

[[control]]
check = "digest-mismatch"
level = "deny"
"""
    policy = place / "undecided.toml"
    policy.write_text(text, encoding="utf-8")
    return policy


def run(bonafide: Path, place: Path, name: str, arguments: list[str], where: Path, codes: set[int]) -> Run:
    once, again = (verify(bonafide, place / f"{name}{turn}", arguments, where, codes) for turn in ("", " again"))
    for form in FORMS:
        first, second = once / f"{form}.{FORMS[form]}", again / f"{form}.{FORMS[form]}"
        if first.read_bytes() != second.read_bytes():
            raise Fault(f"{name}: two runs give two different reports ({form})")
    return Run(name, once)


def verify(bonafide: Path, folder: Path, arguments: list[str], where: Path, codes: set[int]) -> Path:
    folder.mkdir()
    outputs = [f"--output={form}={folder / f'{form}.{ending}'}" for form, ending in FORMS.items()]
    command = [str(bonafide), "verify", *arguments, *CLOCK, "--quiet", *outputs]
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        raise Fault(f"{folder.name}: exit code {done.returncode}, not {codes}: {done.stderr}")
    return folder


def without(*path: str | int) -> Callable[[object], None]:
    """Takes something out of a document."""

    def take(document: object) -> None:
        *way, last = path
        for step in way:
            document = document[step]  # type: ignore[index]
        del document[last]  # type: ignore[attr-defined]

    return take


def with_value(value: object, *path: str | int) -> Callable[[object], None]:
    """Puts something wrong into a document."""

    def put(document: object) -> None:
        *way, last = path
        for step in way:
            document = document[step]  # type: ignore[index]
        document[last] = value  # type: ignore[index]

    return put


RUN = ("runs", 0)
RESULT = ("assessment-results", "results", 0)
MAP = ("declarations", "attestations", 0, "map", 0)
DECLARATIONS = {
    "score in words": with_value("high", *MAP, "conformance", "score"),
    "score above one": with_value(1.5, *MAP, "conformance", "score"),
    "unknown key": with_value(True, "declarations", "compliant"),
    "serial number": with_value("urn:uuid:1", "serialNumber"),
    "claims as text": with_value("claim", *MAP, "claims"),
}
# By form, what is broken and how. Each is made of the report of the denied model.
BROKEN: dict[str, dict[str, Callable[[object], None]]] = {
    "json": {
        "no verdict": without("verdict"),
        "unknown verdict": with_value("maybe", "verdict"),
        "unknown key": with_value(1, "artifact", "colour"),
        "digest without function": with_value("ab" * 32, "policy", "digest"),
        "local time": with_value("2026-12-01T00:00:00+01:00", "evaluated-at"),
        "waiver without an owner": with_value([{"id": "W-1", "control": "x"}], "waivers"),
    },
    "sarif": {
        "unknown level": with_value("fatal", *RUN, "results", 0, "level"),
        "no message": without(*RUN, "results", 0, "message"),
        "no driver": without(*RUN, "tool", "driver"),
        "place that is no reference": with_value(
            "a b<c>%zz", *RUN, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"
        ),
        "line zero": with_value(0, *RUN, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"),
        "version": with_value("2.2.0", "version"),
    },
    "vsa": {
        "no subject": with_value([], "subject"),
        "subject without digest": with_value({}, "subject", 0, "digest"),
        "other statement": with_value("https://in-toto.io/Statement/v0.1", "_type"),
        "no result": without("predicate", "verificationResult"),
        "passed and failed": with_value("PASSED", "predicate", "verificationResult"),
        "level of SLSA": with_value(["SLSA_BUILD_LEVEL_3"], "predicate", "verifiedLevels"),
        "extension without a URI": with_value(1, "predicate", "extension"),
        "time in words": with_value("yesterday", "predicate", "timeVerified"),
        "input without digest": with_value([{"uri": "file:a"}], "predicate", "inputAttestations"),
    },
    "cyclonedx": DECLARATIONS,
    "cyclonedx-1.7": DECLARATIONS,
    "oscal": {
        "no reviewed controls": without(*RESULT, "reviewed-controls"),
        "identifier that is none": with_value("1", *RESULT, "uuid"),
        "unknown key": with_value(1, *RESULT, "colour"),
        "control that is no token": with_value(
            "a b", *RESULT, "reviewed-controls", "control-selections", 0, "include-controls", 0, "control-id"
        ),
        "no evidence for a risk": without(*RESULT, "risks", 0, "statement"),
        "local time": with_value("2026-12-01T00:00:00", "assessment-results", "metadata", "last-modified"),
    },
}
# The same for XML, in which a text is exchanged.
BROKEN_JUNIT = {
    "attribute that the schema does not know": ('<testsuites name="bonafide"', '<testsuites skipped="1" name="bonafide"'),
    "case without a name": ('<testcase name="verdict"', "<testcase"),
    "unknown element": ("</testsuite>", "<verdict/></testsuite>"),
    "not well-formed": ("</testsuites>", ""),
}


def broken_reports(form: str, run: Run, place: Path) -> list[tuple[str, Path]]:
    source = run.report(form).read_text(encoding="utf-8")
    made = []
    if form == "junit":
        for what, (before, after) in BROKEN_JUNIT.items():
            if before not in source:
                raise Fault(f"junit: nothing to break ({what})")
            made.append((what, source.replace(before, after, 1)))
    else:
        for what, damage in BROKEN[form].items():
            document = deepcopy(json.loads(source))
            damage(document)
            made.append((what, json.dumps(document)))
    paths = []
    for number, (what, text) in enumerate(made):
        path = place / f"broken-{form}-{number}.{FORMS[form]}"
        path.write_text(text, encoding="utf-8")
        paths.append((what, path))
    return paths


def show(form: str, validator: Validator, everything: list[Run], place: Path) -> str:
    """That all reports of a form are accepted and the broken ones are refused."""
    accepted = 0
    complaints = validator.complaints([run.report(form) for run in everything])
    for each in everything:
        complaint = complaints[each.report(form)]
        if complaint:
            raise Fault(f"{form}, {each.name}: refused by {validator.name}: {complaint}")
        accepted += 1
    denied = next(run for run in everything if run.name == "denied")
    broken = broken_reports(form, denied, place)
    complaints = validator.complaints([path for _, path in broken])
    for what, path in broken:
        if not complaints[path]:
            raise Fault(f"{form}: {validator.name} accepts a report with a fault: {what}")
    return f"{form}: {validator.name} accepts {accepted} reports and refuses {len(broken)} broken ones"


def show_limits(everything: list[Run]) -> str:
    """That what GitHub sets as limits is kept, where no schema says so."""
    for each in everything:
        data = each.report("sarif").read_bytes()
        if len(gzip.compress(data)) > GITHUB_BYTES:
            raise Fault(f"{each.name}: SARIF is too large for GitHub")
        (run,) = json.loads(data)["runs"]
        for rule in run["tool"]["driver"]["rules"]:
            texts = [rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")]
            if not all(texts) or len(rule["properties"]["tags"]) > 20 or max(map(len, texts[:2])) > 1024:
                raise Fault(f"{each.name}: rule {rule['id']} is not what GitHub takes")
        for result in run["results"]:
            place = result["locations"][0]["physicalLocation"]
            if set(place["region"]) < {"startLine", "startColumn", "endLine", "endColumn"}:
                raise Fault(f"{each.name}: a result without a whole region")
            if not result["partialFingerprints"]["primaryLocationLineHash"]:
                raise Fault(f"{each.name}: a result without a fingerprint")
    return "sarif: within the limits of GitHub"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bonafide", type=Path, required=True)
    parser.add_argument("--schemas", type=Path, required=True)
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bonafide-reports-") as folder:
        place = Path(folder)
        try:
            everything = runs(arguments.bonafide.resolve(), place)
        except Fault as fault:
            print(f"FAILED  {fault}", flush=True)
            return 1
        shows = [
            *((lambda form=form, validator=validator: show(form, validator, everything, place))
              for form, validator in validators(ROOT, arguments.schemas)),
            lambda: show_limits(everything),
        ]
        for each in shows:
            try:
                print(f"ok      {each()}", flush=True)
            except Fault as fault:
                failed += 1
                print(f"FAILED  {fault}", flush=True)
    print(f"{len(shows) - failed} passed, {failed} failed; {len(everything)} runs, each done twice")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
