"""Training steps of Ornstein's convolutional model in PyTorch: the peer of `Ornstein.Bench compare`.

Installing and thread settings: see train_step.py. Eager mode, foreach Adam, data in one tensor, batches by index. The commands that it
reads: serving.py.
"""

import argparse

import torch

from convolutions import LIKELIHOODS, Vae
from model import read_safetensors
from serving import Batches, serve

FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def waves(rows, shape, is_binary):
    """Made images: a wave of its own in every channel, as levels over 255 or on and off."""
    channels, height, across = shape
    down, along = torch.linspace(0, 1, height).view(-1, 1), torch.linspace(0, 1, across)
    turns, phase = [(torch.rand(rows, channels, 1, 1) - 0.5) * 20 for _ in range(2)], torch.rand(rows, channels, 1, 1) * 6.28
    levels = torch.sin(turns[0] * down + turns[1] * along + phase) * 0.5 + 0.5
    return (levels > 0.8).float() if is_binary else (levels * 255).round() / 255


class Training:
    def __init__(self, arguments):
        self.format = FORMATS[arguments.memory_format]
        self.model = Vae(arguments.data, arguments.latents, arguments.widths, arguments.blocks, arguments.likelihood)
        self.model.to(memory_format=self.format)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, foreach=True)
        self.shape = arguments.data
        self.batches = Batches(waves(arguments.rows, arguments.data, arguments.likelihood == "bernoulli"), arguments.batch)
        self.loss = torch.zeros(())

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = sum(self.model.terms(self.batches.next().contiguous(memory_format=self.format)))
        loss.backward()
        self.optimizer.step()
        self.loss += loss.detach()

    def check(self, path, kl_weight):
        """Norms of every parameter's gradient."""
        tensors = read_safetensors(path)
        self.model.load(tensors)
        self.model.zero_grad(set_to_none=True)
        x = tensors["x"].view(-1, *self.shape).contiguous(memory_format=self.format)
        terms = self.model.terms(x, lambda place, like: tensors[place].view(like.shape))
        (terms[0] + kl_weight * sum(terms[1:])).backward()
        norms = {name: parameter.grad.double().norm().item() for name, parameter in self.model.networks.named_parameters()}
        return {"terms": [term.item() for term in terms], "gradientNorms": norms}


def main():
    shape = lambda text: tuple(int(part) for part in text.split("x"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=shape, default=(3, 32, 32))
    parser.add_argument("--latents", type=lambda text: [shape(part) for part in text.split(",")], default=[(8, 16, 16), (16, 8, 8), (32, 4, 4)])
    parser.add_argument("--widths", type=lambda text: [int(part) for part in text.split(",")], default=[32, 48, 64])
    parser.add_argument("--blocks", type=int, default=1, help="residual blocks at every size of map")
    parser.add_argument("--likelihood", choices=[*LIKELIHOODS], default="discretized-logistic")
    parser.add_argument("--memory-format", choices=[*FORMATS], default="channels_last")
    parser.add_argument("--weights", help="a safetensors file with weights, data `x` and noise to check against")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rows", type=int, default=2000, help="images of the made-up training set")
    arguments = parser.parse_args()
    serve(Training(arguments), arguments.weights)


if __name__ == "__main__":
    main()
