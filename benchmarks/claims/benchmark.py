"""Trains models, says true and false things of how they were made, and judges these.

    benchmarks/claims/run [--program PATH] [--seeds N] [--output FILE] [--keep DIR]

Every model here is made by the script, so every result is about synthetic models.
"""

import argparse
import collections
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import gguf
import numpy

import files
import models

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

RANK = 4

# Rules and thresholds were written while looking at the models of the seeds below this one.
FIRST_SEED = 3

# Claims that are made of every model.
CLAIMS = ["exact-copy", "full-fine-tune", f"lora-merge:{RANK}", "adapter", "quantised", "merge"]

# What is claimed where it would be true of a model that shows this relation.
TITLES = {
    "exact-copy": "exact copy", "low-rank": "low rank", "edited": "edited", "fine-tuned": "fine-tuned",
    "quantised": "quantised", "adapter": "adapter", "merge": "merge", "unrelated": "unrelated", "unknown": "unknown",
}


@dataclasses.dataclass
class Case:
    """A model, what it is made from, and what is true of it."""

    title: str
    path: pathlib.Path
    bases: list
    relations: tuple
    true: tuple
    claims: tuple = tuple(CLAIMS)
    adapter: pathlib.Path | None = None
    # False claims that bytes cannot contradict, and why.
    hidden: dict = dataclasses.field(default_factory=dict)


