using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Training;

namespace Ornstein.Bench;

/// <summary>
/// Ten training steps of the default model on the embedded digits, by number of members and inner draws. In process, because a child
/// process per case would load libtorch anew.
/// </summary>
[InProcess]
[SimpleJob(RunStrategy.Monitoring, warmupCount: 2, iterationCount: 10)]
public class TrainingStep : IDisposable
{
    private const int Steps = 10;
    private const int BatchSize = 128;

    private HierarchicalVae _vae = null!;
    private Adam _adam = null!;
    private DataRows _rows = null!;

    /// <summary>Members of the stack; half of them smoothed, two seeds.</summary>
    [Params(1, 4, 16)]
    public int Members { get; set; }

    /// <summary>Inner draws K.</summary>
    [Params(1, 8)]
    public int Draws { get; set; }

    /// <summary>Builds the stack and takes the first steps' worth of data.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var digits = DatasetCatalog.Load("digits");
        var pixels = digits.Train.Bytes!.AsSpan(0, Steps * BatchSize * digits.Features).ToArray();
        _rows = DataRows.FromPixels(pixels, digits.Features, Binarization.None, training: true);
        var members = Enumerable.Range(0, Members).Select(i => new Member(i % 2 == 0 ? 0.5 : 1, i % 2)).ToArray();
        _vae = new HierarchicalVae(new ModelOptions { Data = digits.Features }, members, new SmoothingOptions { Draws = Draws });
        _adam = new Adam(_vae.Parameters, new AdamOptions());
    }

    /// <summary>One epoch of ten steps.</summary>
    [Benchmark]
    public void Train() => Trainer.Run(
        _vae, _adam, new TrainingState(3, Members), _rows, null, new TrainingOptions { Epochs = 1, BatchSize = BatchSize });

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _vae.Dispose();
        _adam.Dispose();
        _rows.Dispose();
        GC.SuppressFinalize(this);
    }
}
