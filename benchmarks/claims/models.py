"""Small models that are trained from fixed seeds, in NumPy.

A model is a dictionary of arrays in float32, named as Transformers would name them, with
matrices of outputs x inputs. Each kind gives its initial arrays and, for a batch, the
gradient of every array.
"""

import re

import numpy
from sklearn import datasets


def softmax(scores):
    scores = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
    return scores / scores.sum(axis=-1, keepdims=True)


def initial(random, **shapes):
    """Normal numbers for matrices, zeros for vectors."""
    return {
        name.replace("__", "."): (
            random.normal(0, 1 / numpy.sqrt(shape[-1]), shape) if len(shape) > 1 else numpy.zeros(shape)
        ).astype(numpy.float32)
        for name, shape in shapes.items()
    }


def descriptions():
    """The texts that scikit-learn ships to describe its data sets."""
    names = ["iris", "digits", "wine", "breast_cancer", "diabetes", "linnerud"]
    return [getattr(datasets, f"load_{name}")().DESCR for name in names]


class Digits:
    """Three layers over the 8 x 8 digits of scikit-learn."""

    title = "digits MLP"
    adapted = ["model.layers.0.weight", "model.layers.1.weight"]
    edited = "model.layers.1.weight"

    def __init__(self):
        digits = datasets.load_digits()
        self.inputs = (digits.data / 16).astype(numpy.float32)
        self.labels = digits.target

    def initial(self, random):
        return initial(
            random,
            model__layers__0__weight=(96, 64), model__layers__0__bias=(96,),
            model__layers__1__weight=(64, 96), model__layers__1__bias=(64,),
            lm_head__weight=(10, 64), lm_head__bias=(10,),
        )

    def batch(self, random, task):
        chosen = random.integers(0, len(self.labels), 64)
        inputs, labels = self.inputs[chosen], self.labels[chosen]
        if task:
            # Other tasks: the image turned, and the digits renumbered.
            inputs = numpy.rot90(inputs.reshape(-1, 8, 8), task, (1, 2)).reshape(-1, 64)
            labels = (labels + task) % 10
        return inputs, labels

    def gradients(self, arrays, batch):
        inputs, labels = batch
        layers = [("model.layers.0", True), ("model.layers.1", True), ("lm_head", False)]
        values = [inputs]
        for name, bent in layers:
            value = values[-1] @ arrays[f"{name}.weight"].T + arrays[f"{name}.bias"]
            values.append(numpy.maximum(value, 0) if bent else value)
        error = softmax(values[-1])
        error[numpy.arange(len(labels)), labels] -= 1
        error /= len(labels)
        found = {}
        for (name, _), value, below in zip(reversed(layers), reversed(values), reversed(values[:-1])):
            if name != "lm_head":
                error = error * (value > 0)
            found[f"{name}.weight"] = error.T @ below
            found[f"{name}.bias"] = error.sum(axis=0)
            error = error @ arrays[f"{name}.weight"]
        return found

    def score(self, arrays, random):
        inputs, labels = self.batch(random, 0)
        for name in ["model.layers.0", "model.layers.1"]:
            inputs = numpy.maximum(inputs @ arrays[f"{name}.weight"].T + arrays[f"{name}.bias"], 0)
        return float((numpy.argmax(inputs @ arrays["lm_head.weight"].T + arrays["lm_head.bias"], 1) == labels).mean())