def judge(program, case, claims):
    """Calls the program: the one place that knows how."""
    command = [program, case.path]
    for base in case.bases:
        command += ["--base", base]
    for claim in claims:
        command += ["--claim", claim]
    if case.adapter:
        command += ["--adapter", case.adapter]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def make(kind, seed, directory):
    """All models of one kind and seed."""
    random = numpy.random.default_rng(1000 + seed)
    base = models.train(kind, kind.initial(random), seed, steps=300)
    score = kind.score(base, numpy.random.default_rng(7))
    tuned = models.train(kind, base, seed + 1, task=1, steps=150, rate=1e-3)
    second = models.train(kind, base, seed + 2, task=2, steps=150, rate=1e-3)
    first_matrix = next(iter(base))
    frozen = models.train(kind, base, seed + 3, task=1, steps=150, rate=1e-3, frozen=[first_matrix])
    factors = models.train_adapter(kind, base, seed + 4, RANK)
    larger = models.merge_adapter(base, models.train_adapter(kind, base, seed + 5, 2 * RANK))
    merged = models.merge_adapter(base, factors)
    mixed = {name: (0.4 * second[name] + 0.6 * tuned[name]).astype(numpy.float32) for name in base}
    other = models.train(kind, kind.initial(numpy.random.default_rng(9000 + seed)), seed + 6, steps=300)

    def changed(arrays, change, name=kind.edited):
        return {**arrays, name: (arrays[name] + change).astype(numpy.float32)}

    shape = base[kind.edited].shape
    scale = 0.2 * numpy.abs(base[kind.edited]).mean()
    # As ROME does: a key of the layer's inputs is given another value.
    rome = numpy.outer(random.normal(0, 1, shape[0]), random.normal(0, 1, shape[1])) * scale
    row, number = numpy.zeros(shape), numpy.zeros(shape)
    row[3] = random.normal(0, scale, shape[1])
    number[2, 5] = 5 * scale
    spread = random.normal(0, scale, shape)

    saved = {}

    def save(name, arrays, dtype="F32"):
        saved[name] = files.safetensors(directory / name / "model.safetensors", arrays, dtype).parent
        return saved[name]

    save("base", base)
    cases = []

    def case(title, path, relations, true=(), bases=None, **more):
        bases = bases or [saved["base"]]
        cases.append(Case(title, path, bases, tuple(relations.split()), tuple(true), **more))

    lora = f"lora-merge:{RANK}"
    edit = {lora: "a change of one matrix by a matrix of rank one is also what an adapter for that matrix is"}

    case("copy", save("copy", base), "exact-copy", ["exact-copy"])
    shards = list(base.items())
    files.safetensors(directory / "shards" / "model-00001.safetensors", dict(shards[::2]))
    files.safetensors(directory / "shards" / "model-00002.safetensors", dict(shards[1::2]))
    case("copy in two files", directory / "shards", "exact-copy", ["exact-copy"])
    wrapped = {f"module.{name}": array for name, array in base.items()}
    case("copy with renamed tensors", save("renamed", wrapped), "exact-copy", ["exact-copy"])

    case("fine-tune", save("tuned", tuned), "fine-tuned", ["full-fine-tune"])
    freeze = f"full-fine-tune:{first_matrix}"
    case("fine-tune, first matrix frozen", save("frozen", frozen), "fine-tuned", ["full-fine-tune", freeze],
         claims=(*CLAIMS, freeze))
    case("fine-tune, said to freeze the first matrix", saved["tuned"], "fine-tuned", ["full-fine-tune"],
         claims=("full-fine-tune", freeze))
    for dtype in ("BF16", "F16"):
        start = files.rounded(base, dtype)
        stored = save(f"base-{dtype}", start, dtype)
        case(f"fine-tune in {dtype}", save(f"tuned-{dtype}", tuned, dtype), "fine-tuned", ["full-fine-tune"],
             bases=[stored])
        case(f"merged adapter in {dtype}", save(f"merged-{dtype}", models.merge_adapter(start, factors), dtype),
             "low-rank", [lora, "lora-merge"], bases=[stored], claims=(*CLAIMS, "lora-merge"))
    case("merged adapter", save("merged", merged), "low-rank", [lora, "lora-merge"], claims=(*CLAIMS, "lora-merge"))
    case("merged adapter of twice the rank", save("larger", larger), "low-rank", ["lora-merge"],
         claims=(*CLAIMS, "lora-merge"))
    case("merged adapter, stored in BF16 with a base in F32", save("merged-cast", merged, "BF16"), "low-rank",
         [lora, "lora-merge"], claims=(*CLAIMS, "lora-merge"))
    case("merged adapter, and one matrix edited", save("merged-edited", changed(merged, spread)), "fine-tuned low-rank")

    pair = [save("second", second), saved["tuned"]]
    case("merge of two", save("mixed", mixed), "merge", ["merge"], bases=pair)
    halves = [files.rounded(arrays, "BF16") for arrays in (second, tuned)]
    both = [save("second-half", halves[0], "BF16"), save("tuned-half", halves[1], "BF16")]
    blend = {name: 0.5 * halves[0][name] + 0.5 * halves[1][name] for name in base}
    case("merge of two in BF16", save("mixed-half", blend, "BF16"), "merge", ["merge"], bases=both)
    case("merge of two, one matrix edited", save("mixed-edited", changed(mixed, rome)), "fine-tuned", bases=pair,
         hidden={"full-fine-tune": "a merge that was edited is as far from either base as a fine-tune is"})

    case("one matrix edited by rank one", save("rome", changed(base, rome)), "edited", hidden=edit)
    case("one row edited", save("row", changed(base, row)), "edited", hidden=edit)
    case("one number edited", save("number", changed(base, number)), "edited", hidden=edit)
    case("one matrix edited throughout", save("spread", changed(base, spread)), "edited")

    blocks = {name: gguf.GGMLQuantizationType[name] for name in ("Q8_0", "Q4_0", "Q5_1")}
    for name, block in blocks.items():
        stored = files.quantised(base, block)
        case(f"{name} in GGUF", files.write_gguf(directory / f"{name}.gguf", stored), "quantised", ["quantised"])
    stored = files.quantised(base, blocks["Q8_0"])
    codes = stored[kind.edited][0].copy()
    codes.reshape(-1)[2 + 7] ^= 0x08
    stored[kind.edited] = codes, blocks["Q8_0"]
    case("Q8_0 with one code changed", files.write_gguf(directory / "code.gguf", stored), "edited low-rank fine-tuned",
         hidden=edit)
    case("Q4_0 of the fine-tune", files.write_gguf(directory / "tuned.gguf", files.quantised(tuned, blocks["Q4_0"])),
         "fine-tuned", ["full-fine-tune"])
    if kind is not None and isinstance(kind, models.Characters):
        renamed = files.quantised(files.llama_names(base), blocks["Q8_0"])
        case("Q8_0 in GGUF with llama.cpp's names and order", files.write_gguf(directory / "llama.gguf", renamed),
             "quantised", ["quantised"])
    case("codes of eight bits with scales", save("codes", files.whole_numbers(base)), "quantised", ["quantised"])
    for dtype in ("BF16", "F16"):
        case(f"cast to {dtype}", save(f"cast-{dtype}", base, dtype), "quantised", ["quantised"])

    parts = {}
    for (name, part), array in factors.items():
        module = name.removesuffix(".weight")
        parts[f"base_model.model.{module}.lora_{part}.weight"] = array
    targets = sorted({name.removesuffix(".weight").split(".")[-1] for name in kind.adapted})
    adapter = save("adapter", parts)
    configuration = {"r": RANK, "target_modules": targets}
    if not isinstance(kind, models.Characters):
        configuration["target_modules"] = [name.removesuffix(".weight") for name in kind.adapted]
    for name, change in (("good", {}), ("rank", {"r": 2 * RANK}), ("targets", {"target_modules": ["k_proj"]})):
        (directory / f"{name}.json").write_text(json.dumps({**configuration, **change}))
    case("adapter", adapter, "adapter", ["adapter"], adapter=directory / "good.json")
    case("adapter that declares another rank", adapter, "adapter", adapter=directory / "rank.json")
    case("adapter that declares other targets", adapter, "adapter", adapter=directory / "targets.json")

    case("another training", save("other", other), "unrelated")
    return cases, score, saved["second"]


