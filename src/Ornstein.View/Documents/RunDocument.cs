using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.View.Listing;

namespace Ornstein.View.Documents;

/// <summary>What the page shows of a run: its models, what they came to, and what follows from them in words. Nats per datum.</summary>
internal sealed record RunDocument
{
    public required string Id { get; init; }

    public required RunState State { get; init; }

    public required string Data { get; init; }

    public required int Layers { get; init; }

    /// <summary>The command that trains these models.</summary>
    public required string Command { get; init; }

    public required int OfEpochs { get; init; }

    public required ModelDocument[] Models { get; init; }

    /// <summary>Of a run of two branches, its stacks, each a run of its own; else empty.</summary>
    public required string[] Stacks { get; init; }

    /// <summary>Sentences on where layers collapse; none before the run is finished.</summary>
    public required string[] Findings { get; init; }

    /// <summary>What may mislead.</summary>
    public required string[] Warnings { get; init; }

    /// <summary>Where the top layer's KL ends; null where that is not known.</summary>
    public required double? CriticalRho { get; init; }

    /// <summary>Whether there are weights of any of them to look into.</summary>
    public required bool HasWeights { get; init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="OrnsteinException">Its files cannot be read.</exception>
    public static RunDocument Of(RunPlace place)
    {
        var folder = RunFolder.Open(place.Path);
        var settings = StoredRun.ShownSettingsOf(folder);
        var stamp = RunReader.StampOf(place.Path) ?? throw new OrnsteinException($"'{place.Path}' cannot be read.");
        var isOfBranches = settings.Branches != BranchChoice.None;
        var result = stamp.State == RunState.Finished && !isOfBranches ? StoredResult.Read(folder) : null;
        ModelDocument[] models = isOfBranches ? [] : [.. RunModel.Of(folder, result).Select(ModelDocument.Of)];
        return new RunDocument
        {
            Id = place.Id,
            State = stamp.State,
            Data = settings.Data,
            Layers = settings.Latents.Length,
            Command = $"ornstein phase {SettingsArguments.ToCommandLine(settings with { Out = null }, RunSettings.ForPhase)}".TrimEnd(),
            OfEpochs = settings.Epochs,
            Models = models,
            Stacks = isOfBranches ? [.. RunBranches.StacksOf(folder).Select(stack => Path.GetFileName(stack.Path)).Select(stack => place.Id == "." ? stack : $"{place.Id}/{stack}")] : [],
            Findings = result is null ? [] : [.. FindingsOf(result)],
            Warnings = result?.Warnings ?? [.. SettingsJson.ReadFacts(folder.Config).Warnings],
            CriticalRho = result?.CriticalRho?.Estimate,
            HasWeights = Array.Exists(models, model => model.HasWeights),
        };
    }

    private static IEnumerable<string> FindingsOf(PhaseResult result)
    {
        if (!PhaseWords.AsksForCritical(result)) yield break;
        if (PhaseWords.TopCode(result) is { } code) yield return code;
        yield return PhaseWords.Critical(result);
        foreach (var sentence in PhaseWords.Codes(result)) yield return sentence;
        foreach (var sentence in PhaseWords.Diverged(result)) yield return sentence;
    }
}

/// <summary>A model of a run. Lists have an entry per layer, z1 first; null where nothing was measured.</summary>
internal sealed record ModelDocument
{
    public required string Label { get; init; }

    public required double Rho { get; init; }

    public required string? Remedy { get; init; }

    public required long Seed { get; init; }

    /// <summary>The round of refinement that trained it; 0 for the run's first models, null where its stack is not in the folder.</summary>
    public required int? Round { get; init; }

    /// <summary>Its place among those that were trained together; null where its stack is not in the folder.</summary>
    public required int? Place { get; init; }

    public required bool HasWeights { get; init; }

    public string? Status { get; init; }

    public double? Objective { get; init; }

    public double? Elbo { get; init; }

    public double? BitsPerDimension { get; init; }

    /// <summary>The importance-weighted bound.</summary>
    public double? Bound { get; init; }

    public double[]? Kl { get; init; }

    public double[]? Information { get; init; }

    public double[]? InMeans { get; init; }

    public double[]? InWidths { get; init; }

    public int[]? ActiveUnits { get; init; }

    public string[]? Verdicts { get; init; }

    public static ModelDocument Of(RunModel model)
    {
        static double? Number(double? value) => value is { } number && double.IsFinite(number) ? number : null;
        static double[]? Values(Estimate[]? estimates) => estimates is null ? null : [.. estimates.Select(estimate => estimate.Value)];
        var document = new ModelDocument
        {
            Label = model.Label, Rho = model.Rho, Remedy = model.Remedy, Seed = model.Seed, Round = model.Round, Place = model.Place, HasWeights = model.HasWeights,
        };
        return model.Result is not { } result ? document : document with
        {
            Status = result.Status,
            Objective = Number(result.SmoothedObjective),
            Elbo = Number(result.Elbo),
            BitsPerDimension = Number(result.BitsPerDimension),
            Bound = Number(result.Bounds?.ImportanceWeighted.Value),
            Kl = result.Kl,
            Information = Values(result.Information),
            InMeans = Values(result.MeanInformation),
            InWidths = Values(result.WidthInformation),
            ActiveUnits = result.ActiveUnits,
            Verdicts = result.Verdicts is null ? null : [.. result.Verdicts.Select(verdict => verdict.Word())],
        };
    }
}
