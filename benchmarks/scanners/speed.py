"""How long whole commands take, how much of the processor and how much memory."""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus_pickles import STOP, proto, pytorch, tensor, zipped

MIB = 1 << 20


@dataclass(frozen=True)
class Spent:
    seconds: float
    processor: float
    memory: int
    code: int


def measured(folder: Path, python: Path, bonafide: Path, scanners: Iterable[str]) -> str:
    """A table, relative to bonafide; absolute figures say more about the machine."""
    if not bonafide.is_file():
        return f"\nTimes are left out: there is no `{bonafide}`.\n"
    bin_folder = python.parent
    commands = {
        "bonafide": [str(bonafide), "inspect", "-o", "json"], "picklescan": [str(bin_folder / "picklescan"), "--path"],
        "modelscan": [str(bin_folder / "modelscan"), "--path"], "fickling": [str(bin_folder / "fickling"), "--check-safety", "--json-output", os.devnull],
        "modelaudit": [str(bin_folder / "modelaudit"), "scan", "--no-cache"],
    }
    chosen = [scanner for scanner in commands if scanner in scanners]
    lines = [
        "\n## Time and memory\n",
        f"Each cell: wall time, processor time and greatest memory as multiples of bonafide's; its own column is in seconds and MiB. {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f}.\n",
        f"| | {' | '.join(chosen)} |", f"|---|{'--:|' * len(chosen)}",
    ]
    for label, path in data(folder):
        print(f"times: {label}", file=sys.stderr, flush=True)
        results = {scanner: best([*commands[scanner], str(path)]) for scanner in chosen if scanner != "fickling" or path.suffix == ".pkl"}
        ours = results["bonafide"]
        cells = []
        for scanner in chosen:
            spent = results.get(scanner)
            if spent is None:
                cells.append("-")
            elif scanner == "bonafide":
                cells.append(f"{spent.seconds:.3f} s, {spent.processor:.3f} s, {spent.memory / MIB:.0f} MiB")
            else:
                cells.append(f"{spent.seconds / ours.seconds:.1f}×, {spent.processor / ours.processor:.1f}×, {spent.memory / ours.memory:.1f}× (exit {spent.code})")
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def data(folder: Path) -> list[tuple[str, Path]]:
    folder.mkdir(parents=True, exist_ok=True)
    cases = {
        "one pickle of 29 bytes": "small.pkl", "5,000,000 opcodes, 10 MB": "opcodes.pkl", "PyTorch zip, 200 MB": "stored.pt",
        "safetensors, 1 GB": "large.safetensors", "2,000 small files": "many",
    }
    for name in cases.values():
        path = folder / name
        if not path.exists():
            write(path)
    return [(label, folder / name) for label, name in cases.items()]


def write(path: Path) -> None:
    if path.name == "small.pkl":
        path.write_bytes(pickle.dumps({"a": 1, "b": [1.5, 2.5]}, 4))
    elif path.name == "opcodes.pkl":
        path.write_bytes(b"\x80\x02](" + b"K\x01" * 4_999_995 + b"e.")
    elif path.name == "stored.pt":
        path.write_bytes(stored(50_000_000))
    elif path.name == "large.safetensors":
        size = 1_000_000_000
        header = f'{{"a":{{"dtype":"U8","shape":[{size}],"data_offsets":[0,{size}]}}}}'.encode()
        header += b" " * (-len(header) % 8)
        with path.open("wb") as file:
            file.write(struct.pack("<Q", len(header)) + header)
            for _ in range(size // MIB):
                file.write(os.urandom(MIB))
            file.write(os.urandom(size % MIB))
    else:
        path.mkdir()
        for number in range(2000):
            (path / f"{number:04}.pkl").write_bytes(pickle.dumps({"step": number, "values": [float(n) for n in range(20)]}, 4))


def stored(numbers: int) -> bytes:
    """A model of PyTorch with one tensor, in an archive that compresses nothing."""
    pickled = proto(2) + tensor(count=numbers, shape=(numbers,)) + STOP
    return zipped(pytorch(pickled, {"0": os.urandom(4 * numbers)}), zipfile.ZIP_STORED)


def best(command: list[str], runs: int = 3) -> Spent:
    """The quickest of several runs, which share what slows the machine the least."""
    return min((run(command) for _ in range(runs)), key=lambda spent: spent.processor)


def run(command: list[str]) -> Spent:
    settings = {**os.environ, "PROMPTFOO_DISABLE_TELEMETRY": "1", "NO_ANALYTICS": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=settings)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Spent(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, process.returncode)
