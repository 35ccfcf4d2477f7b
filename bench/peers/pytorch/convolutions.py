"""The convolutional hierarchical VAE of src/Ornstein/Networks/Convolutions.cs as a PyTorch user would write it. Shapes are (channels, height, width) or (units,)."""

import math
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

from model import MINIMUM_STANDARD_DEVIATION, kl_of_units, kl_of_units_from_standard

SMALLEST_SIDE = 8  # of the map that a vector is connected to, where halves go that far
LEAST_LOG_SCALE = -7
HALF_BIN = 1 / 255


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first, self.second = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x):
        return x + self.second(F.silu(self.first(F.silu(x))))


class Connect(nn.Linear):
    """An affine function of all numbers of a row."""

    def __init__(self, source, target):
        super().__init__(math.prod(source), math.prod(target))
        self.target = target

    def forward(self, x):
        return super().forward(x.flatten(1)).view(-1, *self.target)


class Network(nn.Sequential):
    """Residual blocks at every size of map between two shapes; the decoder adds a parameter for every number. Modules have Ornstein's names."""

    def __init__(self, source, target, width, blocks, has_offset=False):
        super().__init__(OrderedDict(steps_between(source, target, width, blocks)))
        self.register_parameter("offset", nn.Parameter(torch.zeros(target)) if has_offset else None)

    def forward(self, x):
        x = super().forward(x)
        return x if self.offset is None else x + self.offset


def steps_between(source, target, width, blocks):
    steps = []
    number = lambda: sum(not name.startswith("double") for name, _ in steps) + 1
    add = lambda name, module: steps.append((f"{name}{number()}", module))
    height, across = source[1:] if len(source) > 1 else smallest(*target[1:])
    wanted = target[1] if len(target) > 1 else smallest(height, across)[0]

    def add_blocks():
        for _ in range(blocks):
            add("block", Residual(width))

    is_map = len(source) > 1
    add("stem", nn.Conv2d(source[0], width, 3, padding=1) if is_map else Connect(source, (width, height, across)))
    add_blocks()
    while height > wanted:
        add("down", nn.Conv2d(width, width, 3, stride=2, padding=1))
        add_blocks()
        height, across = height // 2, across // 2
    while height < wanted:
        # Nearest; repeat_interleave takes several times as long.
        steps.append((f"double before {number()}", nn.Upsample(scale_factor=2)))
        add("up", nn.Conv2d(width, width, 3, padding=1))
        add_blocks()
        height, across = 2 * height, 2 * across
    add("activate", nn.SiLU())
    output = nn.Conv2d(width, target[0], 3, padding=1) if len(target) > 1 else Connect((width, height, across), target)
    return [*steps, ("output", output)]


def smallest(height, across):
    while height % 2 == 0 and across % 2 == 0 and max(height, across) > SMALLEST_SIDE:
        height, across = height // 2, across // 2
    return height, across


def bernoulli(x, logits):
    """-log p(x | z) of every datum, nats. F.binary_cross_entropy_with_logits gives the same and takes longer."""
    return (F.softplus(logits) - logits * x).flatten(1).sum(-1)


def discretized_logistic(x, output):
    """The same of levels over 255: a logistic distribution on [-1, 1] in 256 bins, the outer two of which are endless (Salimans et al. 2017)."""
    mean, log_scale = output.chunk(2, 1)
    inverse = log_scale.clamp(min=LEAST_LOG_SCALE).neg().exp()
    centred = x * 2 - 1 - mean
    upper, lower = F.softplus((centred + HALF_BIN) * -inverse), F.softplus((centred - HALF_BIN) * inverse)
    width = torch.log(-torch.expm1(inverse * (-2 * HALF_BIN)))
    is_lowest, is_highest = x < HALF_BIN / 2, x > 1 - HALF_BIN / 2
    nats = upper.masked_fill(is_highest, 0) + lower.masked_fill(is_lowest, 0) - width.masked_fill(is_lowest | is_highest, 0)
    return nats.flatten(1).sum(-1)


LIKELIHOODS = {"bernoulli": (bernoulli, 1), "discretized-logistic": (discretized_logistic, 2)}  # and numbers that it reads of a feature


class Vae(nn.Module):
    def __init__(self, data, latents, widths, blocks, likelihood):
        super().__init__()
        self.likelihood, outputs = LIKELIHOODS[likelihood]
        twice = lambda shape: (2 * shape[0], *shape[1:])
        networks, below = {}, data
        for i, (shape, width) in enumerate(zip(latents, widths)):
            networks[f"q{i + 1}"] = Network(below, twice(shape), width, blocks)
            if i > 0:
                networks[f"p{i}"] = Network(shape, twice(below), width, blocks)
            below = shape
        networks["p0"] = Network(latents[0], (outputs * data[0], *data[1:]), widths[0], blocks, has_offset=True)
        self.layers, self.networks = len(latents), nn.ModuleDict(networks)

    def gaussian(self, name, value):
        mean, raw = self.networks[name](value).chunk(2, 1)
        return mean, F.softplus(raw) + MINIMUM_STANDARD_DEVIATION

    def terms(self, x, normal=lambda place, like: torch.randn_like(like)):
        """The reconstruction, then the KL of every layer, z1 first: nats, mean over the batch. `normal` gives the noise of a named place."""
        q, z, value = [], [], x
        for layer in range(1, self.layers + 1):
            mean, deviation = self.gaussian(f"q{layer}", value)
            value = torch.addcmul(mean, deviation, normal(f"z{layer}", mean))
            q.append((mean, deviation))
            z.append(value)
        p = [self.gaussian(f"p{layer}", z[layer]) for layer in range(1, self.layers)]
        kls = [*map(kl_of_units, q, p), kl_of_units_from_standard(q[-1])]
        return [self.likelihood(x, self.networks["p0"](z[0])).mean(), *(kl.sum() / len(x) for kl in kls)]

    @torch.no_grad()
    def load(self, tensors):
        """Takes one member's weights under Ornstein's names."""
        for name, parameter in self.networks.named_parameters():
            parameter.copy_(as_pytorch(tensors[name].squeeze(0)))


def as_pytorch(weight):
    """A weight in PyTorch's order: of [3, 3, inputs, outputs] it is [outputs, inputs, 3, 3], of [inputs, outputs] [outputs, inputs]."""
    if weight.dim() == 4 and weight.shape[:2] == (3, 3):
        return weight.permute(3, 2, 0, 1)
    return weight.t() if weight.dim() == 2 else weight
