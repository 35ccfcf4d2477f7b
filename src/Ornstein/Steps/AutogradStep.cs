using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Objectives;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>
/// Training steps of any stack: autograd differentiates <see cref="TrainingObjective"/>. Slower than <see cref="FusedStep"/>, which takes the same
/// steps up to rounding where it has all operations. On a device nothing of a step comes back to the processor until numbers are collected.
/// </summary>
internal sealed class AutogradStep : ITrainingStep
{
    private const int OnDevice = 50; // steps at once: waiting for one in fifty costs nothing that can be measured, and fifty are soon done

    private readonly HierarchicalVae _vae;
    private readonly Adam _adam;
    private readonly StackBatches _batches;
    private readonly long _steps;
    private readonly bool _isTogether; // whether all members go through the networks at once
    private readonly HashSet<string> _encoder; // names of q's parameters
    private readonly IStepLedger _ledger;

    /// <summary>Steps of a stack.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="batches">Its data.</param>
    /// <param name="epochs">Epochs of the whole training, to which schedules of remedies refer.</param>
    public AutogradStep(HierarchicalVae vae, Adam adam, StackBatches batches, int epochs = 1)
        : this(vae, adam, batches, epochs, stepsAtOnce: null)
    {
    }

    /// <summary>The same with so many steps before numbers are collected, for an optimizer that steps in tensors.</summary>
    internal AutogradStep(HierarchicalVae vae, Adam adam, StackBatches batches, int epochs, int? stepsAtOnce)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(adam);
        ArgumentNullException.ThrowIfNull(batches);
        (_vae, _adam, _batches, _steps) = (vae, adam, batches, (long)epochs * batches.StepsPerEpoch);
        // Samples of one member beyond another's would be rows of its batch statistics.
        var isSampledAlike = vae.Members.Select(member => member.Remedy.Joint?.Count ?? 1).Distinct().Count() == 1;
        _isTogether = vae.Networks.All.All(network => network.Network.IsStacked) && (isSampledAlike || !vae.Networks.CouplesRows);
        _ledger = adam.IsByTensors ? new DeviceLedger(adam, vae.Options.Layers + 1) : new ProcessorLedger(adam, vae.Options.Layers + 1);
        StepsAtOnce = adam.IsByTensors ? stepsAtOnce ?? OnDevice : 1;
        _encoder = [.. vae.Parameters.Layout.Entries.Select(entry => entry.Name).Where(name => name.StartsWith('q'))];
    }

    /// <inheritdoc/>
    public int StepsAtOnce { get; }

    /// <summary>One step, whose numbers are waited for.</summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    /// <param name="terms">Receives the terms of the loss, nats per datum, [1 + layers][members]; NaN for members that take no part.</param>
    public void Run(long step, double learningRate, ReadOnlySpan<bool> active, double[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Run(step, learningRate, active);
        _ledger.Collect()[^1].Terms.CopyTo(terms, 0);
    }

    /// <summary>One step; on a device it is on its way when this returns.</summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    public void Run(long step, double learningRate, ReadOnlySpan<bool> active)
    {
        _adam.RequireAlive();
        var clock = new TrainingClock(step - 1, _batches.StepsPerEpoch, _steps);
        _vae.AnnealTo(clock);
        var remedies = _vae.Members.Select(member => member.Remedy).ToArray();
        var updates = remedies.Max(remedy => remedy.EncoderUpdatesBefore(clock));
        for (var update = 1; update <= updates; update++)
        {
            var number = update;
            Update(
                _batches.OtherStep(step, number), seeds => StackNoise.OfStep(seeds, step).At("encoder", number),
                seed => StackNoise.KeyOf(seed, step).At("encoder").At(number), clock, learningRate, active,
                (member, entry) => _encoder.Contains(entry.Name) ? remedies[member].NumberOfUpdate(clock, number) : 0, isWhole: false);
        }

        Update(
            step, seeds => StackNoise.OfStep(seeds, step), seed => StackNoise.KeyOf(seed, step), clock, learningRate, active,
            (member, entry) => _encoder.Contains(entry.Name) ? remedies[member].NumberOfStep(clock) : step, isWhole: true);
    }

    IReadOnlyList<StepNumbers> ITrainingStep.Collect() => _ledger.Collect();

    void ITrainingStep.Differentiate(long step, long batch, int draw)
    {
        using var scope = NewDisposeScope();
        var clock = new TrainingClock(step - 1, _batches.StepsPerEpoch, _steps);
        _vae.AnnealTo(clock);
        using (no_grad()) _vae.Parameters.Gradients.zero_();
        StackNoise NoiseOf(StackSeeds seeds) => draw == 0 ? StackNoise.OfStep(seeds, step) : StackNoise.OfStep(seeds, step).Other(batch, draw);
        bool[] all = [.. _vae.Members.Select(_ => true)];
        var statistics = new RunningStatistics(_vae, all, isOwn: !_isTogether);
        try
        {
            DifferentiateAll(batch, NoiseOf, clock, all, seed => StackNoise.KeyOf(seed, draw == 0 ? step : batch + (draw * _steps)), report: null);
        }
        finally
        {
            _vae.Networks.Mode.End();
            statistics.Restore();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ledger.Dispose();

    // `key` is where networks that draw their own noise, as dropout does, draw it with a seed; `isWhole` says that the step's numbers are this update's; `number` says which update of its own this is for a member's parameter, from 1; 0: it stays.
    private void Update(
        long batch, Func<StackSeeds, StackNoise> noise, Func<long, RandomKey> key, TrainingClock clock, double learningRate, ReadOnlySpan<bool> active,
        Func<int, ParameterEntry, long> number, bool isWhole)
    {
        using var scope = NewDisposeScope();
        _ledger.Begin(active);
        var statistics = new RunningStatistics(_vae, active.ToArray(), isOwn: !_isTogether);
        try
        {
            DifferentiateAll(batch, noise, clock, active, key, _ledger.Report);
            _ledger.Step(learningRate, number);
            statistics.Move(RunningMean.RateAfter(clock.Done), Moving(number));
            if (!isWhole) return;
            _adam.MoveAverage(_ledger.Takes);
            _ledger.Keep();
        }
        finally
        {
            _vae.Networks.Mode.End();
        }
    }

    private void DifferentiateAll(
        long batch, Func<StackSeeds, StackNoise> noise, TrainingClock clock, ReadOnlySpan<bool> active, Func<long, RandomKey> key, Action<Tensor, int?>? report)
    {
        var x = _batches.Of(batch);
        if (_isTogether)
        {
            _vae.Networks.Mode.Begin(null);
            var terms = TrainingObjective.Differentiate(_vae, x, noise(_vae.Seeds), clock);
            report?.Invoke(terms, null);
            return;
        }

        for (var member = 0; member < active.Length; member++)
        {
            if (active[member]) DifferentiateAlone(member, x, noise, key, clock, report);
        }
    }

    // Who took the update; a member that has none stays, its running means too.
    private Tensor Moving(Func<int, ParameterEntry, long> number)
    {
        var entry = _vae.Parameters.Layout.Entries.First(entry => _encoder.Contains(entry.Name));
        return _ledger.Takes & tensor([.. Enumerable.Range(0, _vae.Members.Count).Select(member => number(member, entry) != 0)], device: _vae.Parameters.Device);
    }

    // A member's whole step is that of a stack of its own, bit for bit.
    private void DifferentiateAlone(int member, Tensor x, Func<StackSeeds, StackNoise> noise, Func<long, RandomKey> key, TrainingClock clock, Action<Tensor, int?>? report)
    {
        using var scope = NewDisposeScope();
        var single = _vae.Single(member);
        single.AnnealTo(clock);
        _vae.Networks.Mode.Begin(key(_vae.Members[member].Seed));
        var own = x.shape[0] == 1 ? x : x.narrow(0, member, 1);
        var terms = TrainingObjective.Differentiate(single, own, noise(single.Seeds), clock);
        report?.Invoke(terms, member);
        foreach (var (_, _, value) in _vae.Networks.Mode.Statistics!) value.MoveToOuterDisposeScope(); // all members' are moved after the step
    }
}
