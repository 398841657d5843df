"""Writes random blocks of ggml and what the package `gguf` reads from them.

    python blocks.py ../../crates/bonafide-weights/src/tests/blocks.json

The bytes are random but for the scales, which are set to numbers of a usual size, so that
every code and every packed scale occurs.
"""

import json
import sys

import numpy
from gguf import GGMLQuantizationType as Kind
from gguf import GGML_QUANT_SIZES, quants

# Where the binary16 scales of a block are.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "IQ4_NL": [0], "IQ4_XS": [0],
}


def main():
    random = numpy.random.default_rng(20)
    cases = {}
    for name, scales in SCALES.items():
        kind = Kind[name]
        _, size = GGML_QUANT_SIZES[kind]
        blocks = random.integers(0, 256, (3, size), dtype=numpy.uint8)
        for block in blocks:
            for at in scales:
                scale = numpy.float16(random.normal() * 0.01)
                block[at:at + 2] = numpy.frombuffer(scale.tobytes(), numpy.uint8)
        numbers = quants.dequantize(blocks, kind)
        cases[name] = {
            "bytes": blocks.tobytes().hex(),
            "numbers": [float(f"{number:.8g}") for number in numbers.reshape(-1)],
        }
    with open(sys.argv[1], "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