def build():
    """The program that judges."""
    command = ["cargo", "build", "--quiet", "--package", "bonafide-weights", "--example", "claims"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "debug" / "examples" / "claims"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--program", type=pathlib.Path, help="a program that is built already")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--output", type=pathlib.Path, default=HERE / "RESULTS.md")
    parser.add_argument("--keep", type=pathlib.Path, help="where models are made, and left")
    return parser.parse_args()


def standing(result):
    if result["violations"]:
        return "violated"
    return "undecided" if result["undecided"] else "held"


def main():
    options = arguments()
    program = options.program or build()
    results, relations, scores, wrong = collections.Counter(), collections.Counter(), {}, collections.Counter()
    by_claim, by_case = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    hidden = collections.Counter()
    models_made = calls = 0
    seconds = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        directory = options.keep or pathlib.Path(temporary)
        for kind in (models.Digits(), models.Text(), models.Characters()):
            for seed in range(FIRST_SEED, FIRST_SEED + options.seeds):
                place = directory / f"{type(kind).__name__.lower()}-{seed}"
                cases, score, second = make(kind, 10 * seed, place)
                scores.setdefault(kind.title, []).append(score)
                for case in cases:
                    models_made += 1
                    # A merge is claimed of two; the rest of the claims are of what the model has.
                    groups = [(case, [claim for claim in case.claims if claim != "merge" or len(case.bases) > 1])]
                    if "merge" in case.claims and len(case.bases) == 1:
                        two = dataclasses.replace(case, bases=[*case.bases, second])
                        groups.append((two, ["merge"]))
                    for index, (asked, claims) in enumerate(groups):
                        start = time.perf_counter()
                        answer = judge(program, asked, claims)
                        seconds += time.perf_counter() - start
                        calls += 1
                        found = answer["comparison"]["relation"]["relation"]
                        if index == 0:
                            relations[case.relations[0], found] += 1
                            if found not in case.relations:
                                wrong[f"{case.title}: the relation is {found}"] += 1
                        for claim, result in zip(claims, answer["claims"]):
                            found = standing(result)
                            true = claim in case.true
                            if not true and claim in case.hidden:
                                hidden[case.title, claim, found] += 1
                                continue
                            results[true, found] += 1
                            by_claim[claim.split(":")[0]][true, found] += 1
                            by_case[case.title][true, found] += 1
                            if found != ("held" if true else "violated"):
                                why = result["undecided"] or "; ".join(v["message"] for v in result["violations"])
                                wrong[
                                    f"{case.title}: `{claim}` is {'true' if true else 'false'} and {found}"
                                    f"{': ' if why else ''}{why[:200]}"
                                ] += 1
    text = report(options, results, by_claim, by_case, relations, hidden, scores, wrong, models_made, calls, seconds)
    options.output.write_text(text)
    print(text)
    return 0


