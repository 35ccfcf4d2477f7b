using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Experiments.Runs;
using Ornstein.Models;

namespace Ornstein.Experiments;

/// <summary>The models of a run with the weights of its last checkpoint, and its data as it used them, cut and binarized. Dispose it on the thread that uses it.</summary>
public sealed class TrainedModels : IDisposable
{
    private readonly StoredRun _run;

    internal TrainedModels(StoredRun run) => _run = run;

    /// <summary>The models, in the order of <see cref="Run.Members"/>; annealed rhos stand where the training has taken them.</summary>
    public HierarchicalVae Stack => _run.Vae;

    /// <summary>The step that the weights are of, from 0.</summary>
    public long Step => _run.State.Step;

    /// <summary>The step at which each model diverged and was frozen; null for those that did not.</summary>
    public IReadOnlyList<long?> DivergedAt => _run.State.DivergedAt;

    /// <summary>Training data, [count, features].</summary>
    public DataRows Train => _run.Data.Train;

    /// <summary>Data held out for the curves during training, [count, features]; null where there were none.</summary>
    public DataRows? Validation => _run.Data.Validation;

    /// <summary>Test data, [count, features].</summary>
    public DataRows Test => _run.Data.Test;

    /// <summary>Class of every training datum; null where the data have none.</summary>
    public IReadOnlyList<int>? TrainLabels => _run.Data.TrainLabels;

    /// <summary>Class of every test datum; null where the data have none.</summary>
    public IReadOnlyList<int>? TestLabels => _run.Data.TestLabels;

    /// <summary>Height and width of a datum in pixels, and its channels, which lie one after another; null where the data are no images.</summary>
    public ImageShape? Shape => _run.Data.Shape;

    /// <summary>Frees the weights and the data.</summary>
    public void Dispose() => _run.Dispose();
}
