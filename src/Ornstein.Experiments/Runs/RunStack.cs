using Ornstein.Checkpoints;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Steps;
using Ornstein.Storage;
using Ornstein.Training;

namespace Ornstein.Experiments.Runs;

/// <summary>The models of one folder: trained from where its checkpoint stands, and measured.</summary>
internal sealed class RunStack : IDisposable
{
    private readonly RunSettings _settings;
    private readonly RunData _data;
    private readonly Adam _adam;
    private RunFolder? _trainedIn;

    /// <param name="settings">Resolved settings of this folder.</param>
    /// <param name="data">The data.</param>
    public RunStack(RunSettings settings, RunData data)
    {
        (_settings, _data) = (settings, data);
        Vae = RunPlan.StackToTrain(settings, data.ModelShape, data.Likelihood);
        _adam = new Adam(Vae.Parameters, RunPlan.Training(settings).Adam);
        State = new TrainingState(settings.Latents.Length, Vae.Members.Count);
    }

    public HierarchicalVae Vae { get; }

    public TrainingState State { get; }

    /// <summary>Trains in a folder that exists, to the end or until stopped; a checkpoint is written either way.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="provenance">Where the run came from.</param>
    /// <param name="facts">What is known of it at its start.</param>
    /// <param name="fresh">Whether it has no checkpoint yet.</param>
    /// <param name="progress">Where it says how far it is.</param>
    /// <param name="stop">Ends it with a checkpoint.</param>
    /// <param name="begin">Told at which step it goes on, once all that it goes on from is found sound, and says how long that takes; null for nobody.</param>
    /// <returns>Whether it came to the end.</returns>
    public bool Train(
        RunFolder folder, Provenance provenance, RunFacts facts, bool fresh, IRunProgress progress, CancellationToken stop,
        Func<long, RunEstimate?>? begin = null)
    {
        // Before the first file: what cannot begin leaves no folder behind.
        if (fresh) Begin(progress);
        var estimate = fresh ? begin?.Invoke(0) : null;
        if (fresh) AtomicFile.WriteText(folder.Config, SettingsJson.Write(_settings, provenance, facts));
        var metricsBytes = fresh ? 0 : Checkpoint.Restore(folder.Checkpoint, _adam, State).MetricsBytes;
        var start = State.Step;
        var log = new MetricsLog(folder.Metrics, metricsBytes);
        if (!fresh) estimate = begin?.Invoke(start);
        var observer = new RunObserver(folder, Vae, _adam, log, progress, _settings.CheckpointSeconds, estimate);
        if (fresh && _settings.StartFrom is not null) observer.Save(State); // the other run is not read again
        progress.Note($"engine: {Engine.For(Vae)}");
        progress.Note(Describe());
        var finished = Trainer.Run(Vae, _adam, State, _data.Train, _data.Validation, RunPlan.Training(_settings), observer, stop);
        observer.Save(State);
        // A process that was killed after the last step had not written it; and a cell's new attempt has the checkpoint of the one before and no more.
        _trainedIn = State.Step > start || !RunCost.Exists(folder) ? folder : null;
        WriteCost();
        return finished;
    }

    /// <summary>Measures every member on the test data, with the average of its weights where one is kept; nothing can be trained after it.</summary>
    public MemberResult[] Measure(IRunProgress progress, CancellationToken stop)
    {
        _adam.Average?.Take(); // the training is over, and its last checkpoint written
        progress.Note($"measuring on {_data.Test.Count:N0} held-out data{(_adam.Average is null ? "" : ", with the average of the weights")}");
        Vae.AnnealTo(TrainingClock.End); // a run that was resumed at its end took no step that does
        var members = RunMeasurement.Of(Vae.OnProcessor(), _data, _settings, State.DivergedAt, State.LongGradients, progress, stop);
        WriteCost();
        return members;
    }

    public void Dispose()
    {
        _adam.Dispose();
        Vae.Dispose();
    }

    private void Begin(IRunProgress progress)
    {
        if (_settings.InitialOutput == InitialOutputChoice.Mean) OutputBias.FromMean(Vae, _data.Train);
        if (_settings.StartFrom is null) return;
        progress.Note($"beginning with weights of {StartingWeights.Take(_settings, _data, Vae)}");
        _adam.Average?.Begin(); // before the checkpoint that these weights are kept in
    }

    // A process that only measures leaves the cost of the training as it is.
    private void WriteCost()
    {
        if (_trainedIn is { } folder) RunCost.Write(folder, Vae.Members.Count, Math.Min(_settings.Batch, _data.Train.Count));
    }

    private string Describe()
    {
        var members = Vae.Members.Count;
        var start = State.Step == 0 ? "training" : $"going on from step {State.Step:N0}:";
        return $"{start} {members} {(members == 1 ? "model" : "models")} of {_settings.Latents.Length} layers, "
            + $"{Vae.Parameters.Layout.Count:N0} parameters each, on {_data.Train.Count:N0} of {_data.Name}{LeftOut()}";
    }

    // Of every pass, since batches are whole.
    private string LeftOut()
    {
        var left = _data.Train.Count % Math.Min(_settings.Batch, _data.Train.Count);
        return left == 0 ? "" : $" (each pass leaves out {left:N0}, others each time, that fill no batch)";
    }
}
