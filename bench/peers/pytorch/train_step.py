"""Training steps of Ornstein's model in PyTorch: the peer of `Ornstein.Bench compare`.

Debian:  apt-get install python3-torch libopenblas0-pthread
Without libopenblas0-pthread, PyTorch's matrix products are several times slower. On two cores it is fastest with
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=2 or with OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=1, and far slower with both at 2;
`compare` starts one process of each and keeps the faster.

Eager mode, foreach Adam, data in one tensor, batches by index. Reads commands, one a line, and answers each with a line of JSON:

  settings   version and threads
  check      loss terms and the gradient's norm at the weights, data and noise of the file --weights
  steps N    trains N steps, answers with the seconds they took
"""

import argparse
import json
import sys
import time

import torch

from model import add_model_arguments, make_model, read_safetensors, settings


class Training:
    def __init__(self, arguments):
        self.model = make_model(arguments)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, foreach=True)
        self.data = (torch.rand(arguments.rows, arguments.features) < 0.13).float()
        self.batch, self.order, self.position = arguments.batch, torch.empty(0, dtype=torch.long), 0
        self.loss = torch.zeros(())

    def next_batch(self):
        if self.position + self.batch > len(self.order):
            self.order, self.position = torch.randperm(len(self.data)), 0
        index = self.order[self.position : self.position + self.batch]
        self.position += self.batch
        return self.data[index]

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = sum(self.model.terms(self.next_batch()))
        loss.backward()
        self.optimizer.step()
        self.loss += loss.detach()

    def steps(self, count):
        start = time.perf_counter()
        for _ in range(count):
            self.step()
        return {"seconds": time.perf_counter() - start}

    def check(self, path):
        tensors = read_safetensors(path)
        self.model.load(tensors)
        self.model.zero_grad(set_to_none=True)
        terms = self.model.terms(tensors["x"], lambda place, *shape: tensors[place].reshape(shape))
        sum(terms).backward()
        norm = sum(parameter.grad.double().square().sum() for parameter in self.model.parameters()).sqrt()
        return {"terms": [term.item() for term in terms], "gradientNorm": norm.item()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model_arguments(parser)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rows", type=int, default=10_000, help="images of the made-up training set")
    arguments = parser.parse_args()
    training = Training(arguments)
    for line in sys.stdin:
        command = line.split()
        if command[0] == "settings":
            answer = settings()
        elif command[0] == "check":
            answer = training.check(arguments.weights)
        else:
            answer = training.steps(int(command[1]))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
