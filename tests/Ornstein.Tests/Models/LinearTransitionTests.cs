using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Theory;
using Ornstein.Training;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

/// <summary>
/// The two-level linear model, where the transition is known exactly: the direction of eigenvalue lambda leaves the prior below
/// rho_c = 1 - eta^2 / lambda. Two antithetic draws smooth an affine mean exactly, so nothing here is approximated but training.
/// </summary>
public class LinearTransitionTests
{
    private static readonly double[] _eigenvalues = [20, 5, 2.5, 1.5]; // critical rho 0.95, 0.8, 0.6, 0.333 at eta^2 = 1

    [Fact]
    public void Train_LinearModelsOverRho_ReachTheTopKlOfTheory()
    {
        double[] rhos = [0.2, 0.5, 0.7, 0.9, 1];
        var model = new ModelOptions { Data = 4, Latents = [4, 4], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        var smoothing = new SmoothingOptions { Draws = 2, Sampler = SmoothingSampler.Antithetic };
        var linear = new LinearSmoothing { Draws = smoothing.Draws, Sampler = smoothing.Sampler };
        using var vae = new HierarchicalVae(model, Member.Grid(rhos, [0]), smoothing);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var train = Gaussian(1, 20_000);
        var options = new TrainingOptions
        {
            Epochs = 240, BatchSize = 1000, LearningRate = new() { Peak = 3e-2, Shape = ScheduleShape.Cosine },
        };
        Trainer.Run(vae, adam, new TrainingState(2, rhos.Length), train, null, options);
        var results = Evaluator.Members(vae, train, new EvaluationOptions { Draws = 2, BatchSize = 5000 });
        // 240 epochs of a falling learning rate leave less than 0.003 nats here; a wrong operator is off by tenths.
        for (var i = 0; i < rhos.Length; i++)
        {
            var theory = LinearPrediction.At(_eigenvalues, Likelihood.Gaussian.Variance, rhos[i], linear).Kl;
            for (var layer = 0; layer < 2; layer++) Assert.Equal(theory[layer], results[i].Kl[layer], 0.01);
        }
    }

    private static DataRows Gaussian(long seed, int count)
    {
        using var scope = NewDisposeScope();
        var deviations = tensor(_eigenvalues.Select(value => (float)Math.Sqrt(value)).ToArray());
        // Whitened, so that the sample's own covariance has exactly these eigenvalues and theory holds for it.
        var x = RandomKey.FromSeed(seed).Normal(count, 4);
        x -= x.mean([0L], keepdim: true);
        var whitened = mm(x, linalg.inv(linalg.cholesky(mm(x.transpose(0, 1), x).Over(count))).transpose(0, 1));
        return DataRows.FromReals((whitened * deviations).contiguous().data<float>().ToArray(), 4);
    }
}
