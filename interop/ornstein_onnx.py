"""Models of runs of Ornstein as ONNX files, for programs that have neither PyTorch nor .NET. Model.export_onnx of ornstein_torch.py calls it.

Every network is a file of its own, because samples are drawn between them: each gives the Gaussian of a layer, unsmoothed, or the expected data. Numbers are
float32, as Ornstein's. All shapes are [batch, units].
"""

import copy
import inspect
import pathlib
import re

import torch
from torch import nn

OPSET, OLDEST = 17, (1, 13)  # the highest version of operators that this PyTorch writes


class Joined(nn.Module):
    """A network that reads its inputs side by side."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, *inputs):
        return self.network(torch.cat(inputs, -1) if len(inputs) > 1 else inputs[0])


class BottomUp(nn.Module):
    """What a ladder takes from the data: mean and deviation of every layer, z1 first, that are then merged with p."""

    def __init__(self, climbing, heads):
        super().__init__()
        self.climbing, self.heads = climbing, heads

    def forward(self, x):
        outputs = []
        for network, head in zip(self.climbing, self.heads):
            x = network(x)
            outputs += head(x)
        return tuple(outputs)


def export(model, folder):
    """Writes the files. Returns what each reads and gives, by its name: (inputs, outputs), each the numbers of units by name."""
    if tuple(int(number) for number in re.findall(r"\d+", torch.__version__)[:2]) < OLDEST:
        raise RuntimeError(f"ONNX files need PyTorch {OLDEST[0]}.{OLDEST[1]} or later, and this is {torch.__version__}")
    folder = pathlib.Path(folder)
    if any(folder.glob("*.onnx")):  # of two models in one folder nobody can tell which file is whose
        raise FileExistsError(f"'{folder}' has ONNX files already; give another folder")
    model = copy.deepcopy(model).float().eval()
    folder.mkdir(parents=True, exist_ok=True)
    result = {}
    for name, (network, inputs, outputs) in parts(model).items():
        write(network, inputs, outputs, folder / name)
        result[name] = inputs, outputs
    return result


def parts(model):
    """The networks of a model by the names of their files, with the numbers of units that they read and give."""
    count, x = len(model.latents), {"x": model.decoder[-1].out_features}
    z = [{f"z{layer + 1}": units} for layer, units in enumerate(model.latents)]

    def above(layer):  # what p of the layer below reads
        return {name: units for one in (z[layer:] if model.skips_p else z[layer:layer + 1]) for name, units in one.items()}

    def gaussian(layer, of=""):
        return {f"mean{of}": model.latents[layer], f"deviation{of}": model.latents[layer]}

    result = {}
    if model.is_ladder:
        outputs = {name: units for layer in range(count) for name, units in gaussian(layer, f"-z{layer + 1}").items()}
        result["bottom-up.onnx"] = BottomUp(model.climbing, model.q), x, outputs
    for layer in range(0 if model.is_ladder else count):
        inputs = x if layer == 0 else {**z[layer - 1], **x} if model.skips_q else z[layer - 1]
        result[f"encoder-z{layer + 1}.onnx"] = Joined(model.q[layer]), inputs, gaussian(layer)
    for layer in range(count - 1):
        result[f"prior-z{layer + 1}.onnx"] = Joined(model.p[layer]), above(layer + 1), gaussian(layer)
    decoder = nn.Sequential(model.decoder, nn.Sigmoid()) if model.likelihood == "bernoulli" else model.decoder
    result["decoder.onnx"] = Joined(decoder), above(0), {"mean": x["x"]}
    return result


def write(network, inputs, outputs, path):
    rows = 2  # of the example that is traced; of one row a trace could take the axis for a constant
    # Later versions have a second exporter, which needs further packages.
    first = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(
        network, tuple(torch.zeros(rows, units) for units in inputs.values()), str(path), opset_version=OPSET, input_names=list(inputs), output_names=list(outputs),
        dynamic_axes={name: {0: "batch"} for name in [*inputs, *outputs]}, **first)
