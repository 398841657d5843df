"""Writes pickles, and what CPython's own unpickler would import for each.

Each line of the output is a JSON object: the pickle in hexadecimal, and for both ways of
reading (`buffer` looks ahead, `file` does not) the imports in order and whether all of it
was loaded. Nothing is imported: `find_class` gives an inert class. Deterministic for one
version of Python.
"""

import collections
import datetime
import decimal
import enum
import fractions
import io
import json
import pathlib
import pickle
import random
import resource
import struct
import sys
import uuid

# A memo of four billion entries is asked for by five bytes.
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


class Inert:
    """Can be called, built, filled and hashed; does nothing."""

    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return Inert()

    def __setstate__(self, state):
        pass

    def __setitem__(self, key, value):
        pass

    def append(self, item):
        pass

    def extend(self, items):
        pass

    def add(self, item):
        pass


class Logged(pickle.Unpickler):
    def __init__(self, file, log):
        super().__init__(file, buffers=iter(lambda: bytearray(4), None))
        self.log = log

    def find_class(self, module, name):
        self.log.append([plain(module), plain(name)])
        return type("Inert", (Inert,), {})

    def persistent_load(self, pid):
        return Inert()


def plain(text):
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def loaded(data, ahead):
    log = []
    file = io.BytesIO(data)
    if ahead:
        file = io.BufferedReader(file, 1 << 20)
    try:
        while file.tell() < len(data):
            Logged(file, log).load()
        return log, True
    except Exception:
        return log, False


# Real objects.


class Plain:
    def __init__(self, value):
        self.value = value


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


class Reduced:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return Reduced, (self.value,), {"x": 1}, iter([1, 2]), iter([("k", 1)])

    def append(self, item):
        pass

    def __setitem__(self, key, value):
        pass


class Named(collections.namedtuple("Named", "x y")):
    pass


class Subclass(dict):
    pass


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Outer:
    class Inner:
        pass


class NewExtended:
    def __getnewargs_ex__(self):
        return (1,), {"b": 2}

    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)


def value(rng, depth):
    leaves = [
        lambda: rng.choice([None, True, False, 0, 1, -1, 255, 256, 65535, 1 << 31, -(1 << 70), 1 << 2100]),
        lambda: rng.random() * 10 ** rng.randrange(-5, 300),
        lambda: "".join(rng.choice("abc\n\\é€😀\ud800'\"") for _ in range(rng.randrange(30))),
        lambda: rng.randbytes(rng.choice([0, 3, 30, 300])),
        lambda: bytearray(rng.randbytes(5)),
        lambda: datetime.datetime(2020, 1, 1 + rng.randrange(20)),
        lambda: datetime.timedelta(rng.randrange(9)),
        lambda: decimal.Decimal(rng.randrange(99)),
        lambda: fractions.Fraction(rng.randrange(9), 7),
        lambda: complex(1, 2),
        lambda: range(rng.randrange(9)),
        lambda: rng.choice(list(Colour)),
        lambda: uuid.UUID(int=rng.getrandbits(128)),
        lambda: pathlib.PurePosixPath("a/b"),
        lambda: rng.choice([len, print, dict.fromkeys, collections.OrderedDict, Outer.Inner, str.join]),
        lambda: slice(1, 2, None),
    ]
    if depth <= 0 or rng.random() < 0.3:
        return rng.choice(leaves)()
    inner = lambda: value(rng, depth - 1)
    some = lambda n=4: [inner() for _ in range(rng.randrange(n))]
    key = lambda: rng.choice(["a", "b", 1, (1, 2), b"k", Colour.RED])
    shared = inner()
    nodes = [
        some,
        lambda: tuple(some(6)),
        lambda: {key(): inner() for _ in range(rng.randrange(4))},
        lambda: {1, 2, "x"},
        lambda: frozenset(["a", 1.5]),
        lambda: collections.OrderedDict((key(), inner()) for _ in range(3)),
        lambda: collections.defaultdict(list, {key(): some()}),
        lambda: collections.Counter("hello"),
        lambda: collections.deque(some()),
        lambda: Plain(inner()),
        lambda: Slots(inner(), 1),
        lambda: Reduced(inner()),
        lambda: Named(inner(), inner()),
        lambda: Subclass({key(): inner()}),
        lambda: NewExtended(),
        lambda: Outer.Inner(),
        lambda: [shared, shared, (shared,)],
    ]
    return rng.choice(nodes)()


def dumped(rng):
    protocol = rng.randrange(6)
    made = value(rng, rng.randrange(4))
    try:
        data = pickle.dumps(made, protocol)
    except TypeError:
        # Objects with slots need protocol 2.
        data = pickle.dumps(made, 2)
    if rng.random() < 0.2:
        data += pickle.dumps(value(rng, 1), rng.randrange(2, 6))
    return data


# Programs of random opcodes that keep to the stack.

NAMES = ["os", "system", "collections", "OrderedDict", "a.b.c", "_os.system", "é", "\ud800", "x y", "builtins"]


