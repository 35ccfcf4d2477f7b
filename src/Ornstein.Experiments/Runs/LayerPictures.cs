using System.Globalization;
using Ornstein.Experiments.Figures;
using Ornstein.Data;
using Ornstein.Generation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Experiments.Runs;

/// <summary>Pictures of what each layer of one member holds.</summary>
internal static class LayerPictures
{
    private const int Columns = 12, Steps = 11, Units = 6, Bases = 3;

    /// <summary>Test images, and what the member makes of them from each layer up; the last row knows nothing of them.</summary>
    public static byte[] FromLayers(StoredRun run, ImageShape shape, int member)
    {
        var (vae, data) = (run.Vae, run.Data);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var count = Math.Min(Columns, data.Test.Count);
        var x = data.Test.Slice(0, count).unsqueeze(0);
        var noise = StackNoise.Shared(RandomKey.FromSeed(0).At("from layers"));
        var pass = vae.Infer(x, noise);
        var rows = new List<(string Label, byte[] Images)> { (run.OtherData is null ? "data" : "other data", RunPictures.Levels(x, [0])) };
        for (var layer = 0; layer < vae.Options.Layers; layer++)
            rows.Add(($"from z{layer + 1}", RunPictures.Levels(FixedLayers.Reconstruction(vae, pass, layer, noise), [member])));
        rows.Add(("prior", RunPictures.Levels(FixedLayers.Of(vae, vae.Options.Layers, count, noise), [member])));
        return Grid(rows, count, shape);
    }

    /// <summary>A row for each of the units with the largest KL in every layer, as it moves from -3 to 3 of its prior deviations.</summary>
    public static byte[] Traversals(HierarchicalVae vae, MemberResult result, ImageShape shape, int member)
    {
        using var scope = NewDisposeScope();
        var rows = new List<(string Label, byte[] Images)>();
        for (var layer = vae.Options.Layers - 1; layer >= 0; layer--)
        {
            var largest = result.UnitKl![layer].Index().OrderByDescending(unit => unit.Item).Take(Units);
            foreach (var (unit, kl) in largest)
            {
                var label = string.Create(CultureInfo.InvariantCulture, $"z{layer + 1} unit {unit + 1}, {kl:0.00} nats");
                var images = LatentTraversal.Of(vae, layer, [.. vae.Members.Select(_ => unit)], Steps);
                rows.Add((label, RunPictures.Levels(images, [member])));
            }
        }

        return Grid(rows, Steps, shape);
    }

    /// <summary>Samples that share their upper layers, three for each layer, and in the first row samples that share nothing.</summary>
    public static byte[] Fixed(HierarchicalVae vae, ImageShape shape, int member)
    {
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(0).At("fixed layers");
        var layers = vae.Options.Layers;
        var rows = new List<(string Label, byte[] Images)>();
        for (var lowest = layers; lowest >= 0; lowest--)
        {
            for (var part = 0; part < (lowest == layers || lowest == 0 ? 1 : Bases); part++)
            {
                var images = FixedLayers.Of(vae, lowest, Columns, StackNoise.Shared(key.At(part)));
                var label = lowest == layers ? "nothing fixed" : lowest == layers - 1 ? $"z{layers} fixed" : $"z{lowest + 1} to z{layers} fixed";
                rows.Add((label, RunPictures.Levels(images, [member])));
            }
        }

        return Grid(rows, Columns, shape);
    }

    private static byte[] Grid(List<(string Label, byte[] Images)> rows, int columns, ImageShape shape) => ImageGrid.Png(
        [.. rows.SelectMany(row => row.Images)], rows.Count, columns, shape, [.. rows.Select(row => row.Label)]);
}
