using System.Text.Json;
using Ornstein.Checkpoints;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Stacks;

namespace Ornstein.Experiments;

/// <summary>
/// A run in its folder, as <c>ornstein phase</c> and <c>train</c> make it and as <see cref="Start"/> does: settings, results, curves and figures, and on
/// demand its models with their weights. Files are read when they are first asked for, and once. Use it, and what it loads, on one thread.
/// </summary>
public sealed class Run
{
    private readonly RunFolder _folder;
    private readonly Lazy<PhaseResult> _result;
    private readonly Lazy<BranchesResult?> _branches;
    private readonly Lazy<IReadOnlyList<EpochMetrics>> _curves;

    private Run(RunFolder folder, RunSettings settings)
    {
        (_folder, Settings, Members) = (folder, settings, RunPlan.Members(settings));
        _result = new(() => ReadResult(folder));
        _branches = new(() => ReadBranches(folder));
        _curves = new(() => MetricsLog.Read(folder.Metrics, Members.Count));
    }

    /// <summary>The folder, as it was given.</summary>
    public string Folder => _folder.Path;

    /// <summary>The settings that the run was made with, every <c>auto</c> replaced by what it came to.</summary>
    public RunSettings Settings { get; }

    /// <summary>The models that are trained together, by rho, then by remedy, then by seed: the order of <see cref="Curves"/> and of <see cref="TrainedModels.Stack"/>.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>What every model reached on held-out data, those of rounds of refinement too, and where layers collapse: the content of <c>phase.json</c>.</summary>
    /// <exception cref="OrnsteinException">The run is not finished, is one of two branches, or its file is damaged.</exception>
    public PhaseResult Result => _result.Value;

    /// <summary>What a run with <see cref="RunSettings.Branches"/> came to; null for any other, and before its end.</summary>
    /// <exception cref="OrnsteinException">Its file is damaged, or of a later version.</exception>
    public BranchesResult? Branches => _branches.Value;

    /// <summary>An entry per epoch, oldest first, of every model in the order of <see cref="Members"/>; nats per datum. Empty before the first epoch ended.</summary>
    /// <exception cref="OrnsteinException">A line is not as a run writes it.</exception>
    public IReadOnlyList<EpochMetrics> Curves => _curves.Value;

    /// <summary>The rounds of refinement, in their order: further models at other rhos, each with settings, curves and models of its own. Their results are in <see cref="Result"/>.</summary>
    public IReadOnlyList<Run> Rounds => [.. RunRounds.Of(_folder).Select(round => new Run(round, StoredRun.ShownSettingsOf(round)))];

