using System.Diagnostics;
using System.Text.Json;

namespace Ornstein.Bench.Compare;

/// <summary>Settings of a Python process.</summary>
/// <param name="Omp">Threads of PyTorch's own loops.</param>
/// <param name="Blas">Threads of OpenBLAS.</param>
/// <param name="IsKernelFree">Whether OpenBLAS chooses its kernels itself although the environment names some.</param>
internal sealed record PyTorchSettings(int Omp, int Blas, bool IsKernelFree)
{
    /// <summary>How maps lie in memory, as PyTorch names it; null for models without maps.</summary>
    public string? MemoryFormat { get; init; }

    /// <summary>In words; with the kernels where the environment names them by a variable.</summary>
    public string Describe(string? coreType)
    {
        var kernels = coreType is null ? "" : IsKernelFree ? $", {coreType} unset" : $", {coreType}={Environment.GetEnvironmentVariable(coreType)}";
        return $"OMP_NUM_THREADS={Omp} OPENBLAS_NUM_THREADS={Blas}{kernels}{(MemoryFormat is null ? "" : $", {MemoryFormat}")}";
    }
}

/// <summary>A warm Python process that answers commands with lines of JSON; see bench/peers/pytorch.</summary>
internal sealed class PyTorchProcess : IDisposable
{
    private const string CoreType = "OPENBLAS_CORETYPE", CacheSize = "OPENBLAS_L2_SIZE";

    private readonly Process _process;

    private PyTorchProcess(Process process, string settings) => (_process, Settings) = (process, settings);

    /// <summary>Its settings, for the report.</summary>
    public string Settings { get; }

    private static readonly string[] _formats = ["contiguous", "channels_last"];

    private static readonly bool _isKernelSet = Environment.GetEnvironmentVariable(CoreType) is { Length: > 0 };

    /// <summary>
    /// The settings that are tried: all processors to PyTorch's own loops or all to the matrix products, and where the environment names
    /// OpenBLAS's kernels, also those that it finds by itself.
    /// </summary>
    public static IReadOnlyList<PyTorchSettings> Candidates { get; } =
    [
        .. from threads in Environment.ProcessorCount == 1 ? [(1, 1)] : new[] { (1, Environment.ProcessorCount), (Environment.ProcessorCount, 1) }
           from isFree in _isKernelSet ? new[] { false, true } : [false]
           select new PyTorchSettings(threads.Item1, threads.Item2, isFree),
    ];

    /// <summary>The settings that are tried for a model: those with maps in both of the orders in which these can lie in memory.</summary>
    public static IReadOnlyList<PyTorchSettings> CandidatesOf(BenchModel model) => model.Options.Data.IsMap
        ? [.. from settings in Candidates from format in _formats select settings with { MemoryFormat = format }]
        : Candidates;

    /// <summary>Why the peer cannot run here, or null if it can.</summary>
    public static string? Missing(string python)
    {
        try
        {
            using var process = Start(python, ["-c", "import torch"], Candidates[0]);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{python} cannot import torch: {error.Trim().Split('\n')[^1]}";
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            return $"there is no {python}: {problem.Message}";
        }
    }

    /// <summary>A script with its settings, for a model and a number of inner draws (none: vanilla).</summary>
    public static PyTorchProcess Open(
        string python, string script, BenchModel model, int draws, string? weights, PyTorchSettings settings)
    {
        string[] arguments =
        [
            "-B", Path.Combine(RepositoryPath.Find("bench", "peers", "pytorch"), script), .. PyTorchArguments.Of(model, draws, script),
            .. settings.MemoryFormat is { } format ? ["--memory-format", format] : Array.Empty<string>(),
            .. weights is null ? Array.Empty<string>() : ["--weights", weights],
        ];
        return new PyTorchProcess(Start(python, arguments, settings), settings.Describe(_isKernelSet ? CoreType : null));
    }

    /// <summary>The answer to a command.</summary>
    public JsonElement Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"PyTorch ended at '{command}': {_process.StandardError.ReadToEnd()}");
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Start(string python, IReadOnlyList<string> arguments, PyTorchSettings settings)
    {
        var start = new ProcessStartInfo(python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["OMP_NUM_THREADS"] = $"{settings.Omp}";
        start.Environment["OPENBLAS_NUM_THREADS"] = $"{settings.Blas}";
        if (settings.IsKernelFree)
        {
            start.Environment.Remove(CoreType);
            start.Environment.Remove(CacheSize);
        }

        return Process.Start(start)!;
    }
}
