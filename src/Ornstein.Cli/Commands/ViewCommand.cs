using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Machine;
using Ornstein.Experiments.Settings;
using Ornstein.View;

namespace Ornstein.Cli.Commands;

/// <summary><c>view [FOLDER]</c>: runs and studies in the browser, live.</summary>
internal static class ViewCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Folder with runs or studies, at any depth. [runs]", DefaultValueFactory = _ => "runs" };
        var port = new Option<int?>("--port") { Description = $"Port to serve at, 1 to 65535. [{ViewOptions.UsualPort}, or a free one]", HelpName = "N" };
        var open = new Option<bool>("--open") { Description = "Open the page in the browser of this machine." };
        var command = new Command(
            "view", "Show runs and studies in the browser, live while they train: curves, layers against rho with a slider through the models, a latent explorer, comparisons, and the "
            + "cells of studies. Served on this machine only, until Ctrl-C.")
        {
            folder, port, open,
        };
        HelpScreen.SetExamples(
            command,
            "                      the folder runs; prints the address to open",
            "runs/NAME --open      one run, in the browser at once",
            "studies --port 8080   studies, at a port of your choice");
        command.SetAction(parsed =>
        {
            var (path, number) = (parsed.GetValue(folder)!, parsed.GetValue(port));
            if (number is < 1 or > 65535) throw UsageError.Because($"--port {number} is out of range; it must be between 1 and 65535");
            using var interruption = Interruption.Listen();
            return Serve(path, number, parsed.GetValue(open), parsed.InvocationConfiguration.Output, interruption).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> Serve(string path, int? port, bool opens, TextWriter output, Interruption interruption)
    {
        await using var server = await ViewServer.Start(new ViewOptions(path, port)).ConfigureAwait(false);
        await output.WriteLineAsync($"{PrintableText.Of(path)} is shown at {server.Address} (Ctrl-C ends it)").ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
        if (opens && !TryOpen(server)) await Console.Error.WriteLineAsync($"{Application.Name}: no browser could be started; open the address yourself").ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, interruption.Token).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        return ExitCodes.Success; // it ends by being asked to
    }

    // By a file that leads to the address and that only its owner reads: what stands on a command line, everybody on the machine sees.
    private static bool TryOpen(ViewServer server)
    {
        try
        {
            var page = server.WriteOpener();
            if (OperatingSystem.IsWindows()) return Process.Start(new ProcessStartInfo(page) { UseShellExecute = true }) is not null;
            var program = OperatingSystem.IsMacOS() ? "open" : MachineChecks.FindBrowser();
            return program is not null && Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$1\" >/dev/null 2>&1", program, page]) { UseShellExecute = false }) is { } browser
                && !(browser.WaitForExit(1000) && browser.ExitCode != 0);
        }
        catch (Exception error) when (error is Win32Exception or OrnsteinException)
        {
            return false;
        }
    }
}
