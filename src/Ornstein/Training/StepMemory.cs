using Ornstein.Models;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Smoothing;

namespace Ornstein.Training;

/// <summary>
/// The memory that a training step takes, asked for before anything is trained. The fused engine plans it. With autograd it is estimated: k samples of a datum
/// are k rows, whose activations are kept for the pass back.
/// </summary>
internal static class StepMemory
{
    // Numbers that are kept for every output of a product of weights: the product, its nonlinearity, what that keeps for the pass back, and their gradients.
    // Measured by the memory of the process: 4.4 of two layers from k = 200 to 2,000, 4.6 of one layer with the doubly reparameterized gradient.
    private const double PerOutput = 4.5;

    /// <summary>Throws where a step needs more than there is, with the number of samples that would fit.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="batch">Data in a step.</param>
    /// <exception cref="OrnsteinException">Says what would fit.</exception>
    public static void Require(HierarchicalVae vae, int batch)
    {
        ArgumentNullException.ThrowIfNull(vae);
        if (!vae.Parameters.IsOnProcessor) return;
        if (Engine.For(vae).Name == Engine.Fused) StepNeed.Require(vae, batch);
        else Require(vae, batch, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    /// <summary>The same for so many bytes.</summary>
    internal static void Require(HierarchicalVae vae, int batch, double available)
    {
        var samples = vae.Members.Max(member => member.Remedy.Joint?.Count ?? 1);
        var perSample = PerSample(vae, batch);
        if (perSample * samples <= available) return;
        var fit = (long)(available / perSample);
        var needed = $"a step of batches of {batch} takes about {perSample * samples / 1e9:F1} GB, and there are {available / 1e9:F1} GB";
        throw new OrnsteinException(samples > 1 && fit >= 2
            ? $"iwae:{samples}: {needed}; about {fit} samples fit: give fewer samples, or smaller batches."
            : $"{needed}; give smaller batches, fewer models at once or fewer inner draws.");
    }

    /// <summary>Estimated bytes of a step with one sample of each datum.</summary>
    internal static double PerSample(HierarchicalVae vae, int batch)
    {
        var isSmoothed = vae.Smoothing.Networks.HasFlag(SmoothedNetworks.P)
            && vae.Members.Any(member => Enumerable.Range(0, vae.Options.Layers - 1).Any(link => member.MaySmooth(link, vae.Options.Layers - 1)));
        double RowsOf(ParameterEntry entry) => isSmoothed && entry.Name.StartsWith('p') ? vae.Smoothing.Draws : 1;
        var outputs = vae.Parameters.Layout.Entries.Where(entry => entry.Rows > 1).Sum(entry => RowsOf(entry) * entry.Columns);
        // The data themselves are repeated too.
        return sizeof(float) * (double)vae.Members.Count * batch * ((PerOutput * outputs) + vae.Options.Features);
    }
}