class Program:
    def __init__(self, rng):
        self.rng = rng
        self.out = bytearray()
        self.stack = []
        self.memo = {}

    def text(self, text=None):
        rng = self.rng
        text = rng.choice(NAMES) if text is None else text
        raw = text.encode("utf-8", "surrogatepass")
        kinds = [
            lambda: b"\x8c" + bytes([len(raw)]) + raw,
            lambda: b"X" + struct.pack("<I", len(raw)) + raw,
            lambda: b"\x8d" + struct.pack("<Q", len(raw)) + raw,
            lambda: b"V" + text.encode("raw_unicode_escape").replace(b"\n", b"\\u000a") + b"\n",
            lambda: b"V" + b"".join(b"\\u%04x" % ord(c) for c in text) + b"\n",
        ]
        if raw.isascii():
            kinds += [
                lambda: b"U" + bytes([len(raw)]) + raw,
                lambda: b"T" + struct.pack("<I", len(raw)) + raw,
                lambda: b"S" + repr(text).encode() + b"\n",
                lambda: b"S'" + b"".join(b"\\x%02x" % c for c in raw) + b"'\n",
                lambda: b"S\"" + b"".join(b"\\%03o" % c for c in raw) + b"\"\n",
            ]
        self.out += rng.choice(kinds)()
        self.stack.append("text")

    def leaf(self):
        rng = self.rng
        n = rng.randrange(1 << 16)
        data = rng.randbytes(rng.randrange(20))
        choices = [
            (b"N", "none"),
            (rng.choice([b"\x88", b"\x89"]), "number"),
            (b"I%d\n" % n, "number"),
            (rng.choice([b"I01\n", b"I00\n", b"I0x1f\n", b"I017\n", b"I 5\n", b"I1_0\n", b"I5 \n", b"I5\x00x\n"]), "number"),
            (rng.choice([b"L5L\n", b"L-5\n", b"L0x1F\n", b"L\t9\n"]), "number"),
            (rng.choice([b"F1.5\n", b"Fnan\n", b"F-inf\n", b"F1e5\n", b"F1\x00x\n"]), "number"),
            (b"K" + bytes([n & 255]), "number"),
            (b"M" + struct.pack("<H", n), "number"),
            (b"J" + struct.pack("<i", n - 40000), "number"),
            (b"\x8a\x03" + rng.randbytes(3), "number"),
            (b"\x8b" + struct.pack("<i", 4) + rng.randbytes(4), "number"),
            (b"G" + rng.randbytes(8), "number"),
            (b"C" + bytes([len(data)]) + data, "bytes"),
            (b"B" + struct.pack("<I", len(data)) + data, "bytes"),
            (b"\x8e" + struct.pack("<Q", len(data)) + data, "bytes"),
            (b"\x96" + struct.pack("<Q", len(data)) + data, "buffer"),
            (b"\x97", "buffer"),
            (b"]", "list"),
            (b"}", "dict"),
            (b"\x8f", "set"),
            (b")", "tuple"),
            (b"Pabc\n", "object"),
        ]
        code, kind = rng.choice(choices)
        self.out += code
        self.stack.append(kind)

    def top(self, count=1):
        """Kinds above the last mark, if there are as many."""
        above = []
        for kind in reversed(self.stack):
            if kind == "mark":
                break
            above.append(kind)
        return above[::-1] if len(above) >= count else None

    def to_mark(self):
        above = self.top(0)
        del self.stack[len(self.stack) - len(above) :]
        if not self.stack:
            return None
        self.stack.pop()
        return above

    def step(self):
        rng = self.rng
        kind = rng.randrange(30)
        top = self.top()
        if kind < 5:
            self.leaf()
        elif kind < 8:
            self.text()
        elif kind == 8:
            module, name = (rng.choice(NAMES).replace("\ud800", "m") for _ in range(2))
            self.out += b"c" + module.encode() + b"\n" + name.encode() + b"\n"
            self.stack.append("class")
        elif kind < 12:
            top = self.top(2)
            if not (top and top[-1] == top[-2] == "text") or rng.random() < 0.5:
                self.text()
                self.text()
            self.out += b"\x93"
            del self.stack[-2:]
            self.stack.append("class")
        elif kind == 12:
            self.out += b"("
            self.stack.append("mark")
        elif kind == 13 and "mark" in self.stack:
            above = self.to_mark()
            code, new = rng.choice([(b"t", "tuple"), (b"l", "list"), (b"1", None)])
            self.out += code
            if new:
                self.stack.append(new)
        elif kind == 14 and "mark" in self.stack:
            self.to_mark()
            module = rng.choice([n for n in NAMES if n.isascii()])
            self.out += b"i" + module.encode() + b"\nname\n"
            self.stack.append("object")
        elif kind == 15 and "mark" in self.stack:
            above = self.top(0)
            if above and above[0] == "class":
                self.to_mark()
                self.out += b"o"
                self.stack.append("object")
        elif kind == 16 and top:
            count = rng.randrange(1, 4)
            if self.top(count):
                self.out += [b"\x85", b"\x86", b"\x87"][count - 1]
                del self.stack[-count:]
                self.stack.append("tuple")
        elif kind == 17 and top:
            self.out += b"2"
            self.stack.append(self.stack[-1])
        elif kind == 18 and self.stack:
            self.out += b"0"
            self.stack.pop()
        elif kind < 22 and top:
            index = rng.choice([len(self.memo), rng.randrange(6), rng.randrange(300), rng.randrange(70000)])
            forms = [b"p%d\n" % index, b"r" + struct.pack("<I", index), b"\x94"]
            if index < 256:
                forms.append(b"q" + bytes([index]))
            form = rng.choice(forms)
            self.out += form
            self.memo[len(self.memo) if form == b"\x94" else index] = self.stack[-1]
        elif kind < 24 and self.memo:
            index = rng.choice(list(self.memo))
            forms = [b"g%d\n" % index, b"j" + struct.pack("<I", index)]
            if index < 256:
                forms.append(b"h" + bytes([index]))
            self.out += rng.choice(forms)
            self.stack.append(self.memo[index])
        elif kind == 24 and top:
            if self.stack[-1] in ("class", "object"):
                self.out += b")"
                self.stack.append("tuple")
            top = self.top(2)
            if top and top[-1] == "tuple" and top[-2] in ("class", "object"):
                self.out += b"\x81" if top[-2] == "class" and rng.random() < 0.5 else b"R"
                del self.stack[-2:]
                self.stack.append("object")
        elif kind == 25 and top and top[-1] == "object":
            self.leaf()
            self.out += b"b"
            self.stack.pop()
        elif kind == 26 and top and top[-1] in ("list", "dict", "set", "object"):
            target = top[-1]
            if target == "dict":
                self.text()
                self.leaf()
                self.out += b"s"
                del self.stack[-2:]
            elif target == "list":
                self.text()
                self.out += b"a"
                self.stack.pop()
            else:
                self.out += b"(K\x01K\x02" + {"set": b"\x90", "object": rng.choice([b"e", b"u"])}[target]
        elif kind == 27 and top:
            self.out += b"Q"
            self.stack[-1] = "object"
        elif kind == 28 and top and top[-1] == "class":
            self.out += b")}\x92"
            self.stack[-1] = "object"
        elif kind == 29 and rng.random() < 0.2:
            self.out += rng.choice([b"\x80" + bytes([rng.randrange(7)]), b"\x82\x01", b"\x83\x01\x00", b"\x84\x01\x00\x00\x00", b"\x98"])

    def finish(self):
        while "mark" in self.stack:
            self.out += b"1"
            self.to_mark()
        if not self.stack:
            self.out += b"N"
        return bytes(self.out) + b"."


