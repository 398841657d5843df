"""Quantises numbers with ggml itself, for the tests of the bounds of its schemes.

    pip install --no-deps ctransformers==0.2.27
    python quantisers.py ../../crates/bonafide-weights/src/tests/quantised.json
    python quantisers.py --large DIRECTORY

The first writes a few blocks of every scheme, the second a model of a million numbers of
each of four distributions in safetensors, and the same in GGUF by every scheme. The package
is named because it ships ggml as a library whose functions can be called.
"""

import ctypes
import importlib.util
import json
import pathlib
import sys

import gguf
import numpy

import files

SCHEMES = {
    "Q4_0": "q4_0", "Q4_1": "q4_1", "Q5_0": "q5_0", "Q5_1": "q5_1", "Q8_0": "q8_0",
    "Q2_K": "q2_K", "Q3_K": "q3_K", "Q4_K": "q4_K", "Q5_K": "q5_K", "Q6_K": "q6_K",
}


def library():
    place = pathlib.Path(importlib.util.find_spec("ctransformers").submodule_search_locations[0])
    loaded = ctypes.CDLL(str(place / "lib" / "basic" / "libctransformers.so"))
    # Sets up the tables that turn binary16 into numbers.
    class Memory(ctypes.Structure):
        _fields_ = [("size", ctypes.c_size_t), ("buffer", ctypes.c_void_p), ("none", ctypes.c_bool)]
    loaded.ggml_init.argtypes = [Memory]
    loaded.ggml_init.restype = ctypes.c_void_p
    loaded.ggml_init(Memory(1 << 20, None, False))
    return loaded


def quantise(loaded, name, numbers):
    kind = gguf.GGMLQuantizationType[name]
    block, size = gguf.GGML_QUANT_SIZES[kind]
    numbers = numpy.ascontiguousarray(numbers, numpy.float32)
    out = numpy.zeros(numbers.size // block * size, numpy.uint8)
    counts = (ctypes.c_int64 * 16)()
    function = getattr(loaded, f"ggml_quantize_{SCHEMES[name]}")
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
    function.restype = ctypes.c_size_t
    # The last number is that of a row; for K-quants it is also how many are done.
    written = function(numbers.ctypes.data, out.ctypes.data, numbers.size, numbers.size, counts)
    assert written == out.size, (name, written, out.size)
    return out.reshape(*numbers.shape[:-1], -1), kind


def distributions(random, shape):
    outliers = random.normal(0, 0.02, shape)
    outliers[random.random(shape) < 0.002] *= 30
    return {
        "normal.weight": random.normal(0, 0.02, shape),
        "laplace.weight": random.laplace(0, 0.01, shape),
        "uniform.weight": random.uniform(-0.05, 0.05, shape),
        "outliers.weight": outliers,
    }


def main():
    random = numpy.random.default_rng(40)
    loaded = library()
    if sys.argv[1] == "--large":
        directory = pathlib.Path(sys.argv[2])
        arrays = {
            name: array.astype(numpy.float32) for name, array in distributions(random, (1024, 1024)).items()
        }
        files.safetensors(directory / "base.safetensors", arrays)
        for name in SCHEMES:
            stored = {of: quantise(loaded, name, array) for of, array in arrays.items()}
            files.write_gguf(directory / f"{name}.gguf", stored)
        return
    numbers = numpy.concatenate([array.ravel() for array in distributions(random, 256).values()]).astype("<f4")
    blocks = {name: quantise(loaded, name, numbers)[0].tobytes().hex() for name in SCHEMES}
    with open(sys.argv[1], "w") as file:
        json.dump({"numbers": numbers.tobytes().hex(), "blocks": blocks}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
