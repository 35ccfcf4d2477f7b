using Ornstein.Models;

namespace Ornstein.Bench.Compare;

/// <summary>The matrix product of a dense layer's forward pass.</summary>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Width of its output.</param>
/// <param name="Rows">Rows of both.</param>
/// <param name="Differentiated">How many of its inputs, from the first, need a gradient: data need none.</param>
internal sealed record LayerShape(int Inputs, int Outputs, int Rows, int Differentiated)
{
    /// <summary>
    /// Every dense layer of a model. Smoothed networks see every draw as a row, and all that do not read the data alone every sample of a datum.
    /// </summary>
    public static IReadOnlyList<LayerShape> Of(BenchModel bench, int draws)
    {
        var (model, perceptrons, latents) = (bench.Options, bench.Perceptrons, bench.Options.Units);
        var isLadder = model.Inference == InferenceKind.Ladder;
        var rows = bench.Samples * bench.BatchSize;
        IEnumerable<LayerShape> Network(int inputs, int width, int outputs, int rows, int data = 0)
        {
            for (var i = 0; i < perceptrons.HiddenLayers; i++)
            {
                yield return i == 0 ? new(inputs + data, width, rows, inputs) : new(width, width, rows, width);
            }

            yield return new(width, outputs, rows, width);
        }

        int Above(int layer) => model.Skip.HasFlag(SkipConnections.Generative) ? latents.Skip(layer).Sum() : latents[layer];
        var layers = Network(Above(0), perceptrons.Hidden[0], model.Features, rows);
        for (var i = 0; i < model.Layers; i++)
        {
            // What climbs is followed by its head, as the hidden layers of a chain are by their output.
            var below = i == 0 ? 0 : isLadder ? perceptrons.Hidden[i - 1] : latents[i - 1];
            var data = i == 0 || model.Skip.HasFlag(SkipConnections.Inference) ? model.Features : 0;
            layers = layers.Concat(Network(below, perceptrons.Hidden[i], 2 * latents[i], i == 0 || isLadder ? bench.BatchSize : rows, data));
            if (i > 0) layers = layers.Concat(Network(Above(i), perceptrons.Hidden[i], 2 * latents[i - 1], rows * Math.Max(1, draws)));
        }

        return [.. layers];
    }
}
