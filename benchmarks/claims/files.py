"""Writes models as safetensors and GGUF."""

import json

import gguf
import numpy


def bfloat(array):
    """The bits of the nearest numbers of bfloat16, ties to even."""
    bits = numpy.ascontiguousarray(array, numpy.float32).view(numpy.uint32).astype(numpy.uint64)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(numpy.uint16)


def rounded(arrays, dtype):
    """The numbers that are left when they are stored as this type."""
    if dtype == "BF16":
        return {
            name: (bfloat(array).astype(numpy.uint32) << 16).view(numpy.float32) for name, array in arrays.items()
        }
    if dtype == "F16":
        return {name: array.astype(numpy.float16).astype(numpy.float32) for name, array in arrays.items()}
    return arrays


def safetensors(path, arrays, dtype="F32"):
    """One file; arrays of whole numbers and pairs of (array, type) keep their type."""
    header, parts, at = {}, [], 0
    for name, array in arrays.items():
        kind = "I8" if array.dtype == numpy.int8 else dtype
        data = {
            "F32": lambda: array.astype("<f4"),
            "F16": lambda: array.astype("<f2"),
            "BF16": lambda: bfloat(array),
            "I8": lambda: array,
        }[kind]().tobytes()
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))
    return path


def quantised(arrays, kind):
    """Matrices as blocks, where their rows are whole blocks; the rest stays float32."""
    stored = {}
    for name, array in arrays.items():
        fits = array.ndim == 2 and array.shape[1] % 32 == 0
        stored[name] = (gguf.quants.quantize(array, kind), kind) if fits else (array, None)
    return stored


def write_gguf(path, stored):
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, "llama")
    for name, (array, kind) in stored.items():
        writer.add_tensor(name, array, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def whole_numbers(arrays):
    """Matrices as codes of eight bits with a scale for each row."""
    stored = {}
    for name, array in arrays.items():
        if array.ndim != 2:
            stored[name] = array
            continue
        scale = (numpy.abs(array).max(axis=1, keepdims=True) / 127).astype(numpy.float32)
        scale[scale == 0] = 1
        stored[name] = numpy.round(array / scale).astype(numpy.int8)
        stored[f"{name}_scale"] = scale
    return stored


def llama_names(arrays):
    """Names as llama.cpp writes them, with the rows of queries and keys in its order."""
    names = {
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    }
    renamed = {}
    for name, array in arrays.items():
        other = {"model.embed_tokens.weight": "token_embd.weight", "lm_head.weight": "output.weight"}.get(name, name)
        if name.startswith("model.layers."):
            _, _, layer, *part, end = name.split(".")
            other = f"blk.{layer}.{names['.'.join(part)]}.{end}"
            if part[-1] in ("q_proj", "k_proj"):
                heads, (rows, columns) = 2, array.shape
                array = array.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)
        renamed[other] = array
    return renamed
