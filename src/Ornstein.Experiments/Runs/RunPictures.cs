using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Data;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Experiments.Runs;

/// <summary>Pictures of what the members of a stack have learnt: a row per member.</summary>
internal static class RunPictures
{
    /// <summary>Images in a row of a run's own pictures.</summary>
    public const int Columns = 12;

    /// <summary>Samples of the smoothed generative model as a PNG file; the same noise for every member.</summary>
    public static byte[] Samples(HierarchicalVae vae, ImageShape shape, IReadOnlyList<int> members, int count, long seed)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var samples = vae.Sample(count, StackNoise.Shared(RandomKey.FromSeed(seed).At("samples")));
        return ImageGrid.Png(Levels(samples, members), members.Count, count, shape, Labels(vae, members));
    }

    /// <summary>Test images in the first row, and what each member makes of them by way of z1, as a PNG file.</summary>
    public static byte[] Reconstructions(HierarchicalVae vae, RunData data, ImageShape shape, IReadOnlyList<int> members)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var count = Math.Min(Columns, data.Test.Count);
        var x = data.Test.Slice(0, count).unsqueeze(0);
        var pass = vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(0).At("reconstructions")));
        var images = Levels(x, [0]).Concat(Levels(vae.Decode(pass.Samples), members)).ToArray();
        return ImageGrid.Png(images, members.Count + 1, count, shape, ["data", .. Labels(vae, members)]);
    }

    /// <summary>One member for every rho and remedy, that of the first seed.</summary>
    public static IReadOnlyList<int> FirstSeed(HierarchicalVae vae) =>
        [.. Enumerable.Range(0, vae.Members.Count).Where(member => vae.Members[member].Seed == vae.Members[0].Seed)];

    private static IReadOnlyList<string> Labels(HierarchicalVae vae, IReadOnlyList<int> members) =>
        [.. members.Select(member => $"ρ {NameOf(vae, member)}")];

    /// <summary>How a member is told from others of its seed: <c>0.5</c>, or <c>0.5, warm-up:20</c> where remedies differ.</summary>
    public static string NameOf(HierarchicalVae vae, int member)
    {
        var several = RowNames.HasSeveral(vae.Members.Select(RemedyEntry.NameOf));
        return RowNames.Text(several, string.Join(':', vae.Members[member].Rho), RemedyEntry.NameOf(vae.Members[member]));
    }

    /// <summary>Values of images [members, count, features], 0 to 255, of the chosen members, in their order.</summary>
    public static byte[] Levels(Tensor images, IReadOnlyList<int> members)
    {
        using var scope = NewDisposeScope();
        var chosen = images.index_select(0, tensor(members.Select(member => (long)member).ToArray()));
        return chosen.Between(0, 1).Times(255).round().nan_to_num().to(ScalarType.Byte).contiguous().data<byte>().ToArray();
    }
}
