using System.Diagnostics;

namespace Ornstein.Fuzzing;

/// <summary>What reading an input came to.</summary>
/// <param name="WasRead">Whether it was read; else it was refused, or the contract broken.</param>
/// <param name="Fault">What was broken, in a line; null where the contract was kept.</param>
/// <param name="Kind">The same without what differs from input to input: faults of one kind have one cause.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Allocated">Bytes allocated.</param>
internal readonly record struct Outcome(bool WasRead, string? Fault, string? Kind, TimeSpan Elapsed, long Allocated);

/// <summary>
/// The contract of every parser on every input: it returns, or throws an <see cref="OrnsteinException"/> of one line that names what is wrong; within a second, and in
/// memory that is bounded by the input's length.
/// </summary>
internal static class Contract
{
    /// <summary>The longest that reading may take.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Characters of a message at most: lines of a terminal, not a file.</summary>
    public const int LongestMessage = 4000;

    private const string Time = "time", Memory = "memory";

    /// <summary>
    /// Reads an input and says what became of it. What took too long or too much is read once more: the machine may have been busy, and what is made
    /// once in a process is no matter of the input.
    /// </summary>
    public static Outcome Check(FuzzTarget target, FuzzFolder folder, byte[] input)
    {
        var reading = Once(target, folder, input);
        return reading.Kind is Time or Memory ? Once(target, folder, input) : reading;
    }

    private static Outcome Once(FuzzTarget target, FuzzFolder folder, byte[] input)
    {
        var (wasRead, fault, kind) = (false, (string?)null, (string?)null);
        var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            target.Read(folder, input);
            wasRead = true;
        }
        catch (OrnsteinException refusal)
        {
            (fault, kind) = (FaultOf(refusal.Message, target.Named), "message");
        }
#pragma warning disable CA1031 // Whatever it is: that it is thrown is the fault.
        catch (Exception error)
#pragma warning restore CA1031
        {
            (fault, kind) = ($"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} {PlaceOf(error)}", $"{error.GetType().Name} {PlaceOf(error)}");
        }

        var (allocated, elapsed) = (GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(began));
        if (fault is null && allocated > target.Memory.For(input.Length))
            (fault, kind) = ($"it allocated {allocated:N0} bytes for {input.Length:N0}; {target.Memory.For(input.Length):N0} are the most", Memory);
        if (fault is null && elapsed > Longest) (fault, kind) = ($"it took {elapsed.TotalSeconds:F1} s for {input.Length:N0} bytes", Time);
        return new Outcome(wasRead, fault, fault is null ? null : kind, elapsed, allocated);
    }

    private static string? FaultOf(string message, string? named)
    {
        if (string.IsNullOrWhiteSpace(message)) return "the message is empty";
        if (message.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')))
            return $"the message is not a line of printable characters: {Uri.EscapeDataString(message)}";
        if (message.Length > LongestMessage) return $"the message has {message.Length} characters: {message[..200]}...";
        return named is null || message.Contains(named, StringComparison.Ordinal) ? null : $"the message does not name {named}: {message}";
    }

    // The innermost of our own frames.
    private static string PlaceOf(Exception error)
    {
        var frame = new StackTrace(error).GetFrames().FirstOrDefault(each => each.GetMethod()?.DeclaringType?.FullName?.StartsWith("Ornstein.", StringComparison.Ordinal) == true);
        return frame is null ? "" : $"in {frame.GetMethod()!.DeclaringType!.FullName}.{frame.GetMethod()!.Name}";
    }
}
