"""Training steps of Ornstein's model in PyTorch: the peer of `Ornstein.Bench compare`.

Debian:  apt-get install python3-torch libopenblas0-pthread
Without libopenblas0-pthread, PyTorch's matrix products are several times slower. On two cores it is fastest with
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=2 or with OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=1, and far slower with both at 2;
`compare` starts one process of each and keeps the faster.

Eager mode, foreach Adam, data in one tensor, batches by index. The commands that it reads: serving.py.
"""

import argparse

import torch

from model import add_model_arguments, make_model, read_safetensors
from objective import doubly_reparameterized, elbo, importance_weighted
from serving import Batches, serve


class Training:
    def __init__(self, arguments):
        self.model = make_model(arguments)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, foreach=True)
        self.batches = Batches((torch.rand(arguments.rows, arguments.features) < 0.13).float(), arguments.batch)
        self.samples, self.doubly, self.free_bits = arguments.samples, arguments.doubly, arguments.free_bits
        self.warm_up, self.done = arguments.warm_up * (arguments.rows // arguments.batch), 0
        self.loss = torch.zeros(())

    def differentiate(self, x, kl_weight, normal=None):
        if self.samples == 1:
            return elbo(self.model, x, normal, kl_weight, self.free_bits)
        return (doubly_reparameterized if self.doubly else importance_weighted)(self.model, x, self.samples, normal)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss, _ = self.differentiate(self.batches.next(), min(1, self.done / self.warm_up) if self.warm_up else 1)
        self.optimizer.step()
        self.loss += loss.detach()
        self.done += 1

    def check(self, path, kl_weight):
        tensors = read_safetensors(path)
        self.model.load(tensors)
        self.model.zero_grad(set_to_none=True)
        _, terms = self.differentiate(tensors["x"], kl_weight, lambda place, *shape: tensors[place].reshape(shape))
        squares = {
            name: sum(parameter.grad.double().square().sum().item() for layer in layers for parameter in layer.parameters())
            for name, layers in self.model.networks().items()
        }
        return {"terms": [term.mean().item() for term in terms], "gradientNorms": {name: square**0.5 for name, square in squares.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model_arguments(parser)
    parser.add_argument("--samples", type=int, default=1, help="above 1: the importance-weighted objective")
    parser.add_argument("--doubly", action="store_true", help="its doubly reparameterized gradient")
    parser.add_argument("--free-bits", type=float, help="nats of every unit")
    parser.add_argument("--warm-up", type=float, default=0, help="epochs over which the KLs' weight rises to 1")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rows", type=int, default=10_000, help="images of the made-up training set")
    arguments = parser.parse_args()
    serve(Training(arguments), arguments.weights)


if __name__ == "__main__":
    main()
