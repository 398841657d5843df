"""Duplicates and near-duplicates of one Parquet file, next to other tools.

Makes the file, runs all tools on it in turn, checks that they agree, and prints a table.
An answer that differs ends the script with an error; no figure does.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import data
import similar

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def measured(command: list[str]) -> dict:
    """Runs a command: what it prints, seconds (wall, processor), peak memory in MB.

    GNU `time` is in between: a process begins with the peak of the one that starts it,
    and ours is large.
    """
    with tempfile.NamedTemporaryFile("r") as figures:
        timed = ["/usr/bin/time", "--format", "%e %U %S %M", "--output", figures.name, *command]
        output = subprocess.run(timed, check=True, stdout=subprocess.PIPE, text=True).stdout
        wall, user, system, peak = map(float, figures.read().split())
    return {"output": output, "wall": wall, "processor": user + system, "peak": peak * 1024 / 1e6}


def ours(output: str) -> dict:
    """What our own answer says, in the form of `engines.py`."""
    found = json.loads(output)["result"]
    return {
        "clusters": found["clusters"],
        "clustered": found["clustered"],
        "conflicts": found["conflicts"]["total"],
        "labels": found["labels"],
    }


def exact(binary: str, parquet: pathlib.Path, runs: int) -> list[str]:
    """All tools in turn, `runs` times; rows of a table."""
    engine = [sys.executable, str(HERE / "engines.py")]
    file = str(parquet)
    tools = {
        "DuckDB": [*engine, "duckdb", file],
        "Polars, streaming": [*engine, "polars", file],
        "bonafide": [binary, file, "2", "1024", "exact"],
        "bonafide, 128 MiB": [binary, file, "2", "128", "exact"],
        "bonafide, one worker": [binary, file, "1", "1024", "exact"],
    }
    results: dict[str, list[dict]] = {name: [] for name in tools}
    for _ in range(runs):
        for name, command in tools.items():
            results[name].append(measured(command))
    answers = {
        name: ours(of[0]["output"]) if name.startswith("bonafide") else json.loads(of[0]["output"])
        for name, of in results.items()
    }
    first = answers["DuckDB"]
    for name, answer in answers.items():
        if answer != first:
            raise SystemExit(f"{name} says {answer}, DuckDB says {first}")
    own = {of["output"] for name in tools if name.startswith("bonafide") for of in results[name]}
    if len(own) != 1:
        raise SystemExit("bonafide gives other clusters with other memory or workers")

    def median(name: str, what: str) -> float:
        return statistics.median(of[what] for of in results[name])

    rows = [
        f"All agree: {first['clusters']:,} clusters of {first['clustered']:,} records, "
        f"{first['conflicts']:,} with more than one label, and the histogram.",
        "",
        "| | wall s | ratio | processor s | ratio | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for name in tools:
        wall, processor = median(name, "wall"), median(name, "processor")
        rows.append(
            f"| {name} | {wall:.2f} | {wall / median('DuckDB', 'wall'):.2f} "
            f"| {processor:.2f} | {processor / median('DuckDB', 'processor'):.2f} "
            f"| {median(name, 'peak'):.0f} |"
        )
    return rows


def build() -> str:
    """Builds the example and says where it is."""
    command = ["cargo", "build", "--release", "--package", "bonafide-dataset"]
    subprocess.run([*command, "--example", "duplicates"], cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))
    return str(pathlib.Path(target) / "release" / "examples" / "duplicates")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of the large file")
    parser.add_argument("--pairs", type=int, default=20_000, help="rows for datasketch")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--binary", help="the example, if it is built already")
    parser.add_argument("--data", type=pathlib.Path, help="where the data is made and left")
    parser.add_argument("--output", type=pathlib.Path, default=HERE / "RESULTS.md")
    options = parser.parse_args()
    binary = options.binary or build()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        large = data.large(folder, options.rows)
        lines = [
            "# Duplicates and near-duplicates",
            "",
            "`benchmarks/datasets/run` writes this file. Whole processes, medians; DuckDB and Polars in Python, two threads each. "
            "The processor's seconds are of all threads together; where other work takes the cores, only their ratio says something. Peak memory is the resident set. bonafide reads the file with the `parquet` crate in an example of `bonafide-dataset`.",
            "",
            f"## Equal records: {options.rows:,} of text and label, {large.stat().st_size / 1e6:.0f} MB of Parquet (zstd)",
            "",
            *exact(binary, large, options.runs),
            "",
            *similar.compare(binary, folder, options.pairs, large, options.rows, measured),
        ]
    options.output.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
