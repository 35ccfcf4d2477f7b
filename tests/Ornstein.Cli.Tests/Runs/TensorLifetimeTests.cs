using Ornstein.Experiments;
using Ornstein.Experiments.Settings;
using TorchSharp;

namespace Ornstein.Cli.Tests.Runs;

/// <summary>
/// A tensor that is left to its finalizer could be finalized while libtorch reads it, as a <see cref="Scalar"/> could: TorchSharp keeps neither during a call. A run
/// leaves none.
/// </summary>
public class TensorLifetimeTests
{
    private static readonly RunSettings _settings = RunSettings.ForPhase with
    {
        Data = "digits", TrainLimit = 200, TestLimit = 50, Epochs = 1, Seeds = [0], Rho = [0.5, 1], Latents = [4, 3], Hidden = [16, 8], Draws = 4, EvaluationDraws = 2,
    };

    public static TheoryData<string> Kinds => ["fused", "ladder", "autograd"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Start_FromTheDataToTheReport_LeavesNoTensorToAFinalizer(string kind)
    {
        using var folder = new TemporaryFolder();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var settings = kind switch
        {
            "ladder" => _settings with { Ladder = true },
            "autograd" => _settings with { Prior = new PriorEntry("vamp:5") },
            _ => _settings,
        };
        Run.Start(settings with { Out = folder.File("run") });
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount); // of this thread: those made less those disposed
    }
}
