#!/usr/bin/env python3
"""Measures the information of every layer of a run's models a second time, with a program that shares nothing with Ornstein.

    information.py RUN IMAGES [--data N] [--passes S] [--samples R] [--binarize] [--seed K]

RUN is the folder of a finished run of plain chains with leaky rectifiers; IMAGES an IDX file of unsigned bytes, plain. With --binarize pixels
are drawn once with probability intensity / 255; without it they are taken as they are. Prints JSON: for every model and layer I(x; z_i) under q, that
of the same channel with q's widths replaced by their root mean square over data and passes ("mean"), and the difference ("width"), in nats, each
with its standard error over the data.

q(z_i | x) above the first layer is the mixture of the Gaussians that S passes through the layers below it give. The estimate is the mean over data and
samples of log q(z | x) - log q(z), with q(z) the mixture over all data. A mixture of few passes is too narrow: the bias of order 1/S is taken off by
Richardson's extrapolation from the two halves of the passes. Needs numpy.
"""
import argparse
import glob
import json
import pathlib

import numpy as np


def safetensors(path):
    raw = pathlib.Path(path).read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(raw[8 + size + begin:8 + size + end], dtype="<f4").reshape(entry["shape"]).astype(np.float64)
    return tensors


def idx(path):
    raw = pathlib.Path(path).read_bytes()
    count, height, width = (int.from_bytes(raw[4 * i:4 * i + 4], "big") for i in (1, 2, 3))
    return np.frombuffer(raw, np.uint8, offset=16).reshape(count, height * width)


def gaussian(weights, member, layer, value):
    """Mean and standard deviation of q(z_layer | value), a perceptron with leaky rectifiers."""
    hidden = 1
    while f"q{layer}.hidden{hidden}.weight" in weights:
        value = value @ weights[f"q{layer}.hidden{hidden}.weight"][member] + weights[f"q{layer}.hidden{hidden}.bias"][member]
        value = np.where(value > 0, value, 0.01 * value)
        hidden += 1
    value = value @ weights[f"q{layer}.output.weight"][member] + weights[f"q{layer}.output.bias"][member]
    mean, scale = np.split(value, 2, axis=-1)
    return mean, np.logaddexp(0, scale) + 1e-4


def passes(weights, member, layers, x, count, noise):
    """Gaussians of every layer, [passes, data, units], and a sample of each."""
    value = np.broadcast_to(x, (count, *x.shape))
    result = []
    for layer in range(1, layers + 1):
        mean, deviation = gaussian(weights, member, layer, value)
        value = mean + deviation * noise.standard_normal(mean.shape)
        result.append((mean, deviation, value))
    return result


def log_densities(z, mean, deviation):
    """log N(z; mean, deviation), [points, components]: products of matrices, in blocks by the caller."""
    precision = deviation ** -2.0
    constant = -0.5 * np.sum((mean * mean) * precision, -1) - np.sum(np.log(deviation), -1)
    return -0.5 * (z * z) @ precision.T + z @ (mean * precision).T + constant


def information(mean, deviation, samples):
    """Log ratios log q(z | x) / q(z), [samples, data], with all passes and with each half of them."""
    count, data, units = mean.shape
    parts = [slice(0, count), slice(0, count // 2), slice(count // 2, count)]
    ratios = np.empty((3, samples.shape[0], data))
    for row, z in enumerate(samples):
        for begin in range(0, data, 50):
            block = z[begin:begin + 50]
            log = log_densities(block, mean.reshape(-1, units), deviation.reshape(-1, units)).reshape(len(block), count, data)
            top = log.max(axis=(1, 2), keepdims=True)
            density = np.exp(log - top)
            own = density[np.arange(len(block)), :, begin + np.arange(len(block))]  # [block, passes]
            for i, part in enumerate(parts):
                ratios[i, row, begin:begin + 50] = np.log(own[:, part].mean(1) + 1e-300) - np.log(density[:, part].mean((1, 2)))
    return ratios


def estimate(ratios):
    """2 I_S - I_(S/2) for every datum, mean and standard error over the data."""
    per_datum = (2 * ratios[0] - (ratios[1] + ratios[2]) / 2).mean(0)
    return per_datum


def summary(values):
    return {"value": float(values.mean()), "standardError": float(values.std(ddof=1) / np.sqrt(len(values)))}


def main():
    arguments = argparse.ArgumentParser(description="Information of every layer of a run, by a second program.")
    arguments.add_argument("run")
    arguments.add_argument("images")
    arguments.add_argument("--data", type=int, default=400)
    arguments.add_argument("--passes", type=int, default=64)
    arguments.add_argument("--samples", type=int, default=8)
    arguments.add_argument("--binarize", action="store_true")
    arguments.add_argument("--seed", type=int, default=0)
    asked = arguments.parse_args()
    noise = np.random.default_rng(asked.seed)
    config = json.loads(pathlib.Path(asked.run, "config.json").read_text())
    weights = safetensors(glob.glob(f"{asked.run}/checkpoint/weights-*.safetensors")[0])
    x = idx(asked.images)[:asked.data] / 255.0
    if asked.binarize:
        x = (noise.random(x.shape) < x).astype(np.float64)
    layers = len(config["latents"])
    models = [(rho, seed) for rho in config["rho"] for seed in config["seeds"]]
    result = []
    for member, (rho, seed) in enumerate(models):
        components = passes(weights, member, layers, x, asked.passes, noise)
        fresh = passes(weights, member, layers, x, asked.samples, noise)
        entry = {"rho": rho, "seed": seed, "layers": []}
        for (mean, deviation, _), (own_mean, own_deviation, _) in zip(components, fresh):
            width = np.sqrt((deviation ** 2).mean((0, 1)))
            eps = noise.standard_normal(own_mean.shape)
            total = estimate(information(mean, deviation, own_mean + own_deviation * eps))
            means = estimate(information(mean, np.broadcast_to(width, deviation.shape), own_mean + width * eps))
            entry["layers"].append({"information": summary(total), "mean": summary(means), "width": summary(total - means)})
        result.append(entry)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
