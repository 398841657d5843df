"""Validators of others, behind one form: which files are refused, and why."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import google.protobuf.json_format
import in_toto_attestation.predicates.vsa.v1.vsa_pb2 as vsa_pb2
import in_toto_attestation.v1.statement_pb2 as statement_pb2
import xmlschema
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from in_toto_attestation.v1.statement import Statement
from junitparser import JUnitXml
from trestle.oscal.assessment_results import AssessmentResults

Complaints = dict[Path, str]


class Validator(ABC):
    """Somebody who refuses files."""

    name: str

    def complaints(self, paths: list[Path]) -> Complaints:
        """What is said of each file; empty where it is accepted."""
        return {path: self.complaint(path) for path in paths}

    @abstractmethod
    def complaint(self, path: Path) -> str:
        """What is said of one file."""


class JsonSchema(Validator):
    """check-jsonschema, with formats checked."""

    def __init__(self, schema: Path) -> None:
        self.name = f"check-jsonschema with {schema.name}"
        self.schema = schema

    def complaints(self, paths: list[Path]) -> Complaints:
        command = [sys.executable, "-m", "check_jsonschema", "--output-format", "json", "--schemafile", str(self.schema)]
        done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1) or not done.stdout:
            raise RuntimeError(f"{self.name}: {done.stderr}")
        answer = json.loads(done.stdout)
        said = dict.fromkeys(paths, "")
        for error in (*answer.get("errors", []), *answer.get("parse_errors", [])):
            said[Path(error["filename"])] += f"{error.get('path', '')}: {error['message']}\n"
        if (done.returncode == 0) != (not any(said.values())):
            raise RuntimeError(f"{self.name}: exit code {done.returncode} and {done.stdout}")
        return said

    def complaint(self, path: Path) -> str:
        return self.complaints([path])[path]


class JUnit(Validator):
    """The schema that pytest ships, and a parser that people read reports with."""

    name = "xmlschema with junit-10.xsd, and junitparser,"

    def __init__(self, schema: Path) -> None:
        self.schema = xmlschema.XMLSchema(schema)

    def complaint(self, path: Path) -> str:
        try:
            self.schema.validate(path)
            suites = JUnitXml.fromfile(str(path))
            told = (suites.tests, suites.failures, suites.errors)
            suites.update_statistics()
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        counted = (suites.tests, suites.failures, suites.errors)
        return "" if told == counted else f"{told} is told and {counted} is counted"


class CycloneDx(Validator):
    """The strict validator of the CycloneDX library for Python."""

    def __init__(self, version: SchemaVersion) -> None:
        self.name = f"cyclonedx-python-lib, strictly by {version.to_version()},"
        self.validator = JsonStrictValidator(version)

    def complaint(self, path: Path) -> str:
        error = self.validator.validate_str(path.read_text(encoding="utf-8"))
        return "" if error is None else str(error)[:500]


class Oscal(Validator):
    """The models of compliance-trestle, which know no unknown keys."""

    name = "compliance-trestle"

    def complaint(self, path: Path) -> str:
        try:
            if AssessmentResults.oscal_read(path) is None:
                return "nothing is read"
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:500]}"
        return ""


class VerificationSummary(Validator):
    """The protocol buffers of in-toto for the statement and the predicate, and the rules that the
    specification of the summary (SLSA 1.1) has in words."""

    name = "in-toto-attestation, and the rules of SLSA,"

    def complaint(self, path: Path) -> str:
        document = json.loads(path.read_text(encoding="utf-8"))
        try:
            message = google.protobuf.json_format.ParseDict(document, statement_pb2.Statement())
            Statement.copy_from_pb(message).validate()
            self.predicate(document["predicate"])
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return ""

    def predicate(self, predicate: dict[str, object]) -> None:
        standard = {name: value for name, value in predicate.items() if ":" not in name}
        # The messages are older than SLSA 1.1: no version of a verifier, and one level as a text.
        standard["verifier"] = {"id": predicate["verifier"]["id"]}
        standard["verifiedLevels"] = ",".join(predicate["verifiedLevels"])
        google.protobuf.json_format.ParseDict(standard, vsa_pb2.VerificationSummary())
        for name in ("timeVerified", "resourceUri", "policy", "verificationResult", "verifiedLevels"):
            if not predicate[name]:
                raise ValueError(f"{name} is empty")
        datetime.fromisoformat(predicate["timeVerified"])
        for uri in (predicate["verifier"]["id"], predicate["resourceUri"], predicate["policy"]["uri"]):
            self.uri(uri)
        for attestation in predicate["inputAttestations"]:
            self.uri(attestation["uri"])
            if not attestation["digest"]:
                raise ValueError("an input has no digest")
        levels = predicate["verifiedLevels"]
        if any(level.startswith("SLSA_") for level in levels):
            raise ValueError("a level is that of a track of SLSA")
        if {"PASSED": False, "FAILED": True}[predicate["verificationResult"]] != (levels == ["FAILED"]):
            raise ValueError("the result and the levels do not go together")
        for name in predicate:
            if ":" in name:
                self.uri(name)

    @staticmethod
    def uri(text: str) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+", text):
            raise ValueError(f"{text!r} is no URI")


def validators(root: Path, schemas: Path) -> Iterator[tuple[str, Validator]]:
    """Each form with whoever judges it."""
    yield "json", JsonSchema(root / "schemas/report.schema.json")
    yield "sarif", JsonSchema(schemas / "sarif-2.1.0.json")
    yield "junit", JUnit(schemas / "junit-10.xsd")
    yield "vsa", VerificationSummary()
    yield "cyclonedx", CycloneDx(SchemaVersion.V1_6)
    yield "cyclonedx-1.7", CycloneDx(SchemaVersion.V1_7)
    yield "oscal", Oscal()
