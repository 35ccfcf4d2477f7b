"""What the training scripts share: commands by line, and batches by index."""

import json
import sys
import time

import torch

from model import settings


class Batches:
    """Batches by index from one tensor, in another order every epoch."""

    def __init__(self, data, size):
        self.data, self.size = data, size
        self.order, self.position = torch.empty(0, dtype=torch.long), 0

    def next(self):
        if self.position + self.size > len(self.order):
            self.order, self.position = torch.randperm(len(self.data)), 0
        index = self.order[self.position : self.position + self.size]
        self.position += self.size
        return self.data[index]


def serve(training, weights):
    """
    Reads commands, one a line, and answers each with a line of JSON:

      settings   version and threads
      check W    loss terms and the gradient's norms at the weights, data and noise of the file `weights`, KLs weighed by W
      steps N    trains N steps, answers with the seconds they took
    """
    for line in sys.stdin:
        command = line.split()
        if command[0] == "settings":
            answer = settings()
        elif command[0] == "check":
            answer = training.check(weights, float(command[1]))
        else:
            start = time.perf_counter()
            for _ in range(int(command[1])):
                training.step()
            answer = {"seconds": time.perf_counter() - start}
        print(json.dumps(answer), flush=True)
