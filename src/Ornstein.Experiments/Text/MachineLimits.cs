using System.Globalization;
using System.Runtime.InteropServices;

namespace Ornstein.Experiments.Text;

/// <summary>What a shell or a machine allows a process, where that is too little for this program: files and memory.</summary>
internal static class MachineLimits
{
    /// <summary>Files that must be allowed. A training opens about 100, its libraries above all; some of them only at its end, when it draws its figures.</summary>
    private const int LeastFiles = 256;

    // What is left of an address space in which libraries begin to fail.
    private const long LeastSpace = 16 << 20;

    private const int TooManyHere = 24, TooManyInAll = 23; // EMFILE, ENFILE

    private const string MoreFiles = "raise the limit, such as by 'ulimit -n 1024'";

    /// <summary>Why this program would fail for want of files, before it has begun; null where they suffice, or where the system does not say.</summary>
    public static string? TooFewFiles() => TooFewFiles(OpenFiles());

    /// <summary>Files that a process may have open; null where there is no limit, or where the system does not say.</summary>
    public static long? OpenFiles() => Limit("Max open files");

    internal static string? TooFewFiles(long? limit) => limit < LeastFiles
        ? string.Create(CultureInfo.InvariantCulture, $"too few open files: a process may have {limit} here, and needs {LeastFiles}; {MoreFiles}")
        : null;

    /// <summary>One line for a failure that has too many open files or too little memory behind it; null for any other.</summary>
    public static string? Explain(Exception failure)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            if (at is IOException { HResult: TooManyHere or TooManyInAll }) return $"too many open files: {MoreFiles}";
            if (IsUnopenedAssembly(at)) return UnopenedAssembly(AddressSpace());
            if (at is TypeInitializationException { TypeName: "TorchSharp.torch" } && IsOutOfMemory(LoadFailure())) return TorchDoesNotFit();
            if (at is OutOfMemoryException || IsOutOfMemory(at.Message)) return $"not enough memory: {FirstLine(at)}{AddressSpace()}";
        }

        return null;
    }

    /// <summary>
    /// One line for a failure of any kind in a process that had nearly all of the address space that it may have; null in any other. Where there is none left, libraries fail in
    /// ways that say nothing of it, such as by a picture or a tensor that is not there.
    /// </summary>
    public static string? ExplainWithoutSpace(Exception failure) => ExplainWithoutSpace(failure, Limit("Max address space"), PeakOfAddressSpace());

    internal static string? ExplainWithoutSpace(Exception failure, long? limit, long? peak) =>
        peak > limit - LeastSpace ? $"not enough memory: {failure.GetType().Name}: {FirstLine(failure)}{AddressSpace(limit)}" : null;

    // It is where it belongs and could not be opened: .NET keeps the cause to itself.
    private static bool IsUnopenedAssembly(Exception failure) =>
        failure is FileNotFoundException { FileName: { } name }
        && name.Contains(", Version=", StringComparison.Ordinal)
        && AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string all
        && all.Split(Path.PathSeparator).Any(path => Path.GetFileName(path) == $"{name.Split(',')[0]}.dll" && File.Exists(path));

    /// <summary>What keeps a library that is there from being opened: the address space where it is limited, else the files.</summary>
    /// <param name="addressSpace">What is said of a limit; empty where there is none.</param>
    internal static string UnopenedAssembly(string addressSpace) =>
        addressSpace.Length > 0 ? $"not enough memory: a library does not load{addressSpace}" : $"too many open files: {MoreFiles}";

    // The words of libtorch, also where it has none left to say which error it was, of the C library's loader, and of the library of pictures where it gets no room for one.
    private static bool IsOutOfMemory(string words) =>
        words.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || words.Contains("cannot allocate memory", StringComparison.OrdinalIgnoreCase)
        || words.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)
        || words.Contains("failed to map segment", StringComparison.OrdinalIgnoreCase)
        || words.Contains("Error computing Error::what()", StringComparison.Ordinal)
        || words.Contains("invalid SKImageInfo", StringComparison.Ordinal);

    // TorchSharp does not say why its library does not load; the loader does.
    private static string LoadFailure()
    {
        try
        {
            _ = NativeLibrary.Load("torch_cpu", typeof(TorchSharp.torch).Assembly, null);
            return "";
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            return failure.Message;
        }
    }

    private static string TorchDoesNotFit() => $"libtorch does not load for want of memory{AddressSpace()}";

    private static string AddressSpace() => AddressSpace(Limit("Max address space"));

    private static string AddressSpace(long? limit)
    {
        if (limit is not { } bytes) return "";
        var megabytes = (bytes / 1_000_000).ToString(CultureInfo.InvariantCulture);
        return $"; a process may have {megabytes} MB of address space here: raise that, such as by 'ulimit -v unlimited'";
    }

    private static string FirstLine(Exception failure) => failure.Message.Split('\n')[0].Trim().TrimEnd('.');

    /// <summary>The limit of this process by its name in <c>/proc/self/limits</c>; null where there is none, or no such file.</summary>
    private static long? Limit(string name) => Number("/proc/self/limits", name);

    private static long? PeakOfAddressSpace() => 1024 * Number("/proc/self/status", "VmPeak:");

    // The first number of the line that begins with a name.
    private static long? Number(string file, string name)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            foreach (var line in File.ReadAllLines(file))
            {
                if (!line.StartsWith(name, StringComparison.Ordinal)) continue;
                var value = line[name.Length..].TrimStart().Split(' ')[0];
                return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As where the system does not say.
        }

        return null;
    }
}
