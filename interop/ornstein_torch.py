"""Runs of Ornstein in PyTorch: the models of a run folder as torch.nn.Module, with the numbers that Ornstein gives.

    run = ornstein_torch.Run("runs/first")
    model = run.model(rho=0.5, seed=0)            # torch.nn.Module, on the processor, in evaluation mode
    q, z = model.infer(x)                         # x: [data, features]; Gaussians (mean, deviation) and samples of every layer, z1 first
    terms = model.evaluate(x)                     # elbo, kl (as trained, smoothed), unsmoothed_kl, reconstruction: means over the data, nats
    images = model.sample(16)                     # expected data, [16, features]; as --count 16
    x = ornstein_torch.binarized(pixels)          # grey test images as Ornstein binarizes them
    model.export_onnx("onnx")                     # files for ONNX Runtime and others, by ornstein_onnx.py beside this file

    python3 ornstein_torch.py runs/first --onnx onnx --rho 0.5 --seed 0

Perceptrons, as chain, ladder or with skip connections, with batch normalization, Bernoulli or Gaussian data, a standard normal prior, and p or q smoothed with
independent or antithetic draws. Whatever else a run may be is refused by name. `evaluate` and `sample` draw Ornstein's own random numbers (class Key), so that
they come out as `ornstein eval` and `ornstein sample` have them, to float32's rounding. Needs torch and numpy.
"""

import argparse
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

REMEDIES = ["none", "warm-up", "cyclic", "beta", "free-bits", "iwae", "aggressive", "latent-reconstruction"]

ACTIVATIONS = {
    "leaky-relu": lambda: nn.LeakyReLU(0.01), "relu": nn.ReLU, "tanh": nn.Tanh, "elu": nn.ELU, "gelu": nn.GELU, "silu": nn.SiLU,
}


