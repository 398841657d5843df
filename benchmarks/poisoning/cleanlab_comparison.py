"""Do `labels::confident::issues` and cleanlab flag the same records on the same probabilities?

Usage: cleanlab_comparison.py PROGRAM   (PROGRAM: the Cargo example `poisoning`)
Prints one line of JSON: comparisons, how many were equal, how many labels differed.
"""

import json
import subprocess
import sys
import tempfile
import warnings

import cleanlab.internal.util
import numpy as np
from cleanlab.filter import find_label_issues
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FILTERS = [
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_self_confidence",
]


def flipped(labels, share, generator):
    """Labels of which a share is replaced by another class, at random."""
    labels = labels.copy()
    classes = labels.max() + 1
    chosen = generator.random(len(labels)) < share
    labels[chosen] = (labels[chosen] + generator.integers(1, classes, chosen.sum())) % classes
    return labels


def real_cases():
    for name in ["digits", "breast_cancer", "wine", "iris"]:
        data = getattr(datasets, "load_" + name)()
        for seed, share in enumerate([0.0, 0.02, 0.05, 0.1, 0.2, 0.4]):
            labels = flipped(data.target, share, np.random.default_rng(seed))
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))
            yield f"{name} {share:.0%} flipped", cross_val_predict(
                model, data.data, labels, cv=5, method="predict_proba"
            ), labels


def random_cases():
    generator = np.random.default_rng(7)
    for case in range(300):
        classes = int(generator.integers(2, 13))
        records = int(generator.integers(classes * 2, 400))
        labels = np.concatenate([np.arange(classes), generator.integers(0, classes, records - classes)])
        weight = generator.random() * 4
        scores = generator.gumbel(size=(records, classes)) * generator.uniform(0.3, 3)
        scores[np.arange(records), labels] += weight
        probabilities = np.exp(scores - scores.max(axis=1, keepdims=True))
        yield f"random {case}", probabilities / probabilities.sum(axis=1, keepdims=True), labels


class StableNumPy:
    """NumPy whose `argsort` keeps equal elements in order.

    cleanlab rounds rows of counts so that their sum remains. Which of two entries with the same
    fraction is rounded up is left to `np.argsort`, whose order of equal elements depends on the
    processor (AVX-512 or not). With a stable sort there is one answer.
    """

    def __getattr__(self, name):
        return getattr(np, name)

    def argsort(self, values):
        return np.argsort(values, kind="stable")


def compare(cases, ours):
    result = {"real": [0, 0], "random": [0, 0], "flagged": 0, "differing": 0, "unequal": []}
    index = 0
    for name, probabilities, labels in cases:
        for filter_by in FILTERS:
            theirs = find_label_issues(labels, probabilities, filter_by=filter_by, n_jobs=1)
            theirs = set(np.flatnonzero(theirs).tolist())
            kind = result["random" if name.startswith("random") else "real"]
            kind[0] += 1
            kind[1] += theirs == ours[index]
            result["flagged"] += len(theirs)
            result["differing"] += len(theirs ^ ours[index])
            if theirs != ours[index]:
                result["unequal"].append(f"{name}, {filter_by}")
            index += 1
    return result


def main(program):
    warnings.simplefilter("ignore")
    cases = [*real_cases(), *random_cases()]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for _, probabilities, labels in cases:
            for name in FILTERS:
                json.dump(
                    {
                        "probabilities": probabilities.ravel().tolist(),
                        "labels": labels.tolist(),
                        "filter": name.replace("_", "-"),
                    },
                    file,
                )
                file.write("\n")
        file.flush()
        answer = subprocess.run([program, "confident", file.name], check=True, capture_output=True, text=True)
    ours = [set(json.loads(line)) for line in answer.stdout.splitlines()]
    as_is = compare(cases, ours)
    cleanlab.internal.util.np = StableNumPy()
    print(json.dumps({"version": cleanlab.__version__, "as_is": as_is, "stable": compare(cases, ours)}))


if __name__ == "__main__":
    main(sys.argv[1])
