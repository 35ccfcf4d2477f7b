using Ornstein.Experiments;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Networks;
using static TorchSharp.torch.nn;

#pragma warning disable RS0030 // any of TorchSharp's modules may be a part of a stranger's

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A sweep of networks of one's own, by the public way in.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class OwnNetworksTests : IDisposable
{
    private static readonly RunSettings _settings = RunSettings.ForPhase with
    {
        Networks = "own-maps", Latents = [new(1, 7, 7), 3], TrainLimit = 96, TestLimit = 20, Validation = 0, Batch = 32, Epochs = 2, Rho = [0.5, 1], Seeds = [0, 1],
        Draws = 2, EvaluationDraws = 2, CheckpointSeconds = 0,
    };

    private readonly TemporaryFolder _folder = new();

    public OwnNetworksTests() => Network.Register(_networks);

    private static readonly ModuleNetworks _networks = new("own-maps", place => place switch
    {
        { Input.IsMap: true, Role: NetworkRole.Decoder } => Sequential(Upsample(scale_factor: [4, 4]), Conv2d(1, 4, 3, padding: 1), ELU(), Dropout(0.1), Conv2d(4, 1, 1)),
        { Input.IsMap: true, Output.IsMap: true } => Sequential(Conv2d(1, 4, 5, stride: 4, padding: 1), BatchNorm2d(4), ELU(), Conv2d(4, 2, 1)),
        _ => Sequential(Flatten(), Linear(place.Input.Units, 8), ELU(), Linear(8, place.Output!.Units)),
    });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Start_AModelAloneAndInTheSweep_ComesToTheSameNumbers()
    {
        var sweep = Run.Start(_settings with { Out = _folder.File("sweep") }, null, TestContext.Current.CancellationToken);
        var alone = Run.Start(_settings with { Rho = [1], Seeds = [1], Out = _folder.File("alone") }, null, TestContext.Current.CancellationToken);
        using var models = sweep.LoadModels(TestContext.Current.CancellationToken);
        using var model = alone.LoadModels(TestContext.Current.CancellationToken);
        foreach (var (all, one) in models.Stack.Parameters.Layout.Entries.Zip(model.Stack.Parameters.Layout.Entries))
        {
            var (expected, actual) = (model.Stack.Parameters[one].detach()[0], models.Stack.Parameters[all].detach()[3]);
            Assert.True(expected.eq(actual).all().item<bool>(), one.Name); // bit for bit
        }

        Assert.Equal(4, sweep.Result.Members.Length);
        Assert.Equal((1, 1), (sweep.Result.Members[3].Rho, sweep.Result.Members[3].Seed));
        Assert.Equal(sweep.Result.Members[3].Elbo, alone.Result.Members[0].Elbo, 1e-4); // float sums of 784 pixels, with other members beside them
    }

    [Fact]
    public void Resume_AStoppedSweep_ComesToTheSameBits()
    {
        Run.Start(_settings with { Out = _folder.File("whole") }, null, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        using var progress = new StopAt(3, stop);
        Assert.Throws<OperationCanceledException>(() => Run.Start(_settings with { Out = _folder.File("parts") }, progress, stop.Token));
        var resumed = Run.Open(_folder.File("parts")).Resume(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(6, resumed.Result.Steps);
        Assert.Equal(File.ReadAllText(_folder.File("whole/phase.json")), File.ReadAllText(_folder.File("parts/phase.json")));
    }

    private sealed class StopAt(long step, CancellationTokenSource stop) : IRunProgress
    {
        public void Report(in ProgressReport progress)
        {
            if (progress.Step >= step) stop.Cancel();
        }

        public void Note(string line)
        {
        }

        public void Dispose()
        {
        }
    }
}
