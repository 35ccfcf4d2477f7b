using System.Globalization;
using Ornstein.Experiments.Progress;
using Ornstein.Results;
using Spectre.Console;

namespace Ornstein.Cli.Progress;

/// <summary>One line at the bottom of a terminal, redrawn at most five times a second; otherwise a report costs a clock reading.</summary>
internal sealed class LiveProgress : IRunProgress
{
    private const int BarCells = 20, FewBarCells = 10, Narrow = 60;

    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(200), _second = TimeSpan.FromSeconds(1);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new(); // what is busy is redrawn by a timer
    private readonly MeasurementLine _measurement;
    private ProgressReport _latest;
    private (double Share, string Line)? _measured; // what is measured now; null while nothing is
    private long _last;
    private bool _isShown;
    private bool _isPending;

    /// <param name="output">The terminal.</param>
    /// <param name="clock">What tells the time.</param>
    /// <param name="detect">Whether to ask the terminal what it can do; otherwise it obeys what takes a line back and has no colours.</param>
    /// <param name="width">Columns of the window; null to ask for them.</param>
    public LiveProgress(TextWriter output, TimeProvider clock, bool detect = true, int? width = null)
    {
        (_clock, _measurement) = (clock, new MeasurementLine(clock));
        _console = ConsoleOn(output, detect);
        if (width is { } columns) _console.Profile.Width = columns;
    }

    // A line that folds could not be taken back.
    private int Columns => Math.Max(20, _console.Profile.Width - 1);

    /// <summary>Whether a terminal obeys what takes a line back.</summary>
    public static bool CanRedraw(TextWriter output) => ConsoleOn(output, detect: true).Profile.Capabilities.Ansi;

    public void Report(in ProgressReport progress)
    {
        lock (_lock)
        {
            _latest = progress;
            _measured = null;
            DrawSoon();
        }
    }

    public void Report(MeasurementProgress value)
    {
        lock (_lock)
        {
            _measured = (value.Share, _measurement.Of(value));
            DrawSoon();
        }
    }

    public void Note(string line)
    {
        lock (_lock)
        {
            Clear();
            _console.WriteLine(PrintableText.Of(line));
            if (_isPending || _measured is not null || _latest.Steps > 0) Draw();
        }
    }

    public IDisposable Busy(string line) => new BusyLine(this, line);

    public void Dispose()
    {
        lock (_lock)
        {
            // Of a measurement its result is left, and of a training its last line.
            if (_measured is not null)
            {
                Clear();
                (_measured, _isPending) = (null, _latest.Steps > 0);
            }

            if (_isPending) Draw();
            if (_isShown) _console.WriteLine();
            _isShown = false;
        }
    }

    private void DrawSoon()
    {
        _isPending = true;
        if (!_isShown || _clock.GetElapsedTime(_last) >= _period) Draw();
    }

    private void Draw()
    {
        Clear();
        int width = Columns;
        int cells = width + 1 < Narrow ? FewBarCells : BarCells;
        int room = width - cells - 1;
        double share = _measured?.Share ?? (_latest.Steps > 0 ? (double)_latest.Step / _latest.Steps : 0);
        int filled = (int)Math.Round(Math.Clamp(share, 0, 1) * cells);
        string text = _measured is { Line: var line } ? line[..Math.Min(line.Length, room)] : ProgressText.Short(_latest, room);
        _console.Markup($"[green]{new string('━', filled)}[/][grey]{new string('─', cells - filled)}[/] {Markup.Escape(text)}");
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
        _isShown = false;
    }

    /// <summary>A line with the seconds that its work has taken, which stays without them.</summary>
    private sealed class BusyLine : IDisposable
    {
        private readonly LiveProgress _owner;
        private readonly string _line;
        private readonly long _start;
        private readonly ITimer _timer;
        private bool _isOver;

        public BusyLine(LiveProgress owner, string line)
        {
            (_owner, _line, _start) = (owner, PrintableText.Of(line), owner._clock.GetTimestamp());
            Show();
            _timer = owner._clock.CreateTimer(_ => Show(), null, _second, _second);
        }

        public void Dispose()
        {
            lock (_owner._lock)
            {
                if (_isOver) return;
                _isOver = true;
                _timer.Dispose();
                _owner.Note(_line);
            }
        }

        private void Show()
        {
            lock (_owner._lock)
            {
                if (_isOver) return;
                _owner.Clear();
                string seconds = string.Create(CultureInfo.InvariantCulture, $"  {(int)_owner._clock.GetElapsedTime(_start).TotalSeconds} s");
                int room = _owner.Columns - seconds.Length;
                _owner._console.Write(new Text((_line.Length > room ? _line[..room] : _line) + seconds));
                _owner._isShown = true;
            }
        }
    }
}
