using Ornstein.Checkpoints;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tests.Networks;
using Ornstein.Training;

namespace Ornstein.Tests.Training;

/// <summary>Priors of several components, normalized means and latent reconstruction in whole trainings.</summary>
public class CureTrainingTests
{
    public static TheoryData<string> Kinds => ["mixture", "vamp", "normalized means", "latent reconstruction"];

    /// <summary>Networks that take one member at a time: there a member of autograd's is the same to the bit. Batched products may add in another order.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_AMember_GivesTheSameBitsAloneAndInAStack(string kind)
    {
        var (model, remedy) = Of(kind, TinyStack.Model with { Networks = TestModules.Linear(6) });
        Member[] members = [new(0.5, 3) { Remedy = remedy }, new(1, 4), new(0.8, 3) { Remedy = remedy }];
        using var stack = new TinyStack(members, model: model);
        Assert.True(stack.Train());
        for (var i = 0; i < members.Length; i++)
        {
            using var alone = new TinyStack([members[i]], model: model);
            Assert.True(alone.Train());
            Assert.Equal(alone.ValuesOf(0), stack.ValuesOf(i));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_StoppedSavedAndResumed_GivesTheSameBitsAndFiniteNumbers(string kind)
    {
        var (model, remedy) = Of(kind, TinyStack.Model);
        Member[] members = [new(0.5, 3) { Remedy = remedy }, new(1, 4) { Remedy = remedy with { Importance = new ImportanceObjective { Samples = 3 } } }];
        using var whole = new TinyStack(members, model: model);
        Assert.True(whole.Train());
        using var folder = new TemporaryFolder();
        using (var first = new TinyStack(members, model: model))
        {
            using var stop = new CancellationTokenSource();
            Assert.False(first.Train(observer: new StopsAfter(7, stop), stop: stop.Token));
            Assert.Equal(7, first.State.Step);
            Checkpoint.Save(folder.Path, first.Adam, first.State, 0);
        }

        using var second = new TinyStack(members, model: model);
        Checkpoint.Restore(folder.Path, second.Adam, second.State);
        Assert.True(second.Train());
        Assert.Equal(whole.Values, second.Values);
        Assert.All(Evaluator.Members(whole.Vae, whole.Validation, new EvaluationOptions { Draws = 4 }), result =>
        {
            double[] numbers = [result.Elbo, result.SmoothedObjective, .. result.Kl, result.Bounds!.ImportanceWeighted.Value];
            Assert.All(numbers, number => Assert.True(double.IsFinite(number)));
        });
    }

    private static (ModelOptions Model, Remedy Remedy) Of(string kind, ModelOptions plain) => kind switch
    {
        "mixture" => (plain with { Prior = new MixturePrior(4) }, Remedy.None),
        "vamp" => (plain with { Prior = new VampPrior(5) }, Remedy.None),
        "normalized means" => (plain with { Networks = new NormalizedMeans(plain.Networks, 0.5) }, Remedy.None),
        _ => (plain, Remedy.Of(new LatentReconstruction(0.5))),
    };

    private sealed class StopsAfter(long step, CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnStep(in TrainingProgress progress)
        {
        }

        public void OnEpoch(EpochMetrics metrics)
        {
        }

        public void OnDiverged(int member, long divergedAt) => Assert.Fail($"member {member} diverged at step {divergedAt}");

        public void OnBetweenSteps(TrainingState state)
        {
            if (state.Step == step) stop.Cancel();
        }
    }
}
