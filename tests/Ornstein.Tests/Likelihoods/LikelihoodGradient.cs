using Ornstein.Likelihoods;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Likelihoods;

/// <summary>The gradient of a log-probability against central differences.</summary>
internal static class LikelihoodGradient
{
    private const double Step = 1e-5;

    /// <summary>Compares some sixty numbers of the decoder's output, in double: an error of 1e-6 is that of the differences.</summary>
    public static void Check(ILikelihood likelihood, Tensor x, Tensor output)
    {
        output = output.requires_grad_();
        likelihood.LogProbability(x, output, PartState.None).sum([]).backward();
        var gradient = output.grad!.flatten().data<double>().ToArray();
        var values = output.detach().flatten().data<double>().ToArray();
        double At(int index, double by)
        {
            using var scope = NewDisposeScope();
            double[] moved = [.. values];
            moved[index] += by;
            return likelihood.LogProbability(x, tensor(moved).reshape(output.shape), PartState.None).sum([]).item<double>();
        }

        for (var i = 0; i < values.Length; i += Math.Max(1, values.Length / 60))
            Assert.Equal((At(i, Step) - At(i, -Step)) / (2 * Step), gradient[i], 1e-6);
    }
}
