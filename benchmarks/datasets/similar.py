"""Near-duplicates next to datasketch: the same signatures, bands and clusters."""

import json
import pathlib
import subprocess
import time

import data
from datasketch import MinHash, MinHashLSH
from datasketch.lsh import _optimal_param

SHAPES = [(0.5, 64), (0.7, 64), (0.5, 128), (0.8, 128)]


def shingles(text: str) -> set[bytes]:
    """Pairs of words, lower case."""
    words = text.lower().split()
    return {" ".join(words[at : at + 2]).encode() for at in range(max(1, len(words) - 1))}


def signatures(texts: list[str], permutations: int, scheme: str) -> tuple[list[MinHash], float]:
    """Signatures, and how many a second."""
    first = MinHash(num_perm=permutations, scheme=scheme)
    begin = time.process_time()
    made = []
    for text in texts:
        one = MinHash(num_perm=permutations, scheme=scheme, permutations=first.permutations)
        one.update_batch(shingles(text))
        made.append(one)
    return made, len(texts) / (time.process_time() - begin)


def clusters(hashes: list[MinHash], jaccard: float, permutations: int, verified: bool) -> list[list[int]]:
    """What is connected by answers of the index, of two or more members."""
    index = MinHashLSH(threshold=jaccard, num_perm=permutations)
    for number, one in enumerate(hashes):
        index.insert(number, one)
    parents = list(range(len(hashes)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for number, one in enumerate(hashes):
        for other in index.query(one):
            if not verified or one.jaccard(hashes[other]) >= jaccard:
                parents[root(number)] = root(other)
    members: dict[int, list[int]] = {}
    for number in range(len(hashes)):
        members.setdefault(root(number), []).append(number)
    return sorted(one for one in members.values() if len(one) > 1)


def compare(
    binary: str, folder: pathlib.Path, count: int, large: pathlib.Path, rows: int, measured
) -> list[str]:
    path, texts = data.variants(folder, count)

    def run(*arguments: str) -> str:
        command = [binary, str(path), "2", "1024", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    lines = [f"## Near-duplicates: {count:,} records, some with variants, next to datasketch 2.0.0", ""]
    for scheme, family in [("affine32", "affine"), ("legacy", "mersenne")]:
        for permutations in (64, 128):
            expected, _ = signatures(texts, permutations, scheme)
            own = run("signatures", str(permutations), family).splitlines()
            for text, one, other in zip(texts, expected, own, strict=True):
                if json.loads(other) != [int(value) for value in one.hashvalues]:
                    raise SystemExit(f"{scheme}: another signature for {text!r}")
    lines += [f"Signatures are equal: {count:,} records, 64 and 128 permutations, `affine32` and `legacy`.", ""]
    shapes = 0
    for permutations in (16, 64, 100, 128, 256):
        for jaccard in (0.1, 0.3, 0.5, 0.7, 0.8, 0.9):
            expected = list(_optimal_param(jaccard, permutations, 0.5, 0.5))
            own = json.loads(run("bands", str(jaccard), str(permutations)))
            if own != expected:
                raise SystemExit(f"{jaccard}, {permutations}: bands {own}, not {expected}")
            shapes += 1
    lines += [f"Bands are equal for {shapes} pairs of threshold and permutations.", ""]
    lines += ["| threshold, permutations | clusters | records in them | candidates: clusters | records in them |", "|---|---|---|---|---|"]
    for jaccard, permutations in SHAPES:
        hashes, _ = signatures(texts, permutations, "affine32")
        cells = []
        for mode, verified in [("similar", True), ("candidates", False)]:
            expected = clusters(hashes, jaccard, permutations, verified)
            found = json.loads(run(mode, str(jaccard), str(permutations), str(count)))["result"]
            own = sorted(
                [int(member.rsplit("#", 1)[1]) for member in cluster["members"]["shown"]]
                for cluster in found["largest"]["shown"]
            )
            if own != expected or found["crowded"]:
                raise SystemExit(f"{mode} {jaccard}, {permutations}: {len(own)} clusters, not {len(expected)}, or others")
            cells += [f"{len(own):,}", f"{sum(map(len, own)):,}"]
        lines.append(f"| {jaccard}, {permutations} | {' | '.join(cells)} |")
    lines += ["", "Every cluster has the same members on both sides.", ""]
    return lines + rate(binary, large, rows, measured)


def rate(binary: str, large: pathlib.Path, rows: int, measured) -> list[str]:
    """Signatures alone, by their own example, and all of the search, a second of processor."""
    import pyarrow.parquet

    sample = pyarrow.parquet.ParquetFile(large).read_row_group(0)["text"].to_pylist()[:20_000]
    begin = time.process_time()
    for text in sample[:2_000]:
        one = MinHash(num_perm=64)
        for shingle in shingles(text):
            one.update(shingle)
    theirs = 2_000 / (time.process_time() - begin)
    _, batch = signatures(sample, 64, "affine32")
    lines = ["| 64 permutations, 6 to 17 words a row | thousand rows per second of processor | ratio | to batches | wall s | peak MB |"]
    lines.append("|---|---|---|---|---|---|")
    lines.append(f"| datasketch, signatures alone, `update` as its manual shows | {theirs / 1e3:.1f} | 1 | | | |")
    lines.append(f"| datasketch, signatures alone, `update_batch`, permutations shared | {batch / 1e3:.1f} | {batch / theirs:.1f} | 1 | | |")
    for name, memory in [("1 GiB", "1024"), ("128 MiB", "128")]:
        once = measured([binary, str(large), "2", memory, "similar", "0.5", "64"])
        own = rows / once["processor"]
        lines.append(
            f"| bonafide, signatures, bands, verified clusters, {name} | {own / 1e3:.0f} | {own / theirs:.0f} | {own / batch:.0f} "
            f"| {once['wall']:.1f} | {once['peak']:.0f} |"
        )
    only = measured([binary, str(large), "1", "1024", "sign", "64"])
    own = rows / only["processor"]
    lines.append(f"| bonafide, reading and signatures alone | {own / 1e3:.0f} | {own / theirs:.0f} | {own / batch:.0f} | {only['wall']:.1f} | {only['peak']:.0f} |")
    return lines
