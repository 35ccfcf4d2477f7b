using Ornstein.Models;
using Ornstein.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Bench.Compare;

/// <summary>A stack's weights and data as tensors of a safetensors file.</summary>
internal static class WeightsFile
{
    public static List<SafetensorsTensor> Of(HierarchicalVae vae, Tensor x)
    {
        using var guard = no_grad();
        var parameters = vae.Parameters;
        return
        [
            Tensor("x", x.squeeze(0)),
            .. parameters.Layout.Entries.Select(entry => Tensor(entry.Name, parameters.Block(parameters.Values, entry))),
        ];
    }

    public static SafetensorsTensor Tensor(string name, Tensor values)
    {
        using var guard = no_grad();
        return SafetensorsTensor.Create<float>(name, values.shape, values.contiguous().data<float>().ToArray());
    }
}
