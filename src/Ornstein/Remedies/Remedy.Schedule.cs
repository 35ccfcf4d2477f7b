namespace Ornstein.Remedies;

/// <summary>What the parts come to together.</summary>
public sealed partial record Remedy
{
    /// <summary>Weight of a layer's KL at a moment of the training: the product over remedies, such as beta times the warm-up.</summary>
    public double KlWeight(int layer, TrainingClock clock)
    {
        var weight = 1.0;
        foreach (var part in _parts) weight *= part.KlWeight(layer, clock);
        return weight;
    }

    /// <summary>The same of every layer, z1 first; <see cref="TrainingClock.OfLastStep"/> gives those that a training ended with.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="clock">The moment.</param>
    public double[] KlWeights(int layers, TrainingClock clock) => [.. Enumerable.Range(0, layers).Select(layer => KlWeight(layer, clock))];

    /// <summary>Smoothing parameter of a link at a moment of the training.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="link">Which link, from 0.</param>
    /// <param name="links">Links of the model.</param>
    /// <param name="clock">The moment.</param>
    public double Rho(double start, int link, int links, TrainingClock clock)
    {
        foreach (var part in _parts) start = part.Rho(start, link, links, clock);
        return start;
    }

    /// <summary>Below which a layer's KL costs no less at a moment of the training.</summary>
    /// <param name="layer">Which layer, from 0.</param>
    /// <param name="clock">The moment.</param>
    public KlAllowance Allowance(int layer, TrainingClock clock)
    {
        var allowance = KlAllowance.None;
        foreach (var part in _parts) allowance = allowance.Or(part.Allowance(layer, clock));
        return allowance;
    }

    /// <summary>The objective of joint samples; null where it has a KL per layer.</summary>
    public JointSamples? Joint => _parts.Select(part => part.Joint).OfType<JointSamples>().Aggregate((JointSamples?)null, (all, one) => one.Or(all));

    /// <summary>Whether a link is smoothed at some moment of a training.</summary>
    /// <param name="start">Where its rho begins.</param>
    /// <param name="link">Which link, from 0.</param>
    /// <param name="links">Links of the model.</param>
    public bool MaySmooth(double start, int link, int links) => start != 1 || Moments().Any(clock => Rho(start, link, links, clock) != 1);

    /// <summary>Whether a link's rho moves in a training.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="link">Which link, from 0.</param>
    /// <param name="links">Links of the model.</param>
    public bool MovesRho(double start, int link, int links) => Moments().Any(clock => Rho(start, link, links, clock) != start);

    /// <summary>Whether rho moves in a training, wherever it begins.</summary>
    /// <param name="links">Links of the model.</param>
    public bool MovesRho(int links) =>
        Enumerable.Range(0, links).Any(link => MovesRho(0, link, links) || MovesRho(0.5, link, links) || MovesRho(1, link, links));

    /// <summary>Whether weights of KLs move in a training.</summary>
    /// <param name="layers">Layers of the model.</param>
    public bool MovesKlWeights(int layers) => Enumerable.Range(0, layers).Any(layer => Varies(clock => KlWeight(layer, clock)));

    /// <summary>Whether allowances of KLs move in a training.</summary>
    /// <param name="layers">Layers of the model.</param>
    public bool MovesAllowances(int layers) => Enumerable.Range(0, layers).Any(layer => Varies(clock => Allowance(layer, clock)));

    /// <summary>Updates of q alone before a step.</summary>
    /// <param name="clock">The moment of the step.</param>
    internal long EncoderUpdatesBefore(TrainingClock clock) => EncoderUpdates(clock with { Done = clock.Done + 1 }) - EncoderUpdates(clock);

    /// <summary>Which update of q the n-th before a step is, from 1; 0 where there is none.</summary>
    /// <param name="clock">The moment of the step.</param>
    /// <param name="n">From 1.</param>
    internal long NumberOfUpdate(TrainingClock clock, long n) => n > EncoderUpdatesBefore(clock) ? 0 : clock.Done + EncoderUpdates(clock) + n;

    /// <summary>Which update of q a step is, from 1.</summary>
    /// <param name="clock">The moment of the step.</param>
    internal long NumberOfStep(TrainingClock clock) => clock.Done + 1 + EncoderUpdates(clock with { Done = clock.Done + 1 });

    /// <summary>Moments of any training at which schedules are asked: a thousand epochs, and the parts of a single one.</summary>
    internal static IEnumerable<TrainingClock> Moments()
    {
        const int Count = 1000;
        for (var done = 0; done <= Count; done++)
        {
            yield return new TrainingClock(done, 1, Count);
            yield return new TrainingClock(done, Count, Count);
        }
    }

    private long EncoderUpdates(TrainingClock clock)
    {
        var updates = 0L;
        foreach (var part in _parts) updates += part.EncoderUpdates(clock);
        return updates;
    }

    private static bool Varies<T>(Func<TrainingClock, T> number)
        where T : struct => Moments().Select(number).Distinct().Skip(1).Any();
}
