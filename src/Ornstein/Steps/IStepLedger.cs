using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>
/// Who takes an update and what it came to. A member takes it where it is active, its terms and gradient are finite and the gradient is not too long; where that is decided is what
/// <see cref="ProcessorLedger"/> and <see cref="DeviceLedger"/> differ in.
/// </summary>
internal interface IStepLedger : IDisposable
{
    /// <summary>Which members have taken the update so far, bool [members].</summary>
    Tensor Takes { get; }

    /// <summary>Begins an update, one of those that a step consists of.</summary>
    /// <param name="active">Members that may take it, as far as the processor knows.</param>
    void Begin(ReadOnlySpan<bool> active);

    /// <summary>Notes terms of the loss.</summary>
    /// <param name="values">Nats per datum, float32 [1 + layers, members] of all members, or [1 + layers, 1] of one.</param>
    /// <param name="member">Which one; null for all.</param>
    void Report(Tensor values, int? member);

    /// <summary>Lets the optimizer step.</summary>
    /// <param name="learningRate">Step size.</param>
    /// <param name="number">Number of this step of a member's parameter, from 1; 0 leaves it.</param>
    void Step(double learningRate, Func<int, ParameterEntry, long> number);

    /// <summary>Keeps the update's numbers as those of its step.</summary>
    void Keep();

    /// <summary>The numbers of all steps since the last call, in order.</summary>
    IReadOnlyList<StepNumbers> Collect();
}
