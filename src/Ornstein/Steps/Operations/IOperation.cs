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

    /// <summary>Multiplications that the gradient of a column takes for each datum.</summary>
    long WorkOfColumn { get; }

    /// <summary>Writes the gradient of some of its columns.</summary>
    /// <param name="frame">The whole batch.</param>
    /// <param name="first">First column.</param>
    /// <param name="count">Number of columns.</param>
    void ParameterGradient(in Frame frame, int first, int count);
}

/// <summary>An operation that gives gradients to what it read.</summary>
internal interface IPlanned
{
    /// <summary>Learns where gradients add up; called once, from the last operation to the first.</summary>
    void Plan(GradientFlow flow);
}
