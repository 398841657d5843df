"""Installs the pinned tools, each by itself, so that one that is gone does not take the others along."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Every tool runs without network: what it looks up there would change the table from day to day.
OFFLINE = {
    "AISBOM_NO_TELEMETRY": "1",
    "AISBOM_OFFLINE": "1",
    "AI_BOM_TELEMETRY": "0",
    "CI": "true",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "SBOM_TOOLS_OFFLINE": "1",
}


class NotRun(Exception):
    """A tool that could not be installed, or gave no BOM."""


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    text: str
    errors: str

    def last_line(self) -> str:
        lines = [line.strip() for line in (self.text + self.errors).splitlines() if line.strip()]
        return lines[-1][:200] if lines else "no word"


@dataclass(frozen=True)
class Deadline:
    """When all must be over, on the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        return max(0.0, self.at - time.monotonic())


def call(command: Sequence[str | Path], deadline: Deadline, limit: float, **options: object) -> Answer:
    """Run a command to its end, within its limit and the deadline of all."""
    seconds = min(limit, deadline.left())
    name = Path(command[0]).name
    if seconds <= 0:
        raise NotRun(f"no time left for {name}")
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            # A group of its own, so that what it started ends with it.
            start_new_session=True,
            **options,  # type: ignore[call-overload]
        )
    except OSError as error:
        raise NotRun(f"{name} cannot be started: {error.strerror}") from error
    try:
        text, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise NotRun(f"{name} was stopped after {seconds:.0f} s") from error
    return Answer(process.returncode, text, errors)


class Tools:
    """A folder with the tools, and a home of their own."""

    def __init__(self, root: Path, deadline: Deadline) -> None:
        self.root = root
        self.deadline = deadline
        self.home = root / "home"
        self.home.mkdir(parents=True, exist_ok=True)

    def run(self, command: Sequence[str | Path], folder: Path, limit: float = 60) -> Answer:
        """Run a tool: offline, in this folder, with its own home."""
        return call(command, self.deadline, limit, cwd=folder, env=self._environment())

    def install_python(self, name: str) -> Path:
        """The folder with the commands of a tool from PyPI, pinned in `requirements`."""
        place = self.root / name
        commands = place / "bin"
        if not (place / "installed").exists():
            shutil.rmtree(place, ignore_errors=True)
            venv.create(place, with_pip=False, symlinks=True)
            self._succeed(
                [
                    *(self._installer() / "bin" / "python", "-m", "pip", "--python", commands / "python"),
                    *("install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-input"),
                    *("--requirement", HERE / "requirements" / f"{name}.txt"),
                ],
                150,
            )
            (place / "installed").touch()
        return commands

    def install_npm(self) -> Path:
        """The folder with the commands of the tools from npm, pinned in `package-lock.json`."""
        place = self.root / "npm"
        if not (place / "installed").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, place)
            # No script of a package is run, and what is optional is a binary for each platform. Not `npm ci`: it
            # misses in the lock file those of other platforms, which no lock file made on one platform names.
            command = ["npm", "install", "--no-save", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
            self._succeed(command, 150, cwd=place)
            (place / "installed").touch()
        return place / "node_modules" / ".bin"

    def install_crate(self, name: str, version: str, features: str, limit: float) -> Path:
        """The folder with the commands of a crate, built with these features alone."""
        place = self.root / name
        if not (place / "installed").exists():
            # Without optimisation: the files are tiny, and it builds in a third of the time.
            chosen = ["--debug", "--no-default-features", "--features", features]
            command = ["cargo", "install", "--quiet", "--locked", *chosen, f"{name}@{version}", "--root", place]
            build = {"CARGO_TARGET_DIR": str(self.root / "build"), "CARGO_PROFILE_DEV_DEBUG": "0"}
            self._succeed(command, limit, cwd=self.root, env={**os.environ, **build})
            shutil.rmtree(self.root / "build", ignore_errors=True)
            (place / "installed").touch()
        return place / "bin"

    def prepare(self) -> None:
        """Make what installs the others, before they are installed side by side."""
        if not (self._installer() / "bin" / "python").exists():
            venv.create(self._installer(), with_pip=True, symlinks=True)

    def _installer(self) -> Path:
        return self.root / "installer"

    def _environment(self) -> Mapping[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        return {**kept, **OFFLINE, "COLUMNS": "200", "HOME": str(self.home), "LANG": "C.UTF-8", "NO_COLOR": "1"}

    def _succeed(self, command: Sequence[str | Path], limit: float, **options: object) -> None:
        answer = call(command, self.deadline, limit, **options)
        if answer.code != 0:
            raise NotRun(f"not installed: {answer.last_line()}")


def require_python() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit("Python 3.11 or newer is needed")
