"""The hierarchical VAE of src/Ornstein/Models as a PyTorch user would write it: nn.Linear, both heads in one, draws folded into rows."""

import json
import math
import struct
from typing import List, NamedTuple, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MINIMUM_STANDARD_DEVIATION = 1e-4


def activation():
    return nn.LeakyReLU(0.01, inplace=True)


def hidden_layers(sizes, batch_norm=False):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        # the shift of batch normalization is the bias
        layers += [nn.Linear(inputs, outputs, bias=not batch_norm), *([nn.BatchNorm1d(outputs)] if batch_norm else []), activation()]
    return layers


def perceptron(sizes, batch_norm=False):
    return nn.Sequential(*hidden_layers(sizes[:-1], batch_norm), nn.Linear(*sizes[-2:]))


class Beside(nn.Module):
    """A dense layer of z and x side by side. Samples of a datum share x, which is multiplied once and has no gradient."""

    def __init__(self, inputs, features, outputs):
        super().__init__()
        self.z, self.x = nn.Linear(inputs, outputs, bias=False), nn.Linear(features, outputs)

    def forward(self, both):
        z, x = both
        return self.z(z) + self.x(x)


class Gaussian(nn.Module):
    """Mean and standard deviation of a diagonal Gaussian; with `beside` of rows and as many numbers of the data."""

    def __init__(self, inputs, hidden, outputs, batch_norm=False, beside=0):
        super().__init__()
        self.network = perceptron([inputs, *hidden, 2 * outputs], batch_norm)
        if beside:
            self.network[0] = Beside(inputs, beside, hidden[0])

    def forward(self, value):
        mean, raw = self.network(value).chunk(2, -1)
        return mean, F.softplus(raw) + MINIMUM_STANDARD_DEVIATION


def merge(first, second):
    """The normalized product of two Gaussians: means weighted by precision."""
    (m, s), (mu, sigma) = first, second
    variance = sigma.square()
    share = variance / (s.square() + variance)
    return torch.lerp(mu, m.expand_as(mu), share), s * share.sqrt()


def kl_of_units(q, p):
    (m, s), (mu, sigma) = q, p
    ratio = s / sigma
    return (ratio.square() + ((m - mu) / sigma).square() - 1 - 2 * ratio.log()).mul(0.5)


def kl_of_units_from_standard(q):
    m, s = q
    return (s.square() + m.square() - 1 - 2 * s.log()).mul(0.5)


def log_ratio(z, eps, deviation, p):
    """log q - log p at samples z = mean + deviation eps; p of the top layer, None, is standard."""
    if p is None:
        return ((z.square() - eps.square()).mul(0.5) - deviation.log()).sum(-1)
    mu, sigma = p
    return ((((z - mu) / sigma).square() - eps.square()).mul(0.5) + (sigma / deviation).log()).sum(-1)


class Pass(NamedTuple):
    """What inference gives of every layer, z1 first: [batch, units], or [samples, batch, units] where it depends on samples."""

    q: List[Tuple[Tensor, Tensor]]
    z: List[Tensor]
    eps: List[Tensor]
    p: List[Tuple[Tensor, Tensor]]  # all but the top layer's


