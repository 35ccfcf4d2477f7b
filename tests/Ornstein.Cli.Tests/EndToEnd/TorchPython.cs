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

    /// <summary>The same with a PyTorch that writes the ONNX files.</summary>
    public static string FindForOnnx()
    {
        var python = Find();
        Assert.SkipUnless(Runs(python, "import torch, re; raise SystemExit([int(n) for n in re.findall('[0-9]+', torch.__version__)[:2]] < [1, 13])"), "PyTorch is older than 1.13");
        return python;
    }

    private static bool HasTorch(string program) => Runs(program, "import torch, numpy");

    private static bool Runs(string program, string script)
    {
        try
        {
            return ChildProgram.RunOther(Path.GetTempPath(), program, "-c", script).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
