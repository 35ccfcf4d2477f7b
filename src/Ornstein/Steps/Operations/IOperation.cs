using Ornstein.Stacks;

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

/// <summary>
/// An operation whose rows read each other, such as a mean over the batch. It works on the whole batch, for some columns at a time: what it gives does not depend
/// on how a batch is shared among threads.
/// </summary>
internal interface ICoupled : IOperation
{
    /// <summary>Number of its columns.</summary>
    int Columns { get; }

    /// <summary>The forward pass of some columns.</summary>
    /// <param name="frame">The whole batch.</param>
    /// <param name="first">First column, a multiple of 16.</param>
    /// <param name="count">Number of columns.</param>
    void Forward(in Frame frame, int first, int count);

    /// <summary>The backward pass of some columns.</summary>
    /// <param name="frame">The whole batch.</param>
    /// <param name="first">First column, a multiple of 16.</param>
    /// <param name="count">Number of columns.</param>
    void Backward(in Frame frame, int first, int count);

    void IOperation.Forward(in Frame frame) => Forward(frame, 0, Columns);

    void IOperation.Backward(in Frame frame) => Backward(frame, 0, Columns);
}

/// <summary>An operation with parameters; their gradient is taken over the whole batch, once every part's backward pass is done.</summary>
internal interface ITrained : IOperation
{
    /// <summary>The weight that it trains.</summary>
    ParameterEntry Entry { get; }

    /// <summary>The first of the weight's columns that are its own.</summary>
    int FirstColumn { get; }

    /// <summary>Number of its parameters' columns; 0 where none is differentiated.</summary>
    int Columns { get; }

    /// <summary>Multiplications that the gradient of a column takes for each datum.</summary>
    long WorkOfColumn { get; }

    /// <summary>Runs of rows that the gradient is a sum over: few enough that what is packed of them stays in a cache.</summary>
    /// <param name="frame">The whole batch.</param>
    int Runs(in Frame frame);

    /// <summary>Writes the gradient of some of its columns, or adds a run of rows to it.</summary>
    /// <param name="frame">The whole batch.</param>
    /// <param name="run">Which run of rows, from 0; the first writes.</param>
    /// <param name="first">First column.</param>
    /// <param name="count">Number of columns.</param>
    /// <param name="add">Whether it is added to what is there: that of another operation with the same parameters.</param>
    void ParameterGradient(in Frame frame, int run, int first, int count, bool add);
}

/// <summary>An operation that gives gradients to what it read.</summary>
internal interface IPlanned
{
    /// <summary>Learns where gradients add up; called once, from the last operation to the first.</summary>
    void Plan(GradientFlow flow);
}

/// <summary>A convolution of maps: what it works in beside its slots.</summary>
internal interface IConvolution : ITrained, IPlanned
{
    /// <summary>Terms of its longest sums, over channels or pixels.</summary>
    int Deepest { get; }

    /// <summary>Floats of a thread's own that it works in, those of <see cref="Frame.Strips"/>.</summary>
    long Scratch { get; }
}
