namespace Ornstein.Results;

/// <summary>What <c>ornstein eval</c> says of a run: its results measured again, and the evaluation of every layer.</summary>
public sealed record EvaluationResult
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The results, as in <c>phase.json</c>.</summary>
    public required PhaseResult Phase { get; init; }

    /// <summary>Number of data that mutual information is measured on; its lower bound is at most the logarithm of it.</summary>
    public required int InformationOn { get; init; }

    /// <summary>Number of training data that probes are fitted to; null where there are no labels.</summary>
    public int? ProbesFittedOn { get; init; }

    /// <summary>Accuracy of always naming the most frequent class; null where there are no labels.</summary>
    public Estimate? ChanceAccuracy { get; init; }

    /// <summary>Every model, by rho and then by seed.</summary>
    public required ModelEvaluation[] Models { get; init; }
}
