using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;
using TorchSharp.Modules;

namespace Ornstein.Experiments.Exports;

/// <summary>
/// Event files of TensorBoard that grow with a run: whenever an epoch has ended, what <c>metrics.jsonl</c> has of it is added. A resumed run begins them
/// anew, with all its epochs. Trouble with the files is said once and does not end the training.
/// </summary>
/// <param name="inner">Where the run says how far it is.</param>
/// <param name="run">The run.</param>
/// <param name="folder">Where the files go, a folder for each model.</param>
internal sealed class LiveEvents(IRunProgress inner, RunFolder run, string folder) : IRunProgress
{
    private readonly List<Stack> _stacks = [];
    private (int Epoch, long Steps) _at;
    private bool _isOver;

    public void Report(in ProgressReport progress)
    {
        inner.Report(progress);
        if (_at == (progress.Epoch, progress.Steps)) return;
        _at = (progress.Epoch, progress.Steps);
        Update();
    }

    public void Report(MeasurementProgress value) => inner.Report(value);

    public void Note(string line) => inner.Note(line);

    public void Warn(string line) => inner.Warn(line);

    public IDisposable Busy(string line) => inner.Busy(line);

    public void Dispose()
    {
        Update();
        Try(() => EventFiles.Pictures(folder, run.Path, checked((int)_stacks.Select(stack => stack.LastStep).DefaultIfEmpty().Max())));
        _isOver = true; // there is no more to write
        inner.Dispose();
    }

    private void Update() => Try(() =>
    {
        if (!File.Exists(run.Config)) return;
        RunFolder[] all = [run, .. RunRounds.Of(run)];
        foreach (var stack in all.Skip(_stacks.Count).ToArray()) _stacks.Add(new Stack(stack, folder));
        foreach (var stack in _stacks) stack.Add();
    });

    private void Try(Action write)
    {
        if (_isOver) return;
        try
        {
            write();
        }
#pragma warning disable CA1031 // An extra: whatever it fails by, the training goes on, and the screen is given back.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _isOver = true;
            inner.Warn($"warning: no more event files of TensorBoard are written ({error.Message}); 'ornstein export --tensorboard' writes all of them when the run is done");
        }
    }

    private sealed class Stack
    {
        private readonly EpochLog _log;
        private readonly SummaryWriter[] _writers;
        private int _written;

        public Stack(RunFolder folder, string events)
        {
            _log = new EpochLog(folder.Metrics);
            var settings = StoredRun.ShownSettingsOf(folder);
            var several = settings.HasSeveralRemedies();
            _writers = [.. RunPlan.Members(settings).Select(member => EventFiles.Writer(Path.Combine(events, ModelName.Of(member, several))))];
        }

        public long LastStep { get; private set; }

        public void Add()
        {
            var epochs = _log.Read();
            foreach (var epoch in epochs.Skip(_written))
            {
                var layers = epoch.Kl.Length;
                EpochQuantity[] quantities = [.. EpochQuantity.All(layers, EpochQuantity.Networks([epoch])), .. EpochQuantity.More(layers)];
                for (var place = 0; place < _writers.Length; place++) EventFiles.Add(_writers[place], quantities, epoch, place);
                LastStep = epoch.Step;
            }

            _written = epochs.Count;
        }
    }
}
