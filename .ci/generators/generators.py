"""The generators: how each is installed and asked for a BOM, and what it has to verify one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import model
from installing import NotRun, Tools

Command = list[str | Path]


@dataclass(frozen=True)
class Generator:
    """A tool that describes a model."""

    name: str
    version: str
    write: Callable[[Path, Path, Path], Command]
    """The command, from the folder of the tool's commands, the model, and the file to write."""
    note: str = ""
    package: str = "python"
    document: str = "cdx"
    """The ending of the document's name: `cdx` or `spdx3`."""

    @property
    def key(self) -> str:
        """The name of its document, without the ending `.json`."""
        name = self.name.rpartition("/")[2]
        return f"{name}-{self.version}.{self.document}"

    def install(self, tools: Tools) -> Path:
        return tools.install_npm() if self.package == "npm" else tools.install_python(self.name)

    def generate(self, tools: Tools, target: Path, out: Path) -> None:
        """Write the BOM of the model; what the exit code says of risks is not asked."""
        command = self.write(self.install(tools), target, out)
        before = model.digests(target)
        answer = tools.run(command, out.parent)
        if not out.exists():
            raise NotRun(f"exit code {answer.code} and no BOM: {answer.last_line()}")
        if model.digests(target) != before:
            raise NotRun("it changed the model that it describes")


def toolkit(bin: Path, target: Path, out: Path) -> Command:
    command = [bin / "toolkit-mlsbom", "generate", "--format", "cyclonedx", "--root", target, "--include", "**/*"]
    return [*command, "--dataset", target / "data/train.csv", "--name", model.NAME, "--out", out]


def aisbom(bin: Path, target: Path, out: Path) -> Command:
    return [bin / "aisbom", "scan", target, "--offline", "--output", out]


def aisbom_spdx(bin: Path, target: Path, out: Path) -> Command:
    return [*aisbom(bin, target, out), "--format", "spdx", "--spdx-version", "3.0"]


def airom(bin: Path, target: Path, out: Path) -> Command:
    return [bin / "airom", "fs", target, "--offline", "--cdx-version", "1.7", "-o", f"cyclonedx={out}"]


def ai_bom(bin: Path, target: Path, out: Path) -> Command:
    return [bin / "ai-bom", "scan", target, "--format", "cyclonedx", "--output", out, "--quiet", "--no-telemetry"]


def inspector(bin: Path, target: Path, out: Path) -> Command:
    command = [bin / "aibom", "scan", "--local-only", "--requirements", target / "requirements.txt"]
    document = ["--format", "cyclonedx", "--sbom-output", out, "--output", out.with_suffix(".report")]
    return [*command, "--model-id", "example-org/tiny-base", *document]


def modelaudit(bin: Path, target: Path, out: Path) -> Command:
    return [bin / "modelaudit", "scan", target, "--sbom", out]


def deepbom(bin: Path, target: Path, out: Path) -> Command:
    return [bin / "deepbom", "audit", target / model.WEIGHTS, "--output-format", "cyclonedx", "--output", out]


def deepbom_directory(bin: Path, target: Path, out: Path) -> Command:
    return [bin / "deepbom", "audit", target, "--output-format", "cyclonedx", "--output", out]


def pitloom(bin: Path, target: Path, out: Path) -> Command:
    return [bin / "loom", "model", target / model.WEIGHTS, "--offline", "--enrich", "--output", out]


def cdxgen(bin: Path, target: Path, out: Path) -> Command:
    # Not its `aibom`: that also lists the compilers of the machine.
    return [bin / "cdxgen", "-t", "ai", "--no-install-deps", "--output", out, target]


GENERATORS = (
    Generator("toolkit-ml-provenance", "1.0.0", toolkit),
    Generator("aisbom-cli", "1.7.0", aisbom),
    Generator("aisbom-cli", "1.7.0", aisbom_spdx, document="spdx3"),
    Generator("airom", "0.5.0", airom),
    Generator("ai-bom", "3.6.0", ai_bom),
    Generator("aibom-inspector", "0.2.0", inspector),
    Generator("modelaudit", "0.2.54", modelaudit),
    Generator("deepbom", "1.103.0", deepbom, note="of one file"),
    Generator("deepbom", "1.103.0", deepbom_directory, note="of the directory", document="directory.cdx"),
    Generator("pitloom", "0.20.2", pitloom, document="spdx3"),
    Generator("@cyclonedx/cdxgen", "12.8.4", cdxgen, package="npm"),
)
