using Ornstein.Models;
using Ornstein.Networks;

namespace Ornstein.Bench.Compare;

/// <summary>The matrix product of a dense layer's forward pass.</summary>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Width of its output.</param>
/// <param name="Rows">Rows of both.</param>
/// <param name="ReadsData">Whether its input is the data, which need no gradient.</param>
internal sealed record LayerShape(int Inputs, int Outputs, int Rows, bool ReadsData)
{
    /// <summary>Every dense layer of a model; smoothed networks see every draw as a row.</summary>
    public static IReadOnlyList<LayerShape> Of(ModelOptions model, int smoothedRows)
    {
        var (perceptrons, latents) = ((Perceptrons)model.Networks, model.Units);
        IEnumerable<LayerShape> Network(int inputs, int width, int outputs, int rows, bool readsData)
        {
            for (var i = 0; i < perceptrons.HiddenLayers; i++) yield return new(i == 0 ? inputs : width, width, rows, readsData && i == 0);
            yield return new(width, outputs, rows, false);
        }

        var layers = Network(latents[0], perceptrons.Hidden[0], model.Features, BenchModel.BatchSize, false);
        for (var i = 0; i < model.Layers; i++)
        {
            var inputs = i == 0 ? model.Features : latents[i - 1];
            layers = layers.Concat(Network(inputs, perceptrons.Hidden[i], 2 * latents[i], BenchModel.BatchSize, i == 0));
            if (i > 0) layers = layers.Concat(Network(latents[i], perceptrons.Hidden[i], 2 * latents[i - 1], smoothedRows, false));
        }

        return [.. layers];
    }
}
