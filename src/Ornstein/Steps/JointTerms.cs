using Ornstein.Models;
using Ornstein.Smoothing;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>
/// The objective of joint samples, -log (1/k) sum_s p(x, z_s) / q(z_s | x) (Burda et al. 2016, equation 8), as operations: reconstruction and log-ratios of every
/// sample, and what each counts.
/// </summary>
internal static class JointTerms
{
    /// <summary>Lists the operations.</summary>
    /// <param name="build">The program.</param>
    /// <param name="pass">The pass through q.</param>
    /// <param name="x">The data.</param>
    /// <param name="scalars">Numbers of each member.</param>
    /// <returns>The terms, reconstruction first; they are among the operations already.</returns>
    public static List<ITerm> Of(ProgramBuilder build, InferenceProgram pass, Slot x, StepScalars scalars)
    {
        var (samples, layers) = (build.Kind.Samples, pass.Layers.Length);
        var (loss, shares) = (build.Plain(1, samples), build.Plain(1, samples));
        Slot[] ratios = [.. Enumerable.Range(0, layers).Select(_ => build.Plain(1, samples))];
        var read = build.Kind.IsDoubly ? Cut(build, pass.Samples, shares) : pass.Samples;
        var reconstruction = build.Reconstruction(read, x, loss, shares);
        build.Operations.Add(reconstruction);
        List<ITerm> terms = [reconstruction];
        var again = new Dictionary<int, GaussianSlots>();
        GaussianSlots Layer(int i)
        {
            if (i == 0 || !build.Kind.IsDoubly) return pass.Layers[i];
            if (!again.TryGetValue(i, out var layer)) again.Add(i, layer = Again(build, i, read, x, isHeld: false));
            return layer;
        }

        for (var i = 0; i < layers; i++)
        {
            var p = i == layers - 1 ? null : pass.Generative?[i] ?? build.Generative(i, Layer, read, $"smooth.p{i + 1}");
            var (q, scored) = !build.Kind.IsDoubly ? (pass.Layers[i], ScoredBy.ItsSample)
                : i == 0 ? (pass.Layers[0], ScoredBy.Nothing) : (Again(build, i, read, x, isHeld: true), ScoredBy.Itself);
            terms.Add(new LogRatioTerm(q, scored, p, read[i], ratios[i], shares, scalars.KlWeight[i], build.Plain(q.Mean.Width, samples)));
        }

        build.Operations.AddRange(terms.Skip(1));
        build.Operations.Add(new SharesOperation(loss, ratios, scalars.KlWeight, shares));
        return terms;
    }

    // q of a layer above the first again, at copies of the samples.
    private static GaussianSlots Again(ProgramBuilder build, int i, Slot[] read, Slot x, bool isHeld)
    {
        var beside = InferenceProgram.Beside(build, x);
        var q = build.Gaussian(build.Vae.Networks.Q[i], beside is null ? read[i - 1] : build.Join(read[i - 1], beside), isHeld);
        return i == read.Length - 1 ? build.Capped(q) : q;
    }

    private static Slot[] Cut(ProgramBuilder build, Slot[] samples, Slot shares) => [.. samples.Select(z =>
    {
        var copy = build.Computed(z.Width, z.Draws);
        build.Operations.Add(new CutOperation(z, copy, shares));
        return copy;
    })];
}
