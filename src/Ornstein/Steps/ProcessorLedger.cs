using Ornstein.Optimization;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>The ledger of steps on the processor: every number is read at once.</summary>
internal sealed class ProcessorLedger(Adam adam, int parts) : IStepLedger
{
    private readonly StepNumbers _numbers = new(new double[parts * adam.Parameters.Members], adam.GradientNorms);
    private bool[] _takes = [];

    /// <inheritdoc/>
    public Tensor Takes => tensor(_takes);

    /// <inheritdoc/>
    public void Begin(ReadOnlySpan<bool> active)
    {
        _takes = active.ToArray();
        Array.Fill(_numbers.Terms, double.NaN);
    }

    /// <inheritdoc/>
    public void Report(Tensor values, int? member)
    {
        var (numbers, terms) = (values.data<float>().ToArray(), _numbers.Terms);
        int[] which = member is { } one ? [one] : [.. Enumerable.Range(0, _takes.Length)];
        for (var i = 0; i < numbers.Length; i++)
        {
            var of = which[i % which.Length];
            if (_takes[of]) terms[(i / which.Length * _takes.Length) + of] = numbers[i];
        }

        foreach (var of in which)
        {
            for (var i = of; i < terms.Length; i += _takes.Length) _takes[of] &= double.IsFinite(terms[i]);
        }
    }

    /// <inheritdoc/>
    public void Step(double learningRate, Func<int, ParameterEntry, long> number)
    {
        adam.Step(learningRate, _takes, number);
        for (var member = 0; member < _takes.Length; member++) _takes[member] &= adam.Options.Takes(adam.GradientNorms[member]);
    }

    /// <inheritdoc/>
    public void Keep()
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<StepNumbers> Collect() => [_numbers];

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
