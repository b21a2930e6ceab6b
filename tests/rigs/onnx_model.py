"""A model file of a face finder, written by code: it takes every bright square of 32 pixels for a face.

It has the inputs and outputs of YuNet (three scales, each with class, objectness, box and landmarks), so that whatever
loads, hashes and asks a real model can be tried where none may be shipped. Written as plain protobuf (onnx.proto3).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

STRIDES = (8, 16, 32)
_INTS, _FLOATS = 7, 1
"""The numbers of lists of whole numbers (attributes and tensors alike) and of tensors of floats in onnx.proto."""


def write_bright_finder(path: Path, *, size: int = 320, scale: float = 1.0) -> Path:
    """The model file. `scale` is the size of a face in bright squares."""
    path.write_bytes(_model(size, scale))
    return path


def _model(size: int, scale: float) -> bytes:
    nodes, weights, outputs = [], [], []
    for stride in STRIDES:
        cells = (size // stride) ** 2
        nodes.append(
            _node("AveragePool", ["input"], [f"mean_{stride}"], kernel_shape=[stride] * 2, strides=[stride] * 2)
        )
        # Mean light, from 0 to 1; only the largest scale speaks.
        light = np.full((1, 3, 1, 1), 1 / 765 if stride == STRIDES[-1] else 0.0, np.float32)
        # In strides from the cell's corner: the box stands in its middle; sizes are logarithms.
        box = np.array([0.5, 0.5, np.log(scale), np.log(scale)], np.float32)
        for name, weight, bias in (
            ("cls", light, np.zeros(1, np.float32)),
            ("obj", light, np.zeros(1, np.float32)),
            ("bbox", np.zeros((4, 3, 1, 1), np.float32), box),
            ("kps", np.zeros((10, 3, 1, 1), np.float32), np.zeros(10, np.float32)),
        ):
            key = f"{name}_{stride}"
            weights += [_tensor(f"w_{key}", weight), _tensor(f"b_{key}", bias)]
            weights.append(_tensor(f"s_{key}", np.array([1, -1, len(bias)], np.int64)))
            nodes.append(_node("Conv", [f"mean_{stride}", f"w_{key}", f"b_{key}"], [f"c_{key}"], kernel_shape=[1, 1]))
            nodes.append(_node("Transpose", [f"c_{key}"], [f"t_{key}"], perm=[0, 2, 3, 1]))
            nodes.append(_node("Reshape", [f"t_{key}", f"s_{key}"], [key]))
            outputs.append((key, [1, cells, len(bias)]))
    outputs.sort(key=lambda item: ["cls", "obj", "bbox", "kps"].index(item[0].partition("_")[0]))
    graph = b"".join(_part(1, node) for node in nodes) + _part(2, b"bright")
    graph += b"".join(_part(5, weight) for weight in weights)
    graph += _part(11, _value("input", [1, 3, size, size]))
    graph += b"".join(_part(12, _value(name, shape)) for name, shape in outputs)
    return _number(1, 6) + _part(2, b"perfstudio tests") + _part(7, graph) + _part(8, _part(1, b"") + _number(2, 11))


def _node(kind: str, inputs: Iterable[str], outputs: Iterable[str], **ints: list[int]) -> bytes:
    node = b"".join(_part(1, name.encode()) for name in inputs) + b"".join(_part(2, name.encode()) for name in outputs)
    node += _part(3, next(iter(outputs)).encode()) + _part(4, kind.encode())
    for name, values in ints.items():
        body = _part(1, name.encode()) + b"".join(_number(8, value) for value in values) + _number(20, _INTS)
        node += _part(5, body)
    return node


def _tensor(name: str, values: np.ndarray) -> bytes:
    kind = _FLOATS if values.dtype == np.float32 else _INTS
    dims = b"".join(_number(1, size) for size in values.shape)
    return dims + _number(2, kind) + _part(8, name.encode()) + _part(9, values.tobytes())


def _value(name: str, shape: list[int]) -> bytes:
    dims = b"".join(_part(1, _number(1, size)) for size in shape)
    return _part(1, name.encode()) + _part(2, _part(1, _number(1, _FLOATS) + _part(2, dims)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
