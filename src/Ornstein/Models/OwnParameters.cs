using Ornstein.Gaussians;
using Ornstein.Networks;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>The own parameters of a part of a model, such as its likelihood: declared in the layout, and read by their names.</summary>
internal sealed class OwnParameters
{
    private readonly string _part;
    private readonly Dictionary<string, (ParameterEntry Entry, bool IsTrained)> _entries;
    private readonly TrainingMode _mode;

    /// <summary>Declares them.</summary>
    /// <param name="layout">Where.</param>
    /// <param name="prefix">What their names in the layout begin with.</param>
    /// <param name="part">What has them, for errors: <c>the likelihood 'laplace'</c>.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="mode">Whether the model is being trained.</param>
    public OwnParameters(ParameterLayout layout, string prefix, string part, IReadOnlyList<PartParameter> parameters, TrainingMode mode)
    {
        (_part, _mode) = (part, mode);
        _entries = parameters.ToDictionary(
            parameter => parameter.Name, parameter => (layout.Add($"{prefix}.{parameter.Name}", parameter.Shape, parameter.Initial, parameter.IsTrained), parameter.IsTrained));
    }

    /// <summary>Where they lie.</summary>
    public IEnumerable<ParameterEntry> Entries => _entries.Values.Select(own => own.Entry);

    /// <summary>Their values in every member.</summary>
    /// <param name="parameters">The stack's.</param>
    /// <param name="topPosterior">q's Gaussian of the top layer at points; null where the part may not ask for it.</param>
    public PartState Of(StackParameters parameters, Func<Tensor, DiagonalGaussian>? topPosterior = null) => _entries.Count == 0 && topPosterior is null ? PartState.None : new PartState(
        name =>
        {
            var (entry, isTrained) = Find(name);
            return isTrained ? parameters[entry] : parameters[entry].detach();
        },
        // A running mean gets no gradient: it is moved by what batches had.
        _mode.Statistics is { } statistics ? (name, value) => statistics.Add((parameters, Find(name).Entry, value.detach())) : null) { TopPosterior = topPosterior };

    private (ParameterEntry Entry, bool IsTrained) Find(string name) => _entries.TryGetValue(name, out var found) ? found
        : throw new OrnsteinException($"{_part} declares no parameter '{name}'.");
}
