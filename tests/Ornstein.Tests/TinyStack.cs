using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Training;
using static TorchSharp.torch;

namespace Ornstein.Tests;

/// <summary>A stack small enough to train in milliseconds, with its optimizer and made data.</summary>
internal sealed class TinyStack : IDisposable
{
    public const int Features = 12;

    public TinyStack(IReadOnlyList<Member> members, SmoothingOptions? smoothing = null, ModelOptions? model = null, AdamOptions? adam = null, Device? device = null,
        bool isByTensors = false)
    {
        Vae = new HierarchicalVae(model ?? Model, members, smoothing ?? new SmoothingOptions { Draws = 3 }, device);
        Adam = new Adam(Vae.Parameters, adam ?? new AdamOptions(), isByTensors);
        State = new TrainingState(Vae.Options.Layers, members.Count);
        Data = Images(64, Binarization.Dynamic);
        Validation = Images(20, Binarization.Static);
    }

    public static ModelOptions Model { get; } = new() { Data = Features, Latents = [4, 3, 2], Networks = new Perceptrons { Hidden = [8, 6, 5] } };

    public static TrainingOptions Training { get; } = new() { Epochs = 3, BatchSize = 16, LearningRate = new() { Peak = 1e-2 } };

    public HierarchicalVae Vae { get; }

    public Adam Adam { get; }

    public TrainingState State { get; }

    public DataRows Data { get; }

    public DataRows Validation { get; }

    public float[] Values => Vae.OnProcessor().Parameters.Values.data<float>().ToArray();

    public static DataRows Images(int count, Binarization binarization)
    {
        using var pixels = RandomKey.FromSeed(42).Uniform(count, Features);
        return DataRows.FromPixels([.. pixels.data<float>().ToArray().Select(value => (byte)(value * 255))], Features, binarization, training: true);
    }

    public bool Train(TrainingOptions? options = null, ITrainingObserver? observer = null, CancellationToken stop = default) =>
        Trainer.Run(Vae, Adam, State, Data, Validation, options ?? Training, observer, stop);

    /// <summary>The parameters of one member, in order of the layout.</summary>
    public float[] ValuesOf(int member)
    {
        using var scope = NewDisposeScope();
        var parameters = Vae.OnProcessor().Parameters;
        return [.. parameters.Layout.Entries.SelectMany(entry => parameters[entry][member].data<float>().ToArray())];
    }

    /// <summary>Sets every parameter of one member.</summary>
    public void Fill(int member, double value)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var entry in Vae.Parameters.Layout.Entries) Vae.Parameters.Block(Vae.Parameters.Values, entry)[member].Fill(value);
    }

    public void Dispose()
    {
        Vae.Dispose();
        Adam.Dispose();
        Data.Dispose();
        Validation.Dispose();
    }
}