def rates(counter):
    """Precision and recall of finding that a claim is false."""
    caught, missed = counter[False, "violated"], counter[False, "held"] + counter[False, "undecided"]
    false_alarms = counter[True, "violated"]
    precision = caught / (caught + false_alarms) if caught + false_alarms else None
    recall = caught / (caught + missed) if caught + missed else None
    return precision, recall


def shown(number):
    return "–" if number is None else f"{number:.3f}"


def row(title, counter):
    precision, recall = rates(counter)
    cells = [counter[false, found] for false in (False, True) for found in ("violated", "undecided", "held")]
    return f"| {title} | {' | '.join(str(cell) for cell in cells)} | {shown(precision)} | {shown(recall)} |"


def report(options, results, by_claim, by_case, relations, hidden, scores, wrong, models_made, calls, seconds):
    head = [
        "| false: violated | undecided | held | true: violated | undecided | held | precision | recall |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines = [
        "# Claims about models: results",
        "",
        "Written by `benchmarks/claims/run`. **Synthetic:** every model is small, trained by the script from a fixed",
        f"seed, and changed by the script; {options.seeds} seeds of each of three kinds. It shows that the judgement is",
        "right where the truth is known, not how often claims in the world are false. Rules and thresholds were written",
        f"while looking at the seeds below {FIRST_SEED}; those are not in here.",
        "",
        f"{models_made} models, {sum(results.values()) + sum(hidden.values())} claims, {calls} runs of the program,",
        f"{1000 * seconds / max(calls, 1):.0f} ms each with starting it. Accuracy of the bases on what they learned:",
        "; ".join(f"{title} {', '.join(f'{score:.2f}' for score in found)}" for title, found in scores.items()) + ".",
        "",
        "## False claims that are found",
        "",
        "A claim that is violated is a finding; undecided ones are neither held nor a finding. Recall counts undecided",
        "false claims as missed. Claims that the bytes cannot contradict are below, not in here.",
        "",
        "| claim " + head[0],
        head[1],
    ]
    lines += [row(f"`{claim}`", counter) for claim, counter in sorted(by_claim.items())]
    lines += [row("all", results), "", "| model " + head[0], head[1]]
    lines += [row(title, counter) for title, counter in by_case.items()]
    made = sorted({made for made, _ in relations})
    seen = sorted({found for _, found in relations})
    lines += ["", "## Relations", "", "Rows are how the models were made, columns what the numbers show.", ""]
    lines += ["| | " + " | ".join(TITLES[found] for found in seen) + " |", "|---" * (len(seen) + 1) + "|"]
    lines += [f"| {TITLES[one]} | " + " | ".join(str(relations[one, found]) for found in seen) + " |" for one in made]
    lines += [
        "",
        "## False claims that bytes cannot contradict",
        "",
        "| model | claim | found | times |",
        "|---|---|---|---|",
    ]
    lines += [f"| {title} | `{claim}` | {found} | {count} |" for (title, claim, found), count in sorted(hidden.items())]
    lines += [
        "",
        "A change of one matrix by a matrix of rank one is also what an adapter for that matrix would be: the targets",
        "that the claim names tell them apart, if it names them. A merge that was edited is as far from either base as",
        "a fine-tune is.",
        "",
        "## Everything that came out otherwise",
        "",
    ]
    lines += [f"- {count} times, {line}" for line, count in wrong.items()] or ["Nothing."]
    lines += [
        "",
        "A claim that holds is not a model that is safe: undetectable backdoors exist (Goldwasser et al. 2022), and",
        "attacks within the bounds of a quantisation do (Egashira et al., arXiv:2505.23786).",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
