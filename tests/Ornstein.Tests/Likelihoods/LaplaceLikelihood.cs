using Ornstein.Likelihoods;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Likelihoods;

/// <summary>A stranger's likelihood, of public parts alone: exp(-|x - output| / b) / (2 b), with a width b that is learned.</summary>
public sealed record LaplaceLikelihood : ILikelihood
{
    public string Name => "laplace";

    public IReadOnlyList<PartParameter> Parameters { get; } = [new("logwidth", 1, Math.Log(0.5))];

    public int Outputs(int features) => features;

    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        var width = state["logwidth"];
        return -((x - output).abs().sum([-1L]) / width.exp()) - width.Plus(Math.Log(2)).Times(output.shape[^1]);
    }

    public Tensor Mean(Tensor output) => output;

    public double[] OutputOf(IReadOnlyList<double> mean) => [.. mean];
}

/// <summary>One that forgets to sum over features.</summary>
public sealed record UnsummedLikelihood(bool IsSummed = false) : ILikelihood
{
    public string Name => "unsummed";

    public int Outputs(int features) => 2 * features;

    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(output);
        return IsSummed ? output.sum([-1L]) : output;
    }

    public Tensor Mean(Tensor output) => output;

    public double[] OutputOf(IReadOnlyList<double> mean) => [.. mean];
}