class Key:
    """A node of Ornstein's tree of random numbers (src/Ornstein/Randomness): SplitMix64 for keys, xoshiro256++ in eight lanes for numbers."""

    _INCREMENT = 0x9E3779B97F4A7C15

    def __init__(self, value):
        self.value = value & (2**64 - 1)

    @staticmethod
    def _mix(value):
        value &= 2**64 - 1
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB % 2**64
        return value ^ (value >> 31)

    @classmethod
    def from_seed(cls, seed):
        return cls(cls._mix(seed + cls._INCREMENT))

    def at(self, place):
        """The child at a number, such as a step, or at a name, such as "z1"."""
        if isinstance(place, str):
            text = 0xCBF29CE484222325
            for character in place:
                text = (text ^ ord(character)) * 0x100000001B3 % 2**64
            return Key(self._mix(self.value ^ text))
        return Key(self._mix(self.value ^ self._mix(place * 0xD1342543DE82EF95 + 1)))

    def normal(self, *shape):
        """Draws from N(0, 1), float64 of float32's precision."""
        count = math.prod(shape)
        bits = self._integers(2 * (-(-count // 32))).reshape(-1, 2, 16)
        # the upper 31 bits of an integer, and half, rounded to a float as Ornstein does
        u = (np.float32(bits[:, 0] >> np.uint32(1)) + np.float32(0.5)).astype(np.float64) / 2**31
        radius, angle = np.sqrt(-2 * np.log(u)), bits[:, 1] * (2 * math.pi / 2**32)
        both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
        return torch.from_numpy(both.reshape(-1)[:count].reshape(shape))

    def uniform(self, *shape):
        """Draws from U[0, 1), float32: multiples of 2^-24."""
        count = math.prod(shape)
        return (self._integers(-(-count // 16)).reshape(-1)[:count] >> np.uint32(8)).astype(np.float32).reshape(shape) * np.float32(2**-24)

    def _integers(self, steps):
        """32 bits each, [steps, 16]: the low and the high half of every lane."""
        state = [np.array([self._mix((4 * lane + word) * self._INCREMENT + self.value) for lane in range(8)], np.uint64) for word in (1, 2, 3, 4)]
        a, b, c, d = state
        result = np.empty((steps, 8), np.uint64)

        def rotate(words, count):
            return (words << np.uint64(count)) | (words >> np.uint64(64 - count))

        with np.errstate(over="ignore"):
            for step in range(steps):
                result[step] = rotate(a + d, 23) + a
                shifted = b << np.uint64(17)
                c = c ^ a
                d = d ^ b
                b = b ^ c
                a = a ^ d
                c = c ^ shifted
                d = rotate(d, 45)
        return result.view("<u4").reshape(steps, 16)


def safetensors(path):
    """The tensors of a file, by name."""
    raw = pathlib.Path(path).read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + size])
    return {
        name: torch.from_numpy(np.frombuffer(raw, "<f4", offset=8 + size + entry["data_offsets"][0], count=math.prod(entry["shape"])).reshape(entry["shape"]).copy())
        for name, entry in header.items() if name != "__metadata__"
    }


def binarized(pixels):
    """Held-out grey images, bytes [data, features] in Ornstein's order, with the pixels that it draws once for all runs (not --test-binarization anew)."""
    key, block = Key.from_seed(0).at("binarize once"), 4096
    intensity = np.asarray(pixels, np.float32) * np.float32(1 / 255)
    parts = [key.at(start).uniform(*intensity[start:start + block].shape) < intensity[start:start + block] for start in range(0, len(intensity), block)]
    return torch.from_numpy(np.concatenate(parts)).double()


def layers_of(weights, name, activation):
    """The hidden layers of a network that Ornstein calls by a name. Weights are [inputs, outputs] there, [outputs, inputs] here."""
    layers, number = [], 1
    while f"{name}.hidden{number}.weight" in weights:
        part = f"{name}.hidden{number}"
        normalized = f"{part}.gain" in weights
        layers.append(linear(weights[f"{part}.weight"], None if normalized else weights[f"{part}.bias"]))
        if normalized:
            layers.append(normalization(*(weights[f"{part}.{what}"] for what in ("gain", "bias", "mean", "variance"))))
        layers.append(activation())
        number += 1
    return layers


def linear(weight, bias):
    layer = nn.Linear(*weight.shape, bias=bias is not None)
    layer.weight.data = weight.t().contiguous()
    if bias is not None:
        layer.bias.data = bias
    return layer


def normalization(gain, shift, mean, variance):
    layer = nn.BatchNorm1d(len(gain), eps=1e-5)
    layer.weight.data, layer.bias.data = gain, shift
    layer.running_mean.copy_(mean)
    layer.running_var.copy_(variance)
    return layer


class Gaussian(nn.Module):
    """Mean and standard deviation of a diagonal Gaussian, each a function of what is read."""

    def __init__(self, weights, name, activation, hidden=True):
        super().__init__()
        layers = layers_of(weights, name, activation) if hidden else []
        self.network = nn.Sequential(*layers, linear(weights[f"{name}.output.weight"], weights[f"{name}.output.bias"]))
        self.scale = nn.Parameter(weights[f"{name}.scale"]) if f"{name}.scale" in weights else None
        self.is_affine = self.scale is not None and not layers

    def forward(self, value):
        output = self.network(value)
        mean, raw = (output, self.scale.expand_as(output)) if self.scale is not None else output.chunk(2, -1)
        return mean, F.softplus(raw) + 1e-4


def merge(first, second):
    """The normalized product of two Gaussians (Sonderby et al. 2016, section 2.2)."""
    (m, s), (mu, sigma) = first, second
    share = sigma ** 2 / (s ** 2 + sigma ** 2)
    return mu + share * (m - mu), s * share.sqrt()


def kl(q, p):
    """KL(q || p) of diagonal Gaussians, summed over units, nats."""
    (m, s), (mu, sigma) = q, p
    return 0.5 * ((s / sigma) ** 2 + ((m - mu) / sigma) ** 2 - 1 - 2 * (s / sigma).log()).sum(-1)


class Model(nn.Module):
    """One model of a run. Gaussians are pairs (mean, deviation), lists go from z1 up, [data, units] each."""

    def __init__(self, config, weights, rho):
        super().__init__()
        activation = ACTIVATIONS[config["activation"]]
        self.evaluation_draws = config["evaluationDraws"]
        self.latents, self.rho, self.draws, self.sampler = config["latents"], rho, config["draws"], config["sampler"]
        self.smooths_p, self.smooths_q = "p" in config["smooth"], "q" in config["smooth"]
        self.is_own_measure, self.likelihood, self.variance = config["measure"] == "own", config["likelihood"], config["decoderVariance"]
        self.is_ladder, self.skips_q, self.skips_p = config["ladder"], config["skip"] in ("inference", "both"), config["skip"] in ("generative", "both")
        count = len(self.latents)
        names = [f"q{i + 1}" for i in range(count)]
        self.climbing = nn.ModuleList(nn.Sequential(*layers_of(weights, name, activation)) for name in names) if self.is_ladder else None
        self.q = nn.ModuleList(Gaussian(weights, name, activation, hidden=not self.is_ladder) for name in names)
        self.p = nn.ModuleList(Gaussian(weights, f"p{i + 1}", activation) for i in range(count - 1))
        self.decoder = nn.Sequential(*layers_of(weights, "p0", activation), linear(weights["p0.output.weight"], weights["p0.output.bias"]))
        if "p0.logvariance" in weights:
            self.variance = float(weights["p0.logvariance"].exp())
        elif "p0.variance" in weights:
            self.variance = float(weights["p0.variance"])
        self.double().eval()

    def infer(self, x, key=None):
        """A sample of every layer from q given data: Gaussians and samples. `key` names the noise; None takes torch's own."""
        return (self._infer_ladder if self.is_ladder else self._infer_chain)(x.double(), key)[:2]

    def _infer_chain(self, x, key):
        q, z = [], []
        for layer, network in enumerate(self.q):
            def function(points, network=network, layer=layer):
                data = x.repeat(len(points) // len(x), 1)  # points hold all inner draws of a datum
                return network(torch.cat([points, data], -1) if self.skips_q and layer > 0 else points)
            q.append(function(x) if layer == 0 else self._smooth(function, layer - 1, q[-1], z[-1], key, f"smooth.q{layer + 1}", self.smooths_q, network.is_affine))
            z.append(self._draw(q[-1], key, f"z{layer + 1}"))
        return q, z, None

    def _infer_ladder(self, x, key, smoothed=True):
        climbing, value = [], x
        for network, head in zip(self.climbing, self.q):
            value = network(value)
            climbing.append(head(value))
        count = len(self.q)
        q, z, p = [None] * count, [None] * count, [None] * (count - 1)
        for layer in reversed(range(count)):
            if layer < count - 1:
                p[layer] = self._smoothed_p(layer, q, z, key, "smooth") if smoothed else self.p[layer](self._read(z, layer + 1))
            q[layer] = climbing[layer] if layer == count - 1 else merge(climbing[layer], p[layer])
            z[layer] = self._draw(q[layer], key, f"z{layer + 1}")
        return q, z, p

    @torch.no_grad()
    def evaluate(self, x, draws=None, seed=1, batch=250):
        """Means over data and draws, as `ornstein eval` measures them, nats per datum. `draws`: None for as many as the run has."""
        draws = draws or self.evaluation_draws
        key, x = Key.from_seed(seed).at("evaluation"), x.double()
        sums = {"reconstruction": 0.0, "kl": torch.zeros(len(self.q)).double(), "unsmoothed_kl": torch.zeros(len(self.q)).double()}
        unsmoothed = 0.0  # reconstruction: of a ladder, whose q contains p, the unsmoothed model has a q of its own
        for start in range(0, len(x), batch):
            rows = x[start:start + batch]
            for draw in range(draws):
                own = key.at(start).at(draw)
                q, z, p = (self._infer_ladder if self.is_ladder else self._infer_chain)(rows, own)
                smoothed = p or [self._smoothed_p(link, q, z, own, "smooth") for link in range(len(self.p))]
                sums["reconstruction"] += float(self.reconstruction(rows, z).sum())
                sums["kl"] += self._kls(q, smoothed)
                if self.is_ladder:
                    q, z, _ = self._infer_ladder(rows, own, smoothed=False)
                plain = [network(self._read(z, link + 1)) for link, network in enumerate(self.p)]
                unsmoothed += float(self.reconstruction(rows, z).sum())
                sums["unsmoothed_kl"] += self._kls(q, plain)
        count = len(x) * draws
        terms = {name: value / count for name, value in sums.items()}
        # Of a chain with generative skips this sum is no bound (docs/theory.md, "The KL form is a bound"); the program has the ELBO of joint samples in its place.
        elbo = None if self.skips_p and not self.is_ladder else -unsmoothed / count - float(terms["unsmoothed_kl"].sum())
        return {"elbo": elbo, **terms}

    def reconstruction(self, x, z):
        """-log p(x | z), nats, [data]."""
        output = self.decoder(self._read(z, 0))
        if self.likelihood == "bernoulli":
            return (F.softplus(output) - output * x).sum(-1)
        return 0.5 * ((x - output) ** 2 / self.variance + math.log(2 * math.pi * self.variance)).sum(-1)

    @torch.no_grad()
    def sample(self, count, seed=0):
        """Expected data of samples from the smoothed generative model, [count, features], as `ornstein sample` draws them."""
        key = Key.from_seed(seed).at("samples")
        layers = len(self.q)
        p, z = [None] * layers, [None] * layers
        shape = count, self.latents[-1]
        p[-1], z[-1] = (torch.zeros(shape).double(), torch.ones(shape).double()), key.at(f"sample.z{layers}").normal(*shape)
        for layer in reversed(range(layers - 1)):
            p[layer] = self._smoothed_p(layer, p, z, key, "sample")
            z[layer] = self._draw(p[layer], key, f"sample.z{layer + 1}")
        output = self.decoder(self._read(z, 0))
        return output.sigmoid() if self.likelihood == "bernoulli" else output

    def export_onnx(self, folder):
        """Writes q, p and the decoder, unsmoothed, as ONNX files. Returns (inputs, outputs) of each, numbers of units by name (ornstein_onnx.py)."""
        import ornstein_onnx  # here, so that all else needs this file alone
        return ornstein_onnx.export(self, folder)

    def _read(self, z, layer):
        """What a generative network reads of the layers above it."""
        return torch.cat(z[layer:], -1) if self.skips_p and layer < len(z) - 1 else z[layer]

    def _smoothed_p(self, link, layers, z, key, place):
        above = tuple(self._read([layer and layer[part] for layer in layers], link + 1) for part in (0, 1))
        return self._smooth(self.p[link], link, above, self._read(z, link + 1), key, f"{place}.p{link + 1}", self.smooths_p, self.p[link].is_affine)

    def _smooth(self, function, link, layer, z, key, place, is_smoothed, is_affine):
        """The smoothed function at z (src/Ornstein/Smoothing/SmoothingOperator.cs)."""
        rho = self.rho[link]
        if not is_smoothed or rho == 1:
            return function(z)
        eps = self._inner(z.shape, key, place, is_affine)
        mean, deviation = layer if self.is_own_measure else (torch.zeros_like(z), torch.ones_like(z))
        points = mean + rho * (z - mean) + math.sqrt(1 - rho**2) * deviation * eps
        return tuple(output.unflatten(0, (len(points), -1)).mean(0) for output in function(points.flatten(0, 1)))

    def _inner(self, shape, key, place, is_affine):
        draws, iid = self.draws, self.sampler == "iid"
        normal = (lambda *size: torch.randn(size, dtype=torch.float64)) if key is None else key.at(place).normal
        if is_affine:  # of an affine function the mean draw is all that is needed
            return normal(1, *shape) / (math.sqrt(draws) if iid else draws) if iid or draws % 2 else torch.zeros(1, *shape).double()
        if iid:
            return normal(draws, *shape)
        half = normal((draws + 1) // 2, *shape)
        return torch.cat([half, -half])[:draws]

    def _kls(self, q, p):
        standard = torch.zeros_like(q[-1][0]), torch.ones_like(q[-1][1])
        return torch.stack([kl(own, prior).sum() for own, prior in zip(q, [*p, standard])])

    @staticmethod
    def _draw(gaussian, key, place):
        mean, deviation = gaussian
        return mean + deviation * (torch.randn_like(mean) if key is None else key.at(place).normal(*mean.shape))


class Run:
    """A run folder: its settings, its results and its models."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.config = json.loads((self.folder / "config.json").read_text(encoding="utf-8"))
        refuse(self.config)
        state = self.folder / "checkpoint" / "state.json"
        if not state.exists():
            raise FileNotFoundError(f"'{folder}' has no checkpoint/state.json; train it first")
        self.state = json.loads(state.read_text(encoding="utf-8"))
        self.weights = safetensors(state.parent / (self.state.get("average") or self.state["weights"]))
        self.members = [
            (rho, remedy, seed) for rho in self.config["rho"] for remedy in self.config["remedy"] for seed in self.config["seeds"]]

    def model(self, rho=None, seed=None, remedy=None):
        """The first model that has what is given."""
        for member, (own_rho, own_remedy, own_seed) in enumerate(self.members):
            if (rho is None or own_rho == rho) and (seed is None or own_seed == seed) and (remedy is None or own_remedy == remedy):
                links = len(self.config["latents"]) - 1
                rhos = own_rho if isinstance(own_rho, list) else [own_rho] * links
                if (step := self.state["divergedAt"][member]) is not None:
                    raise ValueError(f"the model with rho {own_rho}, remedy {own_remedy}, seed {own_seed} diverged at step {step}")
                return Model(self.config, {name: tensor[member] for name, tensor in self.weights.items()}, rhos)
        raise ValueError(
            f"no model with rho {rho}, seed {seed}, remedy {remedy}; there are {self.members}, and rounds of --refine are runs of their own: Run('{self.folder}/round-1')")


def refuse(config):
    """Raises where a run has what this module does not know."""
    known = {
        "networks": ["perceptron"], "likelihood": ["bernoulli", "gaussian"], "prior": ["standard-normal"], "sampler": ["iid", "antithetic"], "meanNorm": [None],
        "activation": list(ACTIVATIONS), "branches": ["none"],
    }
    for name, values in known.items():
        if config.get(name) not in values:
            raise ValueError(f"{name} is {config.get(name)!r}; this module knows {', '.join(map(str, values))}")
    if not all(isinstance(units, int) for units in config["latents"]):
        raise ValueError(f"latents are {config['latents']}; this module knows vectors, not maps")
    for remedy in config["remedy"]:
        for part in remedy.split("+"):
            # What moves rho or limits q leaves another model than its weights tell of.
            if part.split(":")[0] not in REMEDIES:
                raise ValueError(f"the remedy '{remedy}' has {part}; this module knows {', '.join(REMEDIES)}")


def main(arguments=None):
    """Writes a model of a run as ONNX files and says what they read and give."""
    def rho(text):
        values = [float(value) for value in text.split(":")]
        return values if len(values) > 1 else values[0]

    parser = argparse.ArgumentParser(description="Writes a model of a run of Ornstein as ONNX files.")
    parser.add_argument("run", metavar="RUN", help="the run's folder")
    parser.add_argument("--onnx", metavar="FOLDER", required=True, help="where the files go")
    parser.add_argument("--rho", metavar="R", type=rho, help="the model's rho, or one per link, such as 0.5:0.8; without --rho, --seed and --remedy the first model")
    parser.add_argument("--seed", metavar="S", type=int, help="the model's seed")
    parser.add_argument("--remedy", metavar="NAME", help="the model's remedy")
    parser.error = lambda message: sys.exit(f"ornstein_torch.py: {message}")  # one line, without the usage
    given = parser.parse_args(arguments)
    try:
        files = Run(given.run).model(given.rho, given.seed, given.remedy).export_onnx(given.onnx)
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        reason = f"'{error.filename}': {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
        sys.exit(f"ornstein_torch.py: {' '.join(reason.split())}")

    def shapes(units):
        return ", ".join(f"{name} [batch, {count}]" for name, count in units.items())

    for name, (inputs, outputs) in files.items():
        print(f"{name}: {shapes(inputs)} -> {shapes(outputs)}")


if __name__ == "__main__":
    main()