    /// <summary>Opens a run; it need not be finished.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="OrnsteinException">It does not exist, or is no run's.</exception>
    public static Run Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var culture = new InvariantCulture();
        var place = RunFolder.Open(folder);
        return new Run(place, StoredRun.ShownSettingsOf(place));
    }

    /// <summary>Trains and measures a new run, as <c>ornstein phase</c> does, and writes all that it leaves behind to its folder.</summary>
    /// <param name="settings">Its settings, such as <c>RunSettings.ForPhase with { Data = "mnist", Seeds = [0] }</c>.</param>
    /// <param name="progress">Told how far it is; null for nobody. The caller disposes it.</param>
    /// <param name="cancellation">Stops it at the next step, with a checkpoint.</param>
    /// <returns>The finished run.</returns>
    /// <exception cref="OrnsteinException">A setting is wrong, the folder is not free, or the data cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; <see cref="Open"/> and <see cref="Resume"/> go on with it.</exception>
    public static Run Start(RunSettings settings, IRunProgress? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var culture = new InvariantCulture();
        settings.Validate();
        using var place = RunJob.Reserve(settings, "phase");
        var command = $"{Product.Name} phase {SettingsArguments.ToCommandLine(settings with { Out = null }, RunSettings.ForPhase)}".TrimEnd();
        return Complete(place.Folder, settings, Provenance.Of(command, DateTimeOffset.Now), isFresh: true, progress, cancellation);
    }

    /// <summary>Goes on with this run from its last checkpoint, to the numbers of an uninterrupted one, bit for bit; where nothing is left to train it measures again.</summary>
    /// <param name="progress">Told how far it is; null for nobody. The caller disposes it.</param>
    /// <param name="cancellation">Stops it at the next step, with a checkpoint.</param>
    /// <returns>The finished run, read anew.</returns>
    /// <exception cref="OrnsteinException">Another process is at work on it, or its data are no longer what they were.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Run Resume(IRunProgress? progress = null, CancellationToken cancellation = default)
    {
        using var culture = new InvariantCulture();
        using var hold = _folder.Hold();
        return Complete(_folder, Settings, SettingsJson.ReadProvenance(_folder.Config), !Checkpoint.Exists(_folder.Checkpoint), progress, cancellation);
    }

    /// <summary>
    /// Measures the models again, from the last checkpoint and on the run's own test data, with what is registered by now, and says what is known of every layer, as
    /// <c>ornstein eval</c> does. A finished run keeps it: its report and comparisons then show it.
    /// </summary>
    /// <param name="progress">Told how far it is; null for nobody. The caller disposes it.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The results, and the evaluation of every layer of every model, those of rounds of refinement too.</returns>
    /// <exception cref="OrnsteinException">There is no checkpoint, the data are no longer what they were, or the run is one of two branches.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public EvaluationResult Evaluate(IRunProgress? progress = null, CancellationToken cancellation = default)
    {
        using var culture = new InvariantCulture();
        using var stored = StoredRun.Open(_folder.Path, MeasuredOn.Own, settings => settings, cancellation);
        var result = RunEvaluation.Of(stored, MeasuredOn.Own, settings => settings, pictures: null, progress ?? NoProgress.Instance, cancellation);
        if (Array.Exists(result.Phase.Members, member => member.IsOk)) StoredEvaluation.Store(stored, result);
        return result;
    }

    /// <summary>The figure of the run: the KL of every layer against rho, or of two branches the information of the top layer from both sides.</summary>
    /// <exception cref="OrnsteinException">As of <see cref="Result"/>.</exception>
    public RunFigure Figure()
    {
        if (Branches is { } branches) return new(() => BranchFigure.Of(branches).Png(), () => BranchFigure.Of(branches).Svg());
        var result = Result;
        return new(() => PhaseFigure.Png(result), () => PhaseFigure.Svg(result));
    }

    /// <summary>What every layer from the second tells of the data against rho, in its means and in its widths; null where there is nothing to draw.</summary>
    /// <exception cref="OrnsteinException">As of <see cref="Result"/>.</exception>
    public RunFigure? InformationFigure()
    {
        var result = Result;
        return CodeFigure.IsFor(result) ? new(() => CodeFigure.Of(result).Png(), () => CodeFigure.Of(result).Svg()) : null;
    }

    /// <summary>Loads the models with the weights of the last checkpoint, and the data; sets the process's threads to those of the settings.</summary>
    /// <param name="cancellation">Stops loading.</param>
    /// <returns>The models, which the caller disposes.</returns>
    /// <exception cref="OrnsteinException">There is no checkpoint, the data are no longer what they were, or the run is one of two branches.</exception>
    public TrainedModels LoadModels(CancellationToken cancellation = default)
    {
        using var culture = new InvariantCulture();
        return new(StoredRun.Open(_folder.Path, MeasuredOn.Own, settings => settings, cancellation));
    }

    private static Run Complete(
        RunFolder folder, RunSettings settings, Provenance provenance, bool isFresh, IRunProgress? progress, CancellationToken cancellation)
    {
        var outcome = RunJob.Complete(folder, settings, provenance, isFresh, progress ?? NoProgress.Instance, cancellation);
        if (outcome.Stopped is { } where) throw new OperationCanceledException($"The run in '{folder.Path}' was stopped {where}; it can be resumed.", cancellation);
        return Open(folder.Path);
    }

    private static PhaseResult ReadResult(RunFolder folder)
    {
        StoredRun.SettingsOfStack(folder); // names the stacks of two branches
        return StoredResult.Read(folder);
    }

    private static BranchesResult? ReadBranches(RunFolder folder)
    {
        var path = folder.File(RunBranches.ResultName);
        try
        {
            return File.Exists(path) ? StoredDocument.Read<BranchesResult>(path) : null;
        }
        catch (JsonException error)
        {
            throw new OrnsteinException($"'{path}' is damaged or of another version; resume the run, which measures again.", error);
        }
    }
}
