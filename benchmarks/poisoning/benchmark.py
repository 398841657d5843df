"""Poisons corpora in known ways, looks with bonafide, and writes what was found to RESULTS.md."""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import attacks
import corpora
import report

COUNTS = [3, 5, 10, 25, 50, 100, 250]
SEEDS = [1, 2, 3]
#: Corpus, most records of it, and the label that poisoned records get.
CORPORA = {"spam": (3000, "ham"), "speeches": (3000, "newer"), "digits": (1797, "8"), "mnist": (1000, "8")}
ADAPTIVE = {
    "text": ["forty spellings", "two common words", "clean label"],
    "images": ["moving patch", "clean label"],
}
KIND = {"spam": "text", "speeches": "text", "digits": "images", "mnist": "images"}


def scan(program, records):
    """What bonafide finds in the records. The only place that knows how it is called."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")
        file.flush()
        answer = subprocess.run([program, "scan", file.name], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def candidates(found):
    """Scores and features, highest first."""
    shown = (found or {}).get("result", {}).get("candidates", {}).get("shown", [])
    return [(each["score"], each["feature"]) for each in shown]


def measured(found, poisoned, shows):
    """What of the poisoned records and of the trigger was found; no feature is kept."""
    flagged = {int(each["record"].rpartition("#")[2]) for each in found["labels"]["doubtful"]["shown"]}
    result = {
        "agreement": found["labels"]["agreement"],
        "flagged": len(flagged),
        "right": len(flagged & poisoned),
        "suspected": len(found["suspected"]),
        "suspected_right": len(poisoned.intersection(found["suspected"])),
        "seconds": sum(found["seconds"].values()),
    }
    for basis in ("triggers", "added"):
        listed = [
            (score, any(part in feature for part in shows)) for score, feature in candidates(found[basis])
        ]
        hits = [place for place, (_, hit) in enumerate(listed, 1) if hit]
        result[basis] = {
            "rank": hits[0] if hits else None,
            "score": listed[hits[0] - 1][0] if hits else 0.0,
            "natural": max((score for score, hit in listed if not hit), default=0.0),
            "hits": [score for score, hit in listed if hit],
            "others": [score for score, hit in listed if not hit],
        }
    return result


def runs(program, names, counts, seeds, cache):
    """All measurements, one after the other: (corpus, attack, count, seed, result)."""
    for name in names:
        most, target = CORPORA[name]
        records = corpora.sample(getattr(corpora, name)(cache), most)
        plans = [("flips", count) for count in [0, *counts]]
        plans += [("trigger" if KIND[name] == "text" else "patch", count) for count in counts]
        plans += [(attack, count) for attack in ADAPTIVE[KIND[name]] for count in counts if count in (25, 100, 250)]
        for attack, count in plans:
            for seed in seeds:
                available = sum((r["label"] == target) == (attack == "clean label") for r in records)
                if count > available and attack != "flips":
                    continue
                if attack == "flips":
                    poisoned = attacks.flip(records, count, seed)
                else:
                    poisoned = attacks.poison(records, attack, count, target, seed)
                result = measured(scan(program, poisoned[0]), *poisoned[1:])
                yield {"corpus": name, "attack": attack, "count": count, "seed": seed, **result}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the Cargo example `poisoning`")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what is downloaded")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    parser.add_argument("--measurements", type=Path, help="also write every measurement as JSON Lines")
    parser.add_argument("--corpus", action="append", choices=list(CORPORA), help="only these")
    parser.add_argument("--count", action="append", type=int, help="only these counts")
    parser.add_argument("--seed", action="append", type=int, help="only these seeds")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    compared = subprocess.run(
        [sys.executable, "-B", Path(__file__).with_name("cleanlab_comparison.py"), arguments.program],
        check=True,
        capture_output=True,
        text=True,
    )
    done = []
    names = arguments.corpus or list(CORPORA)
    for run in runs(arguments.program, names, arguments.count or COUNTS, arguments.seed or SEEDS, arguments.cache):
        done.append(run)
        if arguments.measurements:
            arguments.measurements.write_text("".join(json.dumps(run) + "\n" for run in done))
        spent = time.monotonic() - begun
        print(f"{spent:6.0f} s  {run['corpus']}, {run['attack']}, {run['count']}", file=sys.stderr)
    seconds = statistics.median(run["seconds"] for run in done)
    text = report.written(done, json.loads(compared.stdout), CORPORA, KIND, time.monotonic() - begun, seconds)
    arguments.output.write_text(text)


if __name__ == "__main__":
    main()
