"""The importance-weighted bound (Burda et al. 2016) of Ornstein's model in PyTorch: the peer of `Ornstein.Bench compare`.

Installing and thread settings: see train_step.py. Batches of images, samples in chunks with a running logsumexp, and the network
that reads the image passed once. Reads commands, one a line, and answers each with a line of JSON:

  settings   version and threads
  bound K    the mean bound over the images of the file --weights with K samples each, and the seconds it took
"""

import argparse
import json
import math
import sys
import time

import torch

from model import add_model_arguments, make_model, read_safetensors, settings


@torch.no_grad()
def bound(model, images, samples, rows, batch):
    total = 0.0
    for x in images.split(batch):
        chunk = max(1, rows // len(x))
        log_sum, left = torch.full((len(x),), -math.inf), samples
        while left > 0:
            weights = model.log_weights(x, min(chunk, left))
            log_sum = torch.logaddexp(log_sum, weights.logsumexp(0))
            left -= len(weights)
        total += (log_sum - math.log(samples)).sum().item()
    return total / len(images)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model_arguments(parser)
    parser.add_argument("--batch", type=int, default=10, help="images at a time")
    parser.add_argument("--rows", type=int, default=1000, help="images times samples at a time; more was not faster")
    arguments = parser.parse_args()
    model, tensors = make_model(arguments), read_safetensors(arguments.weights)
    model.load(tensors)
    for line in sys.stdin:
        command = line.split()
        if command[0] == "settings":
            answer = settings()
        else:
            start = time.perf_counter()
            value = bound(model, tensors["x"], int(command[1]), arguments.rows, arguments.batch)
            answer = {"bound": value, "seconds": time.perf_counter() - start}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
