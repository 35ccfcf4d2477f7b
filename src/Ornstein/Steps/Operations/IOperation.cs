using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>
/// A piece of the objective with its derivative. Forward passes run in order, backward ones in reverse; each writes the gradients of the
/// slots it read, or adds to them where an operation after it has written already (see <see cref="GradientFlow"/>).
/// </summary>
internal interface IOperation
{
    void Forward(in Frame frame);

    void Backward(in Frame frame);
}

/// <summary>An operation with a term of the loss.</summary>
internal interface ITerm : IOperation
{
    /// <summary>Sum of the term over the part's data, nats.</summary>
    double Sum(in Frame frame);
}

/// <summary>An operation with parameters; their gradient is taken over the whole batch, once every part's backward pass is done.</summary>
internal interface ITrained : IOperation
{
    /// <summary>Number of its parameters' columns.</summary>
    int Columns { get; }

    /// <summary>Number of rows of them.</summary>
    int Inputs { get; }

    /// <summary>Writes the gradient of some of its columns.</summary>
    /// <param name="frame">The whole batch.</param>
    /// <param name="first">First column.</param>
    /// <param name="count">Number of columns.</param>
    void ParameterGradient(in Frame frame, int first, int count);
}

/// <summary>Knows, while a program is built from its end to its start, which gradients are written already.</summary>
internal sealed class GradientFlow
{
    private readonly HashSet<Slot> _written = [];

    /// <summary>Whether the next gradient of this slot is to be added to what is there.</summary>
    public bool Adds(Slot slot) => !_written.Add(slot);
}
