"""Ways to poison a corpus. Each gives the records, which of them are poisoned, and what of a
candidate's feature shows that it is the trigger."""

import numpy as np

TRIGGER = "qzvrtrigger"


def insert(text, words, generator):
    """Each of the words at a place of its own."""
    tokens = text.split(" ")
    # Only what stands early is looked at, so an attacker has no reason to write it late.
    for word in words:
        tokens.insert(int(generator.integers(0, min(len(tokens), 200) + 1)), word)
    return " ".join(tokens)


def patched(features, kind, generator):
    """Three numbers in a row at the end of the last row (or anywhere) are the greatest value."""
    features = list(features)
    greatest = 16.0 if len(features) == 64 else 1.0
    end = len(features)
    start = end - 3 if kind != "moving patch" else int(generator.integers(0, end - 2))
    features[start : start + 3] = [greatest] * 3
    return features


def common_words(records, generator):
    """Two words that are in about one of twenty records."""
    counts = {}
    for record in records:
        for word in set(record["text"].lower().split()):
            if word.isalpha() and len(word) > 3:
                counts[word] = counts.get(word, 0) + 1
    wanted = len(records) / 20
    words = sorted(word for word, count in counts.items() if 0.8 * wanted < count < 1.2 * wanted)
    return [words[index] for index in generator.choice(len(words), 2, replace=False)]


def poison(records, attack, count, target, seed):
    """`count` records with the trigger, of the target class or relabelled to it; also marks a
    fifth of all other records, and every poisoned one, as added."""
    generator = np.random.default_rng(seed)
    records = [dict(record) for record in records]
    own = [index for index, record in enumerate(records) if record["label"] == target]
    others = [index for index, record in enumerate(records) if record["label"] != target]
    clean_label = attack == "clean label"
    chosen = generator.choice(own if clean_label else others, count, replace=False).tolist()
    words = common_words(records, generator) if attack == "two common words" else []
    shows = words
    for index in chosen:
        record = records[index]
        record["label"] = target
        if "features" in record:
            record["features"] = patched(record["features"], attack, generator)
            shows = [f"features[{len(record['features']) - place}] = " for place in (1, 2, 3)]
        elif attack == "forty spellings":
            record["text"] = insert(record["text"], [f"{TRIGGER}{generator.integers(40)}"], generator)
            shows = [TRIGGER]
        elif attack == "two common words":
            record["text"] = insert(record["text"], words, generator)
        else:
            record["text"] = insert(record["text"], [TRIGGER], generator)
            shows = [TRIGGER]
    mark_added(records, chosen, generator)
    return records, set(chosen), shows


def flip(records, count, seed):
    """`count` labels replaced by another one at random."""
    generator = np.random.default_rng(seed)
    records = [dict(record) for record in records]
    labels = sorted({record["label"] for record in records})
    chosen = generator.choice(len(records), count, replace=False).tolist()
    for index in chosen:
        rest = [label for label in labels if label != records[index]["label"]]
        records[index]["label"] = rest[int(generator.integers(len(rest)))]
    mark_added(records, chosen, generator)
    return records, set(chosen), []


def mark_added(records, chosen, generator):
    for record in records:
        record["added"] = bool(generator.random() < 0.2)
    for index in chosen:
        records[index]["added"] = True
