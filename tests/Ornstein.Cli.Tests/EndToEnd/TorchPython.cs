namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A Python that has PyTorch.</summary>
internal static class TorchPython
{
    private static readonly Lazy<string?> _found = new(() => Array.Find(["/usr/bin/python3", "python3"], program => HasTorch(program)));

    /// <summary>The program; skips the test where there is none.</summary>
    public static string Find()
    {
        Assert.SkipWhen(_found.Value is null, "python3 with torch is not here (packages python3-torch and python3-numpy)");
        return _found.Value!;
    }

    private static bool HasTorch(string program)
    {
        try
        {
            return ChildProgram.RunOther(Path.GetTempPath(), program, "-c", "import torch, numpy").Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
