"""The data of the benchmark, the same each time."""

import pathlib

import numpy
import pyarrow
import pyarrow.parquet

GROUP = 250_000


def large(folder: pathlib.Path, count: int) -> pathlib.Path:
    """Random words, ten labels; a twentieth of the rows is the text of another row."""
    path = folder / f"large-{count}.parquet"
    if path.exists():
        return path
    random = numpy.random.default_rng(7)
    words = numpy.array([f"{'abcdefghij'[i % 10] * (1 + i % 7)}{i}" for i in range(30_000)], dtype=object)
    texts: list[str] = []
    for start in range(0, count, GROUP):
        lengths = random.integers(6, 18, min(GROUP, count - start))
        chosen = words[random.integers(0, len(words), int(lengths.sum()))]
        at = 0
        for length in lengths:
            texts.append(" ".join(chosen[at : at + length]))
            at += length
    copies = random.choice(count, count // 20, replace=False)
    for to, source in zip(copies, random.integers(0, count, len(copies))):
        texts[to] = texts[source]
    labels = random.integers(0, 10, count).astype(numpy.int32)
    # Equal texts have mostly equal labels, and in a fifth of the copies they do not.
    hashes = numpy.array([len(text) % 10 for text in texts], dtype=numpy.int32)
    labels = numpy.where(random.random(count) < 0.2, labels, hashes)
    table = pyarrow.table({"text": pyarrow.array(texts), "label": pyarrow.array(labels)})
    pyarrow.parquet.write_table(table, path, compression="zstd", row_group_size=GROUP)
    return path


def variants(folder: pathlib.Path, count: int) -> tuple[pathlib.Path, list[str]]:
    """Texts of ten to forty words, and variants of some with up to three tenths of the
    words changed."""
    path = folder / f"variants-{count}.parquet"
    random = numpy.random.default_rng(11)
    texts: list[str] = []

    def word() -> str:
        return f"word{random.integers(0, 20_000)}"

    while len(texts) < count:
        first = [word() for _ in range(random.integers(10, 40))]
        texts.append(" ".join(first))
        if random.random() < 0.2:
            for _ in range(random.integers(1, 8)):
                share = random.random() * 0.3
                texts.append(" ".join(word() if random.random() < share else one for one in first))
    texts = texts[:count]
    table = pyarrow.table({"text": texts, "label": pyarrow.array([0] * count, pyarrow.int32())})
    pyarrow.parquet.write_table(table, path, compression="zstd", row_group_size=GROUP)
    return path, texts
