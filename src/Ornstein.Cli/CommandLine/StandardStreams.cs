namespace Ornstein.Cli.CommandLine;

/// <summary>
/// The standard streams of this process. What cannot be said on standard error is not worth a run, and is left unsaid; a result that cannot be
/// written to standard output is a failure of its own.
/// </summary>
internal static class StandardStreams
{
    private const int Output = 1, Error = 2;

    /// <summary>Puts guarded writers in place of the console's, once, before anything is written.</summary>
    public static void Guard()
    {
        if (!OperatingSystem.IsWindows()) Occupy();
        Console.SetError(new GuardedWriter(Open(Error, () => Console.Error), _ => { }));
        Console.SetOut(new GuardedWriter(Open(Output, () => Console.Out), failure => throw Unwritable(failure)));
    }

    /// <summary>The failure of a run whose result cannot be written.</summary>
    internal static OrnsteinException Unwritable(Exception failure)
    {
        // What .NET calls a lack of permission is, for a stream, one that was closed when the program began.
        var reason = failure is UnauthorizedAccessException ? "it is closed" : failure.Message.TrimEnd('.');
        return new OrnsteinException($"cannot write the result to standard output: {reason}", failure);
    }

    // A file that is opened where a standard stream was closed takes its number, and what is meant for the stream would end up in that file.
    private static void Occupy()
    {
        try
        {
            while (true)
            {
                var handle = File.OpenHandle("/dev/null");
                if (handle.DangerousGetHandle() <= Error)
                {
                    handle.SetHandleAsInvalid(); // stays open for good
                    continue;
                }

                handle.Dispose();
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A system without /dev/null has more pressing troubles.
        }
    }

    private static TextWriter? Open(int number, Func<TextWriter> console)
    {
        try
        {
            return IsOfTheRuntime(number) ? null : console();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a stream was closed when the program began and the runtime has taken its number since, for one end of a pipe whose other end has
    /// the number of another standard stream. Writing there would be read as the runtime's own messages.
    /// </summary>
    private static bool IsOfTheRuntime(int number)
    {
        if (!OperatingSystem.IsLinux() || Describe(number) is not { } own || !own.Target.StartsWith("pipe:", StringComparison.Ordinal)) return false;
        return Enumerable.Range(0, 3).Any(other => Describe(other) is { } end && end.Target == own.Target && end.IsRead != own.IsRead);
    }

    private static (string Target, bool IsRead)? Describe(int number)
    {
        try
        {
            var target = new FileInfo($"/proc/self/fd/{number}").LinkTarget;
            var flags = File.ReadLines($"/proc/self/fdinfo/{number}").FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal));
            // Octal; the last digit holds the access mode, 0 for reading alone.
            return target is null || flags is null ? null : (target, flags[^1] is '0' or '4');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