class Text:
    """Which description of scikit-learn a passage is from: hashed words, two linear layers."""

    title = "linear text probe"
    adapted = ["model.embed.weight", "model.layers.0.weight"]
    edited = "model.embed.weight"

    def __init__(self):
        self.passages, self.labels = [], []
        for label, text in enumerate(descriptions()):
            words = re.findall(r"[a-z]+", text.lower())
            for start in range(0, len(words) - 12, 4):
                row = numpy.zeros(256, numpy.float32)
                for word in words[start:start + 12]:
                    row[sum((at + 1) * ord(letter) for at, letter in enumerate(word)) % 256] += 1
                self.passages.append(row)
                self.labels.append(label)
        self.passages, self.labels = numpy.array(self.passages), numpy.array(self.labels)

    def initial(self, random):
        return initial(
            random,
            model__embed__weight=(64, 256),
            model__layers__0__weight=(32, 64), model__layers__0__bias=(32,),
            lm_head__weight=(6, 32), lm_head__bias=(6,),
        )

    def batch(self, random, task):
        chosen = random.integers(0, len(self.labels), 64)
        return self.passages[chosen], (self.labels[chosen] + task) % 6

    def forward(self, arrays, inputs):
        first = inputs @ arrays["model.embed.weight"].T
        second = first @ arrays["model.layers.0.weight"].T + arrays["model.layers.0.bias"]
        return first, second, second @ arrays["lm_head.weight"].T + arrays["lm_head.bias"]

    def gradients(self, arrays, batch):
        inputs, labels = batch
        first, second, scores = self.forward(arrays, inputs)
        error = softmax(scores)
        error[numpy.arange(len(labels)), labels] -= 1
        error /= len(labels)
        below = error @ arrays["lm_head.weight"]
        lowest = below @ arrays["model.layers.0.weight"]
        return {
            "lm_head.weight": error.T @ second, "lm_head.bias": error.sum(axis=0),
            "model.layers.0.weight": below.T @ first, "model.layers.0.bias": below.sum(axis=0),
            "model.embed.weight": lowest.T @ inputs,
        }

    def score(self, arrays, random):
        inputs, labels = self.batch(random, 0)
        return float((numpy.argmax(self.forward(arrays, inputs)[2], axis=1) == labels).mean())


class Characters:
    """The next letter: a transformer of two layers with one head each."""

    title = "character transformer"
    width, length, layers = 32, 24, 2
    adapted = [f"model.layers.{layer}.self_attn.{part}_proj.weight" for layer in range(2) for part in "qv"]
    edited = "model.layers.1.mlp.down_proj.weight"

    def __init__(self):
        text = re.sub(r"\s+", " ", " ".join(descriptions()))
        letters = sorted(set(text))[:96]
        places = {letter: place for place, letter in enumerate(letters)}
        self.text = numpy.array([places[letter] for letter in text if letter in places])

    def initial(self, random):
        shapes = {"model.embed_tokens.weight": (96, 32), "model.positions.weight": (24, 32), "lm_head.weight": (96, 32)}
        for layer in range(self.layers):
            for part in "qkvo":
                shapes[f"model.layers.{layer}.self_attn.{part}_proj.weight"] = (32, 32)
            shapes[f"model.layers.{layer}.mlp.up_proj.weight"] = (64, 32)
            shapes[f"model.layers.{layer}.mlp.up_proj.bias"] = (64,)
            shapes[f"model.layers.{layer}.mlp.down_proj.weight"] = (32, 64)
        return initial(random, **{name.replace(".", "__"): shape for name, shape in shapes.items()})

    def batch(self, random, task):
        starts = random.integers(0, len(self.text) - self.length - 1, 16)
        letters = self.text[starts[:, None] + numpy.arange(self.length + 1)]
        if task:
            letters = (letters * (2 * task + 1) + task) % 96
        return letters[:, :-1], letters[:, 1:]

    def forward(self, arrays, letters):
        value = arrays["model.embed_tokens.weight"][letters] + arrays["model.positions.weight"]
        kept = []
        hidden = numpy.triu(numpy.full((self.length, self.length), -1e9, numpy.float32), 1)
        for layer in range(self.layers):
            weights = {part: arrays[f"model.layers.{layer}.self_attn.{part}_proj.weight"] for part in "qkvo"}
            q, k, v = (value @ weights[part].T for part in "qkv")
            attention = softmax(q @ k.transpose(0, 2, 1) / numpy.sqrt(self.width) + hidden)
            mixed = attention @ v
            middle = value + mixed @ weights["o"].T
            name = f"model.layers.{layer}.mlp"
            raised = numpy.maximum(middle @ arrays[f"{name}.up_proj.weight"].T + arrays[f"{name}.up_proj.bias"], 0)
            kept.append((value, weights, q, k, v, attention, mixed, middle, raised))
            value = middle + raised @ arrays[f"{name}.down_proj.weight"].T
        return value, kept, value @ arrays["lm_head.weight"].T

    def gradients(self, arrays, batch):
        letters, following = batch
        top, kept, scores = self.forward(arrays, letters)
        error = softmax(scores)
        numpy.put_along_axis(
            error, following[..., None], numpy.take_along_axis(error, following[..., None], -1) - 1, -1
        )
        error /= following.size

        def product(left, right):
            return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])

        found = {"lm_head.weight": product(error, top)}
        error = error @ arrays["lm_head.weight"]
        for layer in reversed(range(self.layers)):
            value, weights, q, k, v, attention, mixed, middle, raised = kept[layer]
            name = f"model.layers.{layer}.mlp"
            found[f"{name}.down_proj.weight"] = product(error, raised)
            bent = (error @ arrays[f"{name}.down_proj.weight"]) * (raised > 0)
            found[f"{name}.up_proj.weight"] = product(bent, middle)
            found[f"{name}.up_proj.bias"] = bent.sum(axis=(0, 1))
            error = error + bent @ arrays[f"{name}.up_proj.weight"]
            name = f"model.layers.{layer}.self_attn"
            found[f"{name}.o_proj.weight"] = product(error, mixed)
            of_mixed = error @ weights["o"]
            of_attention = of_mixed @ v.transpose(0, 2, 1)
            of_v = attention.transpose(0, 2, 1) @ of_mixed
            of_scores = attention * (of_attention - (of_attention * attention).sum(-1, keepdims=True))
            of_scores = of_scores / numpy.sqrt(self.width)
            of_q, of_k = of_scores @ k, of_scores.transpose(0, 2, 1) @ q
            for part, change in (("q", of_q), ("k", of_k), ("v", of_v)):
                found[f"{name}.{part}_proj.weight"] = product(change, value)
                error = error + change @ weights[part]
        embedding = numpy.zeros_like(arrays["model.embed_tokens.weight"])
        numpy.add.at(embedding, letters, error)
        found["model.embed_tokens.weight"] = embedding
        found["model.positions.weight"] = error.sum(axis=0)
        return found

    def score(self, arrays, random):
        letters, following = self.batch(random, 0)
        return float((numpy.argmax(self.forward(arrays, letters)[2], axis=-1) == following).mean())


