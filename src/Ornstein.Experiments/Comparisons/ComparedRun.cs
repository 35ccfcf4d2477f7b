using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Comparisons;

/// <summary>A finished run as its folder tells it: settings, results, and what each of its stacks cost.</summary>
internal sealed record ComparedRun
{
    /// <summary>The folder, as it was given.</summary>
    public required string Path { get; init; }

    public required RunSettings Settings { get; init; }

    public required PhaseResult Result { get; init; }

    /// <summary>What <c>eval</c> said of the same models; null where it did not measure them.</summary>
    public EvaluationResult? Evaluation { get; init; }

    /// <summary>What tells the data from others; null in runs of earlier versions.</summary>
    public required RunFingerprint? Fingerprint { get; init; }

    /// <summary>The first stack and that of each round of refinement.</summary>
    public required IReadOnlyList<ComparedStack> Stacks { get; init; }

    /// <summary>Reads a run.</summary>
    /// <exception cref="OrnsteinException">It is no run, is not finished, or its files are damaged.</exception>
    public static ComparedRun Read(string path)
    {
        var folder = RunFolder.Open(path);
        var settings = StoredRun.ShownSettingsOfStack(folder);
        var result = StoredResult.Read(folder);
        var evaluation = StoredEvaluation.Of(folder, result);
        return new ComparedRun
        {
            Path = System.IO.Path.TrimEndingDirectorySeparator(path),
            Settings = settings,
            Result = StoredMeasures.Into(result, evaluation),
            Evaluation = evaluation,
            Fingerprint = SettingsJson.ReadFacts(folder.Config).Fingerprint,
            Stacks = [ComparedStack.Read(folder, settings), .. RunRounds.Of(folder).Select(round => ComparedStack.Read(round, StoredRun.ShownSettingsOf(round)))],
        };
    }

    /// <summary>The stack that a member was trained in.</summary>
    public ComparedStack StackOf(MemberResult member) => Stacks.FirstOrDefault(stack => stack.Has(member), Stacks[0]);

    /// <summary>What must be the same for numbers to be of the same data, each with its name.</summary>
    /// <param name="byContent">Whether the data themselves are known; otherwise their name and what was done with them must do.</param>
    public IEnumerable<(string What, string Value)> Measured(bool byContent) =>
    [
        .. byContent ? [] : new[] { ("data", Settings.Data), ("eigenvalues", SettingText.Format(Settings.Eigenvalues)), ("binarization", SettingText.Format(Settings.Binarization)) },
        ("likelihood", SettingText.Format(Settings.Likelihood)),
        ("the number of test data", $"{Result.EvaluatedOn}"),
        .. byContent ? new[] { ("the content of the test data", Fingerprint!.Test.ToString()) } : [],
    ];
}
