using Ornstein.Gaussians;
using Ornstein.Priors;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Priors;

/// <summary>A stranger's prior, of public parts alone: N(0, s^2) of every unit with s given; its KL by closed form, or left to samples.</summary>
public sealed record WidePrior(double Deviation, bool HasClosedForm = true) : IPrior
{
    public string Name => "wide";

    public Tensor LogDensity(Tensor z, PartState state) => Gaussian(1, state).LogDensity(z);

    public Tensor? KlPerUnit(DiagonalGaussian q, PartState state) => HasClosedForm ? KlDivergence.BetweenPerUnit(q, Gaussian(1, state)) : null;

    public Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return noise.Normal(place, rows, units).Times(Deviation);
    }

    public DiagonalGaussian Gaussian(int units, PartState state) => new(zeros(1), TensorCreation.Filled([1], (float)Deviation));

    public void Validate()
    {
        if (!(Deviation > 0)) throw new OrnsteinException($"the deviation of the prior is {Deviation}; it must be positive.");
    }
}

/// <summary>N(0, s_u^2) with a width of every unit that is learned.</summary>
public sealed record LearnedPrior(double Initial) : IPrior
{
    public string Name => "learned";

    public IReadOnlyList<PartParameter> Parameters(int units) => [new("logwidth", units, Math.Log(Initial))];

    public Tensor LogDensity(Tensor z, PartState state) => Gaussian(0, state).LogDensity(z);

    public Tensor? KlPerUnit(DiagonalGaussian q, PartState state) => KlDivergence.BetweenPerUnit(q, Gaussian(0, state));

    public Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Gaussian(units, state).Sample(noise.Normal(place, rows, units));
    }

    public DiagonalGaussian Gaussian(int units, PartState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var width = state["logwidth"].exp().unsqueeze(1); // [members, 1, units]
        return new(zeros_like(width), width);
    }
}

/// <summary>One that forgets to sum over units, and gives samples of another width.</summary>
public sealed record UnsummedPrior : IPrior
{
    public string Name => "unsummed";

    public Tensor LogDensity(Tensor z, PartState state) => z;

    public Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state) => zeros(1, rows, units + 1);

    public DiagonalGaussian Gaussian(int units, PartState state) => new(zeros(units + 1), ones(1));
}