class Vae(nn.Module):
    def __init__(
        self, features, latents, hidden, hidden_layers, rho=1.0, draws=1, batch_norm=False, skips=False, ladder=False):
        super().__init__()
        widths = [[width] * hidden_layers for width in hidden]
        self.latents, self.rho, self.draws, self.skips, self.is_ladder = latents, rho, draws, skips, ladder
        if ladder:
            self.climbing, self.q = self.ladder_networks(features, latents, widths, batch_norm)
        else:
            beside = [0] + [features if skips else 0] * (len(latents) - 1)
            self.q = nn.ModuleList(
                Gaussian(n, h, m, batch_norm, b) for n, h, m, b in zip([features, *latents], widths, latents, beside))
        above = [sum(latents[i:]) if skips else latents[i] for i in range(len(latents))]
        self.p = nn.ModuleList(Gaussian(n, h, m, batch_norm) for n, h, m in zip(above[1:], widths[1:], latents))
        self.decoder = perceptron([above[0], *widths[0], features], batch_norm)

    @staticmethod
    def ladder_networks(features, latents, widths, batch_norm):
        inputs = [features, *(width[-1] for width in widths)]
        climbing = nn.ModuleList(nn.Sequential(*hidden_layers([n, *h], batch_norm)) for n, h in zip(inputs, widths))
        return climbing, nn.ModuleList(Gaussian(h[-1], [], m) for h, m in zip(widths, latents))

    def infer(self, x, samples=None, normal=None, read=lambda z: z):
        """
        Draws all layers; `samples` of each datum, or one without an axis of its own. What reads x alone is passed once. `normal` gives the
        noise of a named place, and `read` what other networks read of a sample.
        """
        normal = normal or (lambda place, *shape: torch.randn(*shape))

        def draw(layer, q):
            mean, deviation = q
            shape = [len(x), self.latents[layer]]
            eps = normal(f"z{layer + 1}", *(shape if samples is None else [samples, *shape]))
            return torch.addcmul(mean, deviation, eps), eps

        return (self.infer_ladder if self.is_ladder else self.infer_chain)(x, draw, normal, read)

    def infer_chain(self, x, draw, normal, read):
        q, z, eps, value = [], [], [], x
        for layer, network in enumerate(self.q):
            q.append(network((value, x) if self.skips and layer > 0 else value))
            sample, noise = draw(layer, q[-1])
            value = read(sample)
            z.append(value)
            eps.append(noise)
        return Pass(q, z, eps, [self.generative(link, q[link + 1], self.above(z[link + 1 :]), normal) for link in range(len(self.p))])

    def infer_ladder(self, x, draw, normal, read):
        climbing, value = [], x
        for network, head in zip(self.climbing, self.q):
            value = network(value)
            climbing.append(head(value))
        q, z, eps, p = [], [], [], []
        for layer in reversed(range(len(self.q))):
            if layer < len(self.p):
                p.insert(0, self.generative(layer, q[0], self.above(z), normal))
            q.insert(0, merge(climbing[layer], p[0]) if p else climbing[layer])
            sample, noise = draw(layer, q[0])
            z.insert(0, read(sample))
            eps.insert(0, noise)
        return Pass(q, z, eps, p)

    def above(self, z):
        """What a generative network reads of the samples of all layers above it."""
        return torch.cat(z, -1) if self.skips and len(z) > 1 else z[0]

    def generative(self, link, layer, z, normal):
        if self.rho == 1:
            return self.p[link](z)
        mean, deviation = layer
        eps = normal(f"smooth.p{link + 1}", self.draws, *z.shape)
        points = torch.addcmul(torch.lerp(mean, z, self.rho), deviation * math.sqrt(1 - self.rho**2), eps)
        mu, sigma = self.p[link](points.flatten(0, 1))
        return mu.unflatten(0, (self.draws, -1)).mean(0), sigma.unflatten(0, (self.draws, -1)).mean(0)

    def reconstruction(self, x, z):
        """-log p(x | z), nats. F.binary_cross_entropy_with_logits gives the same and takes twice as long."""
        logits = self.decoder(self.above(z))
        return F.softplus(logits).sum(-1) - (logits * x).sum(-1)

    def log_ratios(self, layers):
        """log q - log p of every layer, z1 first, nats, [samples, batch]."""
        return [log_ratio(z, eps, q[1], p) for q, z, eps, p in zip(layers.q, layers.z, layers.eps, [*layers.p, None])]

    def log_weights(self, x, samples):
        """log p(x, z) - log q(z | x) of fresh draws, [samples, images]."""
        layers = self.infer(x, samples)
        return -self.reconstruction(x, layers.z) - sum(self.log_ratios(layers))

    def networks(self):
        """The layers of every network under Ornstein's names."""
        hidden = self.climbing if self.is_ladder else [[]] * len(self.q)
        networks = {f"q{i + 1}": [*below, *q.network] for i, (below, q) in enumerate(zip(hidden, self.q))}
        networks |= {f"p{i + 1}": [*p.network] for i, p in enumerate(self.p)}
        return networks | {"p0": [*self.decoder]}

    @torch.no_grad()
    def load(self, tensors):
        """Takes one member's weights under Ornstein's names: [inputs, outputs], where nn.Linear has [outputs, inputs]."""
        for name, layers in self.networks().items():
            dense = [layer for layer in layers if isinstance(layer, (nn.Linear, Beside))]
            parts = [f"{name}.hidden{i + 1}" for i in range(len(dense) - 1)] + [f"{name}.output"]
            for part, layer in zip(parts, dense):
                weight, bias = tensors[f"{part}.weight"].squeeze(0).t(), tensors[f"{part}.bias"].flatten()
                if isinstance(layer, Beside):
                    inputs = layer.z.in_features
                    layer.z.weight.copy_(weight[:, :inputs])
                    weight, layer = weight[:, inputs:], layer.x
                layer.weight.copy_(weight)
                if layer.bias is not None:
                    layer.bias.copy_(bias)
            for part, layer in zip(parts, [layer for layer in layers if isinstance(layer, nn.BatchNorm1d)]):
                layer.weight.copy_(tensors[f"{part}.gain"].flatten())
                layer.bias.copy_(tensors[f"{part}.bias"].flatten())


def read_safetensors(path):
    """float32 tensors by name."""
    with open(path, "rb") as file:
        content = bytearray(file.read())
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}"
        start, end = entry["data_offsets"]
        data = torch.frombuffer(content, dtype=torch.float32, count=(end - start) // 4, offset=8 + length + start)
        tensors[name] = data.reshape(entry["shape"]).clone()
    return tensors


def add_model_arguments(parser):
    sizes = lambda text: [int(part) for part in text.split(",")]
    parser.add_argument("--features", type=int, default=784)
    parser.add_argument("--latents", type=sizes, default=[32, 16, 8])
    parser.add_argument("--hidden", type=sizes, default=[256, 128, 64])
    parser.add_argument("--hidden-layers", type=int, default=2)
    parser.add_argument("--rho", type=float, default=1.0, help="smoothing parameter of every link; 1 is the vanilla model")
    parser.add_argument("--draws", type=int, default=1, help="inner draws K")
    parser.add_argument("--batch-norm", action="store_true", help="batch normalization of hidden layers")
    parser.add_argument("--skips", action="store_true", help="q reads x beside z below, generative networks all layers above")
    parser.add_argument("--ladder", action="store_true", help="ladder inference")
    parser.add_argument("--weights", help="a safetensors file with weights, data `x` and noise to check against or to measure on")


def make_model(arguments):
    return Vae(
        arguments.features, arguments.latents, arguments.hidden, arguments.hidden_layers, arguments.rho, arguments.draws,
        arguments.batch_norm, arguments.skips, arguments.ladder)


def settings():
    """What the caller reports of this process."""
    return {"torch": torch.__version__, "threads": torch.get_num_threads()}
