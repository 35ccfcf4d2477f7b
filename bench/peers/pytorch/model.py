"""The hierarchical VAE of src/Ornstein/Models as a PyTorch user would write it: nn.Linear, both heads in one, draws folded into rows."""

import json
import math
import struct

import torch
import torch.nn.functional as F
from torch import nn

MINIMUM_STANDARD_DEVIATION = 1e-4


def perceptron(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.01, inplace=True)]
    return nn.Sequential(*layers[:-1])


class Gaussian(nn.Module):
    """Mean and standard deviation of a diagonal Gaussian."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.network = perceptron([inputs, *hidden, 2 * outputs])

    def forward(self, value):
        mean, raw = self.network(value).chunk(2, -1)
        return mean, F.softplus(raw) + MINIMUM_STANDARD_DEVIATION


def kl(q, p):
    (m, s), (mu, sigma) = q, p
    ratio = s / sigma
    return (ratio.square() + ((m - mu) / sigma).square() - 1 - 2 * ratio.log()).sum(-1).mul(0.5)


def kl_from_standard(q):
    m, s = q
    return (s.square() + m.square() - 1 - 2 * s.log()).sum(-1).mul(0.5)


def log_density(z, mean, deviation):
    return (((z - mean) / deviation).square() + 2 * deviation.log()).sum(-1).mul(-0.5) - 0.5 * z.shape[-1] * math.log(2 * math.pi)


class Vae(nn.Module):
    def __init__(self, features, latents, hidden, hidden_layers, rho=1.0, draws=1):
        super().__init__()
        widths = [[width] * hidden_layers for width in hidden]
        self.latents, self.rho, self.draws = latents, rho, draws
        self.q = nn.ModuleList(Gaussian(n, h, m) for n, h, m in zip([features, *latents], widths, latents))
        self.p = nn.ModuleList(Gaussian(n, h, m) for n, h, m in zip(latents[1:], widths[1:], latents))
        self.decoder = perceptron([latents[0], *widths[0], features])

    def terms(self, x, normal=None):
        """Reconstruction and the KL of every layer, nats, means over the batch; `normal` gives the noise of a named place."""
        normal = normal or (lambda place, *shape: torch.randn(*shape))
        layers, samples, value = [], [], x
        for i, q in enumerate(self.q):
            mean, deviation = q(value)
            value = torch.addcmul(mean, deviation, normal(f"z{i + 1}", len(x), self.latents[i]))
            layers.append((mean, deviation))
            samples.append(value)
        logits = self.decoder(samples[0])
        terms = [F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)]
        for i in range(len(self.p)):
            terms.append(kl(layers[i], self.generative(i, layers[i + 1], samples[i + 1], normal)).mean())
        return [*terms, kl_from_standard(layers[-1]).mean()]

    def generative(self, link, layer, z, normal):
        if self.rho == 1:
            return self.p[link](z)
        mean, deviation = layer
        eps = normal(f"smooth.p{link + 1}", self.draws, *z.shape)
        points = torch.addcmul(torch.lerp(mean, z, self.rho), deviation * math.sqrt(1 - self.rho**2), eps)
        mu, sigma = self.p[link](points.flatten(0, 1))
        return mu.unflatten(0, (self.draws, -1)).mean(0), sigma.unflatten(0, (self.draws, -1)).mean(0)

    def log_weights(self, x, samples):
        """log p(x, z) - log q(z | x) of fresh draws, [samples, images]; the layer that reads x is passed once."""
        mean, deviation = self.q[0](x)
        return self.log_weights_given(x, mean.expand(samples, -1, -1), deviation.expand(samples, -1, -1))

    def log_weights_given(self, x, mean, deviation):
        value = torch.addcmul(mean, deviation, torch.randn(mean.shape))
        logits = self.decoder(value)
        weight = -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
        weight -= log_density(value, mean, deviation)
        for q, p in zip(self.q[1:], self.p):
            mean, deviation = q(value)
            above = torch.addcmul(mean, deviation, torch.randn(mean.shape))
            weight += log_density(value, *p(above)) - log_density(above, mean, deviation)
            value = above
        return weight - 0.5 * (value.square().sum(-1) + value.shape[-1] * math.log(2 * math.pi))

    def load(self, tensors):
        """Takes one member's weights under Ornstein's names: [inputs, outputs], where nn.Linear has [outputs, inputs]."""
        networks = {f"q{i + 1}": q.network for i, q in enumerate(self.q)}
        networks |= {f"p{i + 1}": p.network for i, p in enumerate(self.p)}
        networks["p0"] = self.decoder
        with torch.no_grad():
            for name, network in networks.items():
                linears = [layer for layer in network if isinstance(layer, nn.Linear)]
                parts = [f"hidden{i + 1}" for i in range(len(linears) - 1)] + ["output"]
                for part, linear in zip(parts, linears):
                    linear.weight.copy_(tensors[f"{name}.{part}.weight"].squeeze(0).t())
                    linear.bias.copy_(tensors[f"{name}.{part}.bias"].flatten())


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
    parser.add_argument("--weights", help="a safetensors file with weights, data `x` and noise to check against or to measure on")


def make_model(arguments):
    return Vae(
        arguments.features, arguments.latents, arguments.hidden, arguments.hidden_layers, arguments.rho, arguments.draws)


def settings():
    """What the caller reports of this process."""
    return {"torch": torch.__version__, "threads": torch.get_num_threads()}
