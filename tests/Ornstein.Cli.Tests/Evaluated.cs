using Ornstein.Results;

namespace Ornstein.Cli.Tests;

/// <summary>What eval would say of results, every number another.</summary>
internal static class Evaluated
{
    public static EvaluationResult Of(PhaseResult phase) =>
        new() { Phase = phase, InformationOn = 1000, ProbesFittedOn = 5000, ChanceAccuracy = new(0.1, 0.01), Models = Models(phase) };

    public static ModelEvaluation[] Models(PhaseResult phase) =>
    [
        .. phase.Members.Select(member => new ModelEvaluation
        {
            Rho = member.Rho,
            Seed = member.Seed,
            Status = member.Status,
            FromPrior = new(205, 1),
            Layers =
            [
                .. member.Kl.Select((kl, i) => new LayerEvaluation
                {
                    Layer = i + 1,
                    Units = phase.Latents[i],
                    Verdict = LayerVerdict.Both,
                    Kl = new(kl, 0.01),
                    ActiveUnits = [new(0.01, 2), new(0.001, 3)],
                    Information = new() { Lower = new(0.1 + 0.1 * i, 0.01), UpperLeaveOneOut = new(0.2 + 0.1 * i, 0.01), UpperGaussian = new(0.9, 0.01) },
                    TotalInformation = new(0.16 + 0.1 * i, 0.01),
                    MeanInformation = new(0.12 + 0.1 * i, 0.01),
                    WidthInformation = new(0.04 + 0.1 * i, 0.01),
                    ReconstructionFrom = new(101 + i, 1),
                    ElboFrom = new(-111 - i, 1),
                    SkipElbo = new(-121 - i, 1),
                    Probes = new(new(0.2 + 0.1 * i, 0.02), new(0.31 + 0.09 * i, 0.02)),
                }),
            ],
        }),
    ];
}
