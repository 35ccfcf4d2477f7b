using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Objectives;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>
/// Training steps of any stack: autograd differentiates <see cref="TrainingObjective"/>. Slower than <see cref="FusedStep"/>, which takes the same
/// steps up to rounding where it has all operations.
/// </summary>
internal sealed class AutogradStep : ITrainingStep
{
    // Running means of statistics take this share of a batch's, and at the start more: the mean of all batches so far.
    private const double StatisticsRate = 0.02;

    private readonly HierarchicalVae _vae;
    private readonly Adam _adam;
    private readonly StackBatches _batches;
    private readonly long _steps;
    private readonly bool _isStacked; // whether all networks take all members at once
    private readonly HashSet<string> _encoder; // names of q's parameters

    /// <summary>Steps of a stack.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="batches">Its data.</param>
    /// <param name="epochs">Epochs of the whole training, to which schedules of remedies refer.</param>
    public AutogradStep(HierarchicalVae vae, Adam adam, StackBatches batches, int epochs = 1)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(adam);
        ArgumentNullException.ThrowIfNull(batches);
        (_vae, _adam, _batches, _steps) = (vae, adam, batches, (long)epochs * batches.StepsPerEpoch);
        _isStacked = vae.Networks.All.All(network => network.Network.IsStacked);
        _encoder = [.. vae.Parameters.Layout.Entries.Select(entry => entry.Name).Where(name => name.StartsWith('q'))];
    }

    /// <inheritdoc/>
    public void Run(long step, double learningRate, ReadOnlySpan<bool> active, double[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _adam.RequireAlive();
        var clock = new TrainingClock(step - 1, _batches.StepsPerEpoch, _steps);
        _vae.AnnealTo(clock);
        var remedies = _vae.Members.Select(member => member.Remedy).ToArray();
        var updates = remedies.Max(remedy => remedy.EncoderUpdatesBefore(clock));
        for (var update = 1; update <= updates; update++)
        {
            var number = update;
            Update(
                OtherStep(step, number), seeds => StackNoise.OfStep(seeds, step).At("encoder", number), clock, learningRate, active, terms,
                (member, entry) => _encoder.Contains(entry.Name) ? remedies[member].NumberOfUpdate(clock, number) : 0);
        }

        Update(
            step, seeds => StackNoise.OfStep(seeds, step), clock, learningRate, active, terms,
            (member, entry) => _encoder.Contains(entry.Name) ? remedies[member].NumberOfStep(clock) : step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // `number` says which update of its own this is for a member's parameter, from 1; 0: it stays.
    private void Update(
        long batch, Func<StackSeeds, StackNoise> noise, TrainingClock clock, double learningRate, ReadOnlySpan<bool> active, double[] terms,
        Func<int, ParameterEntry, long> number)
    {
        using var scope = NewDisposeScope();
        var takes = active.ToArray();
        Array.Fill(terms, double.NaN);
        var statistics = new RunningStatistics(_vae, takes, isOwn: !_isStacked);
        try
        {
            var x = _batches.Of(batch);
            if (_isStacked)
            {
                _vae.Networks.Mode.Begin(null);
                Report(TrainingObjective.Differentiate(_vae, x, noise(_vae.Seeds), clock), Enumerable.Range(0, takes.Length), takes, terms);
            }
            else
            {
                for (var member = 0; member < takes.Length; member++)
                {
                    if (takes[member]) DifferentiateAlone(member, x, noise, batch, clock, takes, terms);
                }
            }

            _adam.Step(learningRate, takes, number);
            for (var member = 0; member < takes.Length; member++) takes[member] &= double.IsFinite(_adam.GradientNorms[member]);
            statistics.Move(Math.Max(StatisticsRate, 1.0 / (clock.Done + 1)), takes);
        }
        finally
        {
            _vae.Networks.Mode.End();
        }
    }

    // Networks that take one member at a time: a member's whole step is that of a stack of its own, bit for bit.
    private void DifferentiateAlone(
        int member, Tensor x, Func<StackSeeds, StackNoise> noise, long batch, TrainingClock clock, bool[] takes, double[] terms)
    {
        using var scope = NewDisposeScope();
        var single = _vae.Single(member);
        single.AnnealTo(clock);
        _vae.Networks.Mode.Begin(StackNoise.KeyOf(_vae.Members[member].Seed, batch));
        var own = x.shape[0] == 1 ? x : x.narrow(0, member, 1);
        Report(TrainingObjective.Differentiate(single, own, noise(single.Seeds), clock), [member], takes, terms);
        foreach (var (_, _, value) in _vae.Networks.Mode.Statistics!) value.MoveToOuterDisposeScope(); // all members' are moved after the step
    }

    private static void Report(Tensor values, IEnumerable<int> members, bool[] takes, double[] terms)
    {
        var (numbers, which) = (values.data<float>().ToArray(), members.ToArray());
        for (var i = 0; i < numbers.Length; i++)
        {
            var member = which[i % which.Length];
            if (takes[member]) terms[(i / which.Length * takes.Length) + member] = numbers[i];
        }

        foreach (var member in which)
        {
            for (var i = member; i < terms.Length; i += takes.Length) takes[member] &= double.IsFinite(terms[i]);
        }
    }

    // Another batch of the same epoch: updates of a step take those that follow, around the end.
    private long OtherStep(long step, long ahead)
    {
        var (first, place) = Math.DivRem(step - 1, _batches.StepsPerEpoch);
        return (first * _batches.StepsPerEpoch) + ((place + ahead) % _batches.StepsPerEpoch) + 1;
    }
}
