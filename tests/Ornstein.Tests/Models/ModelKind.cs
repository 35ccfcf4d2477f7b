using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

/// <summary>What a model can be beside a plain chain, one thing at a time and together.</summary>
public enum ModelKind
{
    Chain,
    Ladder,
    LadderWithSkips,
    GenerativeSkips,
    InferenceSkips,
    BothSkips,
    BatchNormalization,
    LearnedVariance,
    AnalyticVariance,
    CommittedRate,
}

internal static class ModelKinds
{
    /// <summary>A plain architecture made one of a kind.</summary>
    public static ModelOptions Of(this ModelKind kind, ModelOptions plain) => kind switch
    {
        ModelKind.Ladder => plain with { Inference = InferenceKind.Ladder },
        ModelKind.LadderWithSkips => plain with { Inference = InferenceKind.Ladder, Skip = SkipConnections.Generative },
        ModelKind.GenerativeSkips => plain with { Skip = SkipConnections.Generative },
        ModelKind.InferenceSkips => plain with { Skip = SkipConnections.Inference },
        ModelKind.BothSkips => plain with { Skip = SkipConnections.Both },
        ModelKind.BatchNormalization => plain.With(p => p with { NormalizesBatches = true }),
        ModelKind.LearnedVariance => plain with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Learned) },
        ModelKind.AnalyticVariance => plain with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Analytic) },
        _ => plain,
    };

    /// <summary>Whether layers of the kind are a Markov chain both ways.</summary>
    public static bool IsMarkov(this ModelKind kind) => kind is ModelKind.Chain or ModelKind.BatchNormalization or ModelKind.LearnedVariance
        or ModelKind.AnalyticVariance or ModelKind.CommittedRate;

    /// <summary>A stack of a kind with every parameter away from where it starts, and variances still positive.</summary>
    public static HierarchicalVae Create(
        this ModelKind kind, ModelOptions plain, IReadOnlyList<Member> members, SmoothingOptions smoothing, double spread = 0.1)
    {
        using var scope = NewDisposeScope();
        var remedy = new Remedy { CommittedRate = kind == ModelKind.CommittedRate ? 0.05 : 0 };
        var vae = new HierarchicalVae(kind.Of(plain), [.. members.Select(member => member with { Remedy = remedy })], smoothing);
        vae.Parameters.Values.detach().Add(RandomKey.FromSeed(17).Normal(vae.Parameters.Values.shape).Times(spread));
        foreach (var entry in vae.Parameters.Layout.Entries.Where(entry => entry.Name.EndsWith(".variance", StringComparison.Ordinal)))
            LinearGaussian.Set(vae, entry.Name, 0.8);
        return vae;
    }
}
