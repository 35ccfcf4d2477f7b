namespace Ornstein;

/// <summary>What a part from outside the library throws: whatever it is, the user is told in one line which part it was.</summary>
internal static class PartFailure
{
    /// <summary>Whether an exception is a part's own: not an error that is said in one line already, nor a stop, nor want of memory.</summary>
    public static bool IsOwn(Exception error) => error is not (OrnsteinException or OperationCanceledException or OutOfMemoryException);

    /// <summary>That a part fails.</summary>
    /// <param name="what">Which part, and at what: the beginning of the sentence.</param>
    /// <param name="error">What it threw, of which the first line is said: libtorch adds its stack.</param>
    public static OrnsteinException Of(string what, Exception error) => new($"{what}: {error.Message.Split('\n')[0].Trim().TrimEnd('.')}.", error);
}
