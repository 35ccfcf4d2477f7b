using Ornstein.Optimization;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>The ledger of steps on a device: all of it stays there until numbers are collected, so that no step waits for the one before.</summary>
internal sealed class DeviceLedger(Adam adam, int parts) : IStepLedger
{
    private readonly List<Tensor> _numbers = []; // of steps not collected yet: terms, then norms, float64 [parts + 1, members]
    private Tensor? _active; // who took all steps since numbers were collected
    private Tensor? _takes, _goesOn, _terms, _norms; // of the update, in its dispose scope; a member that skips it goes on

    /// <inheritdoc/>
    public Tensor Takes => _takes!;

    private Device Device => adam.Parameters.Device;

    /// <inheritdoc/>
    public void Begin(ReadOnlySpan<bool> active)
    {
        _active ??= tensor(active.ToArray(), device: Device).DetachFromDisposeScope();
        _takes = _active.alias();
        _terms = TensorCreation.Filled([parts, active.Length], double.NaN, ScalarType.Float64, Device);
    }

    /// <inheritdoc/>
    public void Report(Tensor values, int? member)
    {
        var (terms, takes) = member is { } one ? (_terms!.narrow(1, one, 1), _takes!.narrow(0, one, 1)) : (_terms!, _takes!);
        terms.copy_(where(takes, values.to(ScalarType.Float64), terms));
    }

    /// <inheritdoc/>
    public void Step(double learningRate, Func<int, ParameterEntry, long> number)
    {
        _takes = _takes! & _terms!.isfinite().all(0);
        _norms = adam.Step(learningRate, _takes, number);
        _goesOn = _takes & _norms.isfinite();
        _takes = _takes & adam.Options.Takes(_norms);
    }

    /// <inheritdoc/>
    public void Keep()
    {
        _numbers.Add(cat([_terms!, _norms!.unsqueeze(0)], 0).DetachFromDisposeScope());
        _active?.Dispose();
        _active = _goesOn!.clone().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<StepNumbers> Collect()
    {
        if (_numbers.Count == 0) return [];
        using var scope = NewDisposeScope();
        var all = stack(_numbers, 0).cpu().data<double>().ToArray().Chunk((parts + 1) * adam.Parameters.Members);
        StepNumbers[] collected = [.. all.Select(step => new StepNumbers(step[..^adam.Parameters.Members], step[^adam.Parameters.Members..]))];
        Clear();
        return collected;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    // The processor knows again who is active.
    private void Clear()
    {
        foreach (var numbers in _numbers) numbers.Dispose();
        _numbers.Clear();
        _active?.Dispose();
        _active = null;
    }
}
