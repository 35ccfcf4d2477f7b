using Ornstein.Gaussians;
using Ornstein.Remedies;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Remedies;

/// <summary>The library's linear warm-up, from outside.</summary>
public sealed record OwnWarmUp(double Epochs) : IRemedy
{
    public string Name => "own-warm-up";

    public string? NotFused => null;

    public double KlWeight(int layer, TrainingClock clock) => Math.Min(1, clock.Epochs / Epochs);
}

/// <summary>The library's free bits of layers, from outside, as a change of the terms.</summary>
public sealed record OwnFreeBits(double Nats) : IRemedy
{
    public string Name => "own-free-bits";

    public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms with { Kl = [.. terms.Kl.Select(kl => maximum(kl, tensor((float)Nats)))] };
    }
}

/// <summary>The library's committed rate, from outside.</summary>
public sealed record OwnCommittedRate(double Nats) : IRemedy
{
    public string Name => "own-committed-rate";

    public Func<DiagonalGaussian, DiagonalGaussian>? LimitTop => q =>
        q with { StandardDeviation = q.StandardDeviation / (q.StandardDeviation * tensor((float)(1 / CommittedRate.CapOf(Nats)))).Plus(1) };
}

/// <summary>Rho that leaves its start in the middle of the training alone, where neither end shows it.</summary>
public sealed record Dip(double To, double From = 0.3, double Until = 0.6) : IRemedy
{
    public string Name => "dip";

    public string? NotFused => null;

    public bool KeepsObjective => true;

    public double Rho(double start, int link, int links, TrainingClock clock) => clock.Progress >= From && clock.Progress < Until ? To : start;
}

/// <summary>Latent reconstruction: -log p(z1 | z2) beside the data's, mean over the batch, times a weight.</summary>
public sealed record LatentReconstruction(double Weight) : IRemedy
{
    public string Name => "latent-reconstruction";

    public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms.Plus(terms.Read.P[0].LogDensity(terms.Read.Samples[0]).mean([1L]).Times(-Weight));
    }
}

/// <summary>A term of everything that there is to read: half the square of each.</summary>
public sealed record ReadsAll : IRemedy
{
    public string Name => "reads-all";

    public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var read = terms.Read;
        Tensor[] all =
        [
            read.Data, read.Reconstruction, .. read.Samples, .. read.Q.Select(q => q.Mean), .. read.Q.Select(q => q.StandardDeviation),
            .. read.P.Select(p => p.Mean), .. read.P.Select(p => p.StandardDeviation), .. read.UnitKl, .. read.Kl,
        ];
        return all.Aggregate(terms, (sum, tensor) => sum.Plus(tensor.Squared().mean([]).Times(0.5)));
    }
}

/// <summary>Something that only some models can carry.</summary>
public sealed record Needy(ModelProperty Property) : IRemedy
{
    public string Name => "needy";

    public IReadOnlyList<ModelNeed> Needs => [new(Property, "the needy remedy")];
}

/// <summary>Remedies that say that fused steps compute all of them, and have a hook that these do not call.</summary>
public static class SaysFused
{
    public sealed record Terms : IRemedy
    {
        public string Name => "terms";

        public string? NotFused => null;

        public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock) => terms;
    }

    public sealed record Top : IRemedy
    {
        public string Name => "top";

        public string? NotFused => null;

        public Func<DiagonalGaussian, DiagonalGaussian>? LimitTop => q => q;
    }
}

/// <summary>The library's free bits of units, from outside, as an allowance.</summary>
public sealed record OwnAllowance(double Nats) : IRemedy
{
    public string Name => "own-allowance";

    public string? NotFused => null;

    public KlAllowance Allowance(int layer, TrainingClock clock) => KlAllowance.None with { Unit = Nats };
}

/// <summary>The library's aggressive encoder for a whole training, from outside.</summary>
public sealed record OwnEncoder(int Updates) : IRemedy
{
    public string Name => "own-encoder";

    public string? NotFused => null;

    public bool KeepsObjective => true;

    public long EncoderUpdates(TrainingClock clock) => Updates * clock.Done;
}

/// <summary>The library's importance-weighted objective, from outside.</summary>
public sealed record OwnSamples(int Count) : IRemedy
{
    public string Name => "own-samples";

    public string? NotFused => null;

    public JointSamples? Joint => new(Count);
}
