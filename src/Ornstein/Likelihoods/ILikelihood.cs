using Ornstein.Batching;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>
/// The distribution p(x | z) of a datum given what the decoder gives. One class is a likelihood: <see cref="BernoulliLikelihood"/> and
/// <see cref="GaussianLikelihood"/> use what a stranger can use. Immutable, and equal where it means the same: a record.
/// </summary>
public interface ILikelihood
{
    /// <summary>As configurations write it: lower case, such as <c>bernoulli</c>.</summary>
    string Name { get; }

    /// <summary>Parameters of its own beside what the decoder gives, such as a learned variance; none by default.</summary>
    IReadOnlyList<PartParameter> Parameters => [];

    /// <summary>Whether p of a datum depends on the others of its training batch, as a variance that is the best for each batch does.</summary>
    bool DependsOnBatch => false;

    /// <summary>
    /// How many values a feature can have, evenly from 0 to 1, where each has a probability: results then come in bits per dimension too. Null where p is a density, or the
    /// number would say nothing, as with binary pixels.
    /// </summary>
    int? Levels => null;

    /// <summary>Channels that a pixel has to have, where p is of whole pixels; null where every feature stands for itself.</summary>
    int? Channels => null;

    /// <summary>Numbers that the decoder gives for a datum.</summary>
    /// <param name="features">Features of a datum.</param>
    int Outputs(int features);

    /// <summary>log p(x | z) summed over features, nats, [members, rows].</summary>
    /// <param name="x">Data, [members or 1, rows, features].</param>
    /// <param name="output">What the decoder gives, [members, rows, outputs].</param>
    /// <param name="state">Values of <see cref="Parameters"/>.</param>
    Tensor LogProbability(Tensor x, Tensor output, PartState state);

    /// <summary>E[x | z], [members, rows, features].</summary>
    /// <param name="output">What the decoder gives, [members, rows, outputs].</param>
    Tensor Mean(Tensor output);

    /// <summary>Data drawn from p(x | z), [members, rows, features]. By default an error: a mean in its place would pass for data.</summary>
    /// <param name="output">What the decoder gives, [members, rows, outputs].</param>
    /// <param name="state">Values of <see cref="Parameters"/>.</param>
    /// <param name="noise">Where the draws come from.</param>
    /// <param name="place">Name of the noise; further draws have names that begin with it.</param>
    /// <exception cref="OrnsteinException">It does not say how.</exception>
    Tensor Sample(Tensor output, PartState state, StackNoise noise, string place) =>
        throw new OrnsteinException($"the likelihood '{Name}' does not say how data are drawn; give its class a Sample, or take expected data.");

    /// <summary>What the decoder has to give for a mean of the data: where training may begin.</summary>
    /// <param name="mean">Mean of every feature.</param>
    /// <returns>As many numbers as <see cref="Outputs"/>.</returns>
    double[] OutputOf(IReadOnlyList<double> mean);

    /// <summary>Why data cannot have this distribution, in words that end a sentence; null where they can.</summary>
    /// <param name="data">What the values of the data are like.</param>
    string? Misfit(DataRange data) => null;

    /// <summary>Throws where a value of its own is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and what would be right.</exception>
    void Validate()
    {
    }
}
