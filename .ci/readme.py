"""Runs every command of the README's `sh` blocks, in order, from the root.

A command that fails, fails the run. What the README shows as output is held by
the tests; this is about commands that a newcomer copies.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    """Lines of the `sh` blocks, without blank lines and comments."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--already-run", action="append", default=[], help="a command to leave out")
    already_run = parser.parse_args().already_run
    found = commands((ROOT / "README.md").read_text(encoding="utf-8"))
    unknown = [command for command in already_run if command not in found]
    if unknown or not found:
        print(f"the README has no command {unknown or '(at all)'}", file=sys.stderr)
        return 1
    for command in found:
        if command in already_run:
            print(f"$ {command}  (already run)", flush=True)
            continue
        print(f"$ {command}", flush=True)
        code = subprocess.run(["bash", "-c", command], cwd=ROOT, check=False).returncode
        if code != 0:
            print(f"the README's command ended with exit code {code}: {command}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
