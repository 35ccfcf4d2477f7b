using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Machine;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Cli.Commands;

/// <summary><c>doctor</c>: what is found on this machine.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the checks as JSON on standard output." };
        var command = new Command(
            "doctor",
            "Show what is found on this machine: libtorch, processor, threads, memory, cache, data sets, cluster and browser. A bug report can quote it. "
            + "The exit code is 1 where something is wrong that some runs fail by.")
        {
            json,
        };
        HelpScreen.SetExamples(
            command,
            "         one line each",
            "--json   for a program");
        command.SetAction(parsed =>
        {
            MachineCheck[] checks = [MachineCheck.Ok("program", ProductVersion.Text), .. MachineChecks.All()];
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(checks, ResultJson.Indented));
            else Write(checks, Screen.Of(output));
            return checks.Any(check => check.State == CheckState.Wrong) ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }

    private static void Write(IReadOnlyList<MachineCheck> checks, TextWriter output)
    {
        var width = checks.Max(check => check.Name.Length);
        foreach (var check in checks)
        {
            ScreenWriter.WriteNamed(output, $"{Mark(check.State)}  {check.Name.PadRight(width)}  ", PrintableText.Of(check.Found));
            if (check.Advice is { } advice) ScreenWriter.WriteNamed(output, new string(' ', 5 + width + 4), PrintableText.Of(advice));
        }
    }

    private static string Mark(CheckState state) => state switch { CheckState.Ok => "ok   ", CheckState.Absent => "-    ", _ => "WRONG" };
}
