namespace Ornstein.Bench.Compare;

/// <summary>PyTorch's training steps, at the fastest of its settings.</summary>
internal sealed class PyTorchTraining : IContender
{
    private readonly PyTorchProcess _process;

    public PyTorchTraining(string python, BenchModel model, int draws)
    {
        Name = NameOf(draws);
        ImagesPerStep = model.BatchSize;
        var candidates = PyTorchProcess.CandidatesOf(model)
            .Select(settings => PyTorchProcess.Open(python, PyTorchArguments.TrainingScript(model), model, draws, weights: null, settings)).ToArray();
        var isSlow = candidates.Max(candidate => Time(candidate, 3)) > 1;
        var seconds = candidates.Select(_ => double.PositiveInfinity).ToArray();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < candidates.Length; i++) seconds[i] = Math.Min(seconds[i], Time(candidates[i], isSlow ? 1 : 5));
        }

        _process = candidates[Array.IndexOf(seconds, seconds.Min())];
        foreach (var candidate in candidates.Where(candidate => candidate != _process)) candidate.Dispose();
        var answer = _process.Ask("settings");
        Description = $"PyTorch {answer.GetProperty("torch").GetString()}, {_process.Settings}";
        Tried = [.. candidates.Zip(seconds, (candidate, best) => $"{candidate.Settings}: {ImagesPerStep / best:F0} images/s")];
    }

    public string Name { get; }

    public int ImagesPerStep { get; }

    /// <summary>Version and settings.</summary>
    public string Description { get; }

    /// <summary>All settings that were tried, with what they came to in their fastest turn.</summary>
    public IReadOnlyList<string> Tried { get; }

    public static string NameOf(int draws) => $"pytorch{(draws == 0 ? "" : $" K={draws}")}";

    public double Run(int steps) => Time(_process, steps);

    public void Dispose() => _process.Dispose();

    private static double Time(PyTorchProcess process, int steps) => process.Ask($"steps {steps}").GetProperty("seconds").GetDouble();
}