def program(rng):
    made = Program(rng)
    if rng.random() < 0.6:
        made.out += b"\x80" + bytes([rng.randrange(6)])
    for _ in range(rng.choice([5, 20, 60])):
        made.step()
    data = made.finish()
    if rng.random() < 0.15:
        data += program(rng)
    return data


def framed(rng):
    """Frames of right and wrong lengths at random places."""
    data = bytearray(rng.choice([program, dumped])(rng))
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        left = len(data) - at
        length = rng.choice([left, rng.randrange(left + 1), rng.randrange(6), left + rng.randrange(3)])
        data[at:at] = b"\x95" + struct.pack("<Q", length)
    return bytes(data)


def straddling(rng):
    """An opcode that begins in a frame and ends behind it, in front of an import."""
    hidden = b"\x8c\x02os\x8c\x06system\x93."
    junk = b"0" * 6 + hidden
    length = rng.randrange(1, 12)
    text = rng.choice([b"X", b"T", b"B"]) + struct.pack("<I", len(junk)) + junk
    if rng.random() < 0.3:
        text = rng.choice([b"V", b"I1", b"cos\nsys"]) + b"tem\n" + hidden
    return b"\x80\x04\x95" + struct.pack("<Q", length) + text + rng.choice([b".", hidden, b"0" + hidden])


def mutant(rng):
    data = bytearray(rng.choice([program, dumped, dumped, framed])(rng))
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data))
        action = rng.randrange(6)
        if action == 0:
            data[at] = rng.randrange(256)
        elif action == 1:
            data[at] ^= 1 << rng.randrange(8)
        elif action == 2 and len(data) > 2:
            del data[at : at + rng.randrange(1, 4)]
        elif action == 3:
            data[at:at] = rng.randbytes(rng.randrange(1, 4))
        elif action == 4 and at:
            del data[at:]
        else:
            other = rng.randrange(len(data))
            data[at:at] = data[other : other + rng.randrange(20)]
        if not data:
            data = bytearray(b"N.")
    return bytes(data)


def main():
    rng = random.Random(20261122)
    kinds = [(program, 4500), (dumped, 2500), (mutant, 4500), (framed, 1000), (straddling, 300)]
    for make, count in kinds:
        for _ in range(count):
            data = make(rng)
            record = {"kind": make.__name__, "pickle": data.hex()}
            for way in ("buffer", "file"):
                record[way], record[way + "-ends"] = loaded(data, way == "buffer")
            sys.stdout.write(json.dumps(record) + "\n")


main()
