"""Writes what was measured as a page."""

import math
import statistics


PLAIN = ("flips", "trigger", "patch")


def part(numerator, denominator):
    return f"{numerator / denominator:.2f}" if denominator else "–"


def rows(done, corpus, attack):
    """Count and runs, ascending by count."""
    chosen = [run for run in done if run["corpus"] == corpus and run["attack"] == attack]
    for count in sorted({run["count"] for run in chosen}):
        yield count, [run for run in chosen if run["count"] == count]


def line(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def ranks(runs, basis):
    return ", ".join(str(run[basis]["rank"] or "–") for run in runs)


def labels_table(done, corpus):
    text = line("labels changed", "recall", "precision", "flags", "probe agrees") + line(*["---:"] * 5)
    for count, runs in rows(done, corpus, "flips"):
        right, flagged = (sum(run[name] for run in runs) for name in ("right", "flagged"))
        agreement = statistics.mean(run["agreement"] for run in runs)
        text += line(
            count, part(right, count * len(runs)), part(right, flagged) if count else "–",
            f"{flagged / len(runs):.1f}", f"{agreement:.3f}",
        )
    return text


def candidates_table(done, corpus, attack, basis, threshold):
    text = line("poisoned", "rank in each run", "recall@1", "recall@10", "least score", f"found at {threshold}",
                f"precision at {threshold}") + line(*["---:"] * 7)
    for count, runs in rows(done, corpus, attack):
        found = [run[basis] for run in runs]
        at = lambda k: sum(each["rank"] is not None and each["rank"] <= k for each in found)
        hits = sum(score >= threshold for each in found for score in each["hits"])
        others = sum(score >= threshold for each in found for score in each["others"])
        text += line(
            count, ranks(runs, basis), f"{at(1)}/{len(runs)}", f"{at(10)}/{len(runs)}",
            f"{min(each['score'] for each in found):.0f}",
            f"{sum(each['score'] >= threshold for each in found)}/{len(runs)}", part(hits, hits + others),
        )
    return text


def natural(done, corpus, basis):
    """Highest score of a feature that nobody inserted: in data without a trigger, and in all."""
    # Adaptive attacks leave parts of triggers in features that are not counted as theirs.
    of = [run for run in done if run["corpus"] == corpus and run["attack"] in PLAIN]
    clean = [run[basis]["natural"] for run in of if run["attack"] == "flips" and run["count"] == 0]
    return max(clean, default=0.0), max((run[basis]["natural"] for run in of), default=0.0)


def flags_table(done, names, kinds, thresholds):
    text = line("corpus", "basis", "highest on clean data", "highest in any run", "threshold",
                "runs with a flag that no trigger explains") + line("---", "---", *["---:"] * 4)
    for name in names:
        for basis in ("triggers", "added"):
            clean, worst = natural(done, name, basis)
            threshold = thresholds[kinds[name], basis]
            of = [run for run in done if run["corpus"] == name and run["attack"] in PLAIN]
            false = sum(run[basis]["natural"] >= threshold for run in of)
            text += line(name, basis, f"{clean:.0f}", f"{worst:.0f}", threshold, f"{false} of {len(of)}")
    return text


def compared(result):
    text = ""
    for name, how in (("as_is", "as it is"), ("stable", "with a stable sort in NumPy")):
        of = result[name]
        real, random = of["real"], of["random"]
        text += (
            f"- cleanlab {result['version']} {how}: {real[1]} of {real[0]} on real data and {random[1]} of {random[0]} on random "
            f"probabilities are the same set; {of['differing']} records differ of {of['flagged']} flagged.\n"
        )
    return text


def written(done, comparison, corpora, kinds, elapsed, seconds):
    names = [name for name in corpora if any(run["corpus"] == name for run in done)]
    seeds = {name: len({run["seed"] for run in done if run["corpus"] == name}) for name in names}
    thresholds = {}
    first = {}
    for name in names:
        first.setdefault(kinds[name], name)
    for kind, name in first.items():
        for basis in ("triggers", "added"):
            worst = natural(done, name, basis)[1]
            thresholds[kind, basis] = max(10 * math.ceil((worst + 1) / 10), 10)
    fixed = ", ".join(f"{name} for {kind}" for kind, name in first.items())
    text = f"""# What is found in poisoned data

Written by `benchmarks/poisoning/run` from {len(done)} runs on data poisoned in known ways ({elapsed / 60:.0f} minutes here, a run took
{seconds:.1f} s at the median, one worker). Records and seeds: {", ".join(f"{name} at most {corpora[name][0]:,} records, {seeds[name]} seeds" for name in names)}.
Counts are absolute, because the number of poisoned records matters more than their share (Souly et al., arXiv 2510.07192).
A fifth of the records, and all that are poisoned, count as added since an earlier version; the split is at random, so that real
drift is not in these figures.

The probe, its options and `common` are the defaults and were not tuned on either corpus. Thresholds are fixed on one corpus of each kind
({fixed}): the next multiple of ten above every score there of a feature that nobody inserted. On the other corpus they are only reported.
The default of the command stays 60.

## The same records as cleanlab

{compared(comparison)}
Where two entries of a row of counts have the same fraction, cleanlab leaves it to an unstable sort which of them is rounded up: its own
answer then depends on the processor.

## Doubtful labels

Labels replaced by another one at random; filter `both`. Count 0 is the data as it is, so its flags are the flags on clean data
(some may be right: no corpus is free of errors).

"""
    for name in names:
        text += f"### {name}\n\n{labels_table(done, name)}\n"
    text += "## False alarms of trigger candidates\n\n" + flags_table(done, names, kinds, thresholds) + "\n"
    for basis, title in (
        ("triggers", "Triggers, by doubtful labels"),
        ("added", "Triggers, by added records, labels ignored"),
    ):
        text += f"## {title}\n\n"
        for name in names:
            attack = "trigger" if kinds[name] == "text" else "patch"
            what = "an unseen token" if attack == "trigger" else "three pixels in a corner"
            threshold = thresholds[kinds[name], basis]
            text += f"### {name}, {what} in relabelled records\n\n"
            text += candidates_table(done, name, attack, basis, threshold) + "\n"
    text += """## Attacks that adapt

The weak spots, on purpose. `forty spellings`: each record has one of forty triggers, as a paraphrased one would. `two common words`: two words that
are each in one of twenty records, not next to each other. `clean label`: the trigger is in records of the target class and no label is wrong, so that what
looks at labels cannot see it. `moving patch`: the same pixels at another place in each image.

"""
    for name in names:
        for attack in dict.fromkeys(run["attack"] for run in done if run["corpus"] == name):
            if attack in ("flips", "trigger", "patch"):
                continue
            for basis, title in (("triggers", "by doubtful labels"), ("added", "by added records")):
                text += f"### {name}, {attack}, {title}\n\n"
                text += candidates_table(done, name, attack, basis, thresholds[kinds[name], basis]) + "\n"
    text += """## What this does not show

- Patches in images are learnt by the probe itself, so that the poisoned records are not doubtful any more: on images the way by labels finds little, and only
  the comparison with the signed earlier version works.
- Style, syntax and meaning as a trigger leave no token and no phrase. About ten records or fewer stay below the thresholds.
- Two corpora of each kind are not all data. A score above the threshold is a reason to look, not a proof; none is no proof of the absence of a trigger.
"""
    return text