class Adam:
    def __init__(self, rate):
        self.rate, self.steps, self.moments = rate, 0, {}

    def step(self, arrays, gradients):
        self.steps += 1
        for name, gradient in gradients.items():
            first, second = self.moments.get(name, (0, 0))
            first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
            self.moments[name] = first, second
            change = first / (1 - 0.9**self.steps) / (numpy.sqrt(second / (1 - 0.999**self.steps)) + 1e-8)
            arrays[name] = (arrays[name] - self.rate * change).astype(numpy.float32)


def train(kind, arrays, seed, task=0, steps=150, rate=3e-3, frozen=()):
    """Trains all arrays but the frozen ones."""
    random, arrays, adam = numpy.random.default_rng(seed), dict(arrays), Adam(rate)
    for _ in range(steps):
        gradients = kind.gradients(arrays, kind.batch(random, task))
        adam.step(arrays, {name: value for name, value in gradients.items() if name not in frozen})
    return arrays


def train_adapter(kind, arrays, seed, rank, task=1, steps=120, rate=3e-3):
    """Trains factors beside the adapted matrices: name -> (B, A)."""
    random, adam, factors = numpy.random.default_rng(seed), Adam(rate), {}
    for name in kind.adapted:
        outputs, inputs = arrays[name].shape
        factors[name, "B"] = numpy.zeros((outputs, rank), numpy.float32)
        factors[name, "A"] = random.normal(0, 1 / numpy.sqrt(inputs), (rank, inputs)).astype(numpy.float32)
    for _ in range(steps):
        merged = merge_adapter(arrays, factors)
        gradients = kind.gradients(merged, kind.batch(random, task))
        changes = {}
        for name in kind.adapted:
            changes[name, "B"] = gradients[name] @ factors[name, "A"].T
            changes[name, "A"] = factors[name, "B"].T @ gradients[name]
        adam.step(factors, changes)
    return factors


def merge_adapter(arrays, factors):
    merged = dict(arrays)
    for name in {name for name, _ in factors}:
        merged[name] = arrays[name] + factors[name, "B"] @ factors[name, "A"]
    return merged
