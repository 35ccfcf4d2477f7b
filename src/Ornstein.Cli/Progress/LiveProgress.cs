using Ornstein.Experiments.Progress;
using Spectre.Console;

namespace Ornstein.Cli.Progress;

/// <summary>One line at the bottom of a terminal, redrawn at most five times a second; otherwise a report costs a clock reading.</summary>
internal sealed class LiveProgress : IRunProgress
{
    private const int BarCells = 20;

    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private ProgressReport _latest;
    private long _last;
    private bool _isShown;
    private bool _isPending;

    public LiveProgress(TextWriter output, TimeProvider clock, bool detect = true)
    {
        _clock = clock;
        _console = ConsoleOn(output, detect);
    }

    /// <summary>Whether a terminal obeys what takes a line back.</summary>
    public static bool CanRedraw(TextWriter output) => ConsoleOn(output, detect: true).Profile.Capabilities.Ansi;

    public void Report(in ProgressReport progress)
    {
        _latest = progress;
        _isPending = true;
        if (_isShown && _clock.GetElapsedTime(_last) < _period) return;
        Draw();
    }

    public void Note(string line)
    {
        Clear();
        _console.WriteLine(PrintableText.Of(line));
        if (_isPending || _latest.Steps > 0) Draw();
    }

    public void Dispose()
    {
        if (_isPending) Draw();
        if (_isShown) _console.WriteLine();
        _isShown = false;
    }

    private void Draw()
    {
        Clear();
        int width = Math.Max(20, _console.Profile.Width - 1);
        double share = _latest.Steps > 0 ? Math.Clamp((double)_latest.Step / _latest.Steps, 0, 1) : 0;
        int filled = (int)Math.Round(share * BarCells);
        string text = $" {share,4:P0}  {ProgressText.Line(_latest)}";
        // A line that folds could not be taken back: what is too long is left off at its end.
        int room = Math.Max(0, width - BarCells);
        if (text.Length > room) text = text[..room];
        _console.Markup($"[green]{new string('━', filled)}[/][grey]{new string('─', BarCells - filled)}[/]{Markup.Escape(text)}");
        _last = _clock.GetTimestamp();
        _isShown = true;
        _isPending = false;
    }

    private static IAnsiConsole ConsoleOn(TextWriter output, bool detect) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = detect ? AnsiSupport.Detect : AnsiSupport.Yes,
        ColorSystem = detect ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });

    private void Clear()
    {
        if (_isShown) _console.Write(new ControlCode("\r\u001b[2K"));
    }
}
