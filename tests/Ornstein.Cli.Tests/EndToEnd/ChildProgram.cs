using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>The real program as a process of its own.</summary>
internal sealed partial class ChildProgram : IDisposable
{
    public static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "Ornstein.Cli.dll");

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ChildProgram(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        start.Environment.Remove("ORNSTEIN_TRACE");
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs the program to its end.</summary>
    public static Outcome Run(string folder, params string[] arguments)
    {
        using var child = Start(folder, arguments);
        return child.Finish();
    }

    /// <summary>
    /// Starts the program. Under a parent that ignores signals, as a shell's background job does Ctrl-C, it would too: env undoes that.
    /// </summary>
    public static ChildProgram Start(string folder, params string[] arguments) => OperatingSystem.IsLinux()
        ? new ChildProgram(folder, "env", ["--default-signal=INT,TERM,HUP,USR1", "dotnet", Dll, .. arguments])
        : new ChildProgram(folder, "dotnet", [Dll, .. arguments]);

    /// <summary>Runs a bash script in which <c>ornstein</c> is the program.</summary>
    public static Outcome Shell(string folder, string script)
    {
        using var child = new ChildProgram(folder, "bash", ["-c", $"ornstein() {{ dotnet '{Dll}' \"$@\"; }}\n{script}"]);
        return child.Finish();
    }

    /// <summary>Runs another program to its end.</summary>
    public static Outcome RunOther(string folder, string program, params string[] arguments)
    {
        using var child = new ChildProgram(folder, program, arguments);
        return child.Finish();
    }

    /// <summary>Starts another program.</summary>
    public static ChildProgram StartOther(string folder, string program, params string[] arguments) => new(folder, program, arguments);

    /// <summary>Waits until a condition holds; false where the child ended before.</summary>
    public bool WaitFor(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (_process.HasExited) return false;
            Assert.True(clock.Elapsed < _longest, "the condition did not come to hold");
            Thread.Sleep(2);
        }

        return true;
    }

    /// <summary>Sends a signal by its name, such as INT: at once, for starting a program that does can take longer than what is left of the child.</summary>
    public void Signal(string name)
    {
        var mac = OperatingSystem.IsMacOS();
        _ = SendSignal(_process.Id, name switch
        {
            "HUP" => 1,
            "INT" => 2,
            "TERM" => 15,
            "USR1" => mac ? 30 : 10,
            "STOP" => mac ? 17 : 19,
            "CONT" => mac ? 19 : 18,
            _ => throw new ArgumentException($"no signal that tests send: {name}", nameof(name)),
        });
    }

    /// <summary>Ends the child at once, as <c>kill -9</c> does; false where it had ended before.</summary>
    public bool Kill()
    {
        var running = !_process.HasExited;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        return running;
    }

    /// <summary>Waits for the end.</summary>
    public Outcome Finish()
    {
        if (!_process.WaitForExit(_longest))
        {
            Kill();
            Assert.Fail($"no end within {_longest.TotalSeconds} s; standard error:\n{_error.GetAwaiter().GetResult()}");
        }

        return new Outcome(_process.ExitCode, _output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
