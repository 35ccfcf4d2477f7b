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
public sealed class AutogradStep : ITrainingStep
{
    // Running means of statistics take this share of a batch's, and at the start more: the mean of all batches so far.
    private const double StatisticsRate = 0.02;

    private readonly HierarchicalVae _vae;
    private readonly Adam _adam;
    private readonly StackBatches _batches;
    private readonly long _steps;
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
                OtherStep(step, number), StackNoise.OfStep(_vae.Seeds, step).At("encoder", number), clock, learningRate, active, terms,
                (member, entry) => _encoder.Contains(entry.Name) ? remedies[member].NumberOfUpdate(clock, number) : 0);
        }

        Update(
            step, StackNoise.OfStep(_vae.Seeds, step), clock, learningRate, active, terms,
            (member, entry) => _encoder.Contains(entry.Name) ? remedies[member].NumberOfStep(clock) : step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // `number` says which update of its own this is for a member's parameter, from 1; 0: it stays.
    private void Update(
        long batch, StackNoise noise, TrainingClock clock, double learningRate, ReadOnlySpan<bool> active, double[] terms,
        Func<int, ParameterEntry, long> number)
    {
        using var scope = NewDisposeScope();
        _vae.Networks.Mode.Statistics = [];
        try
        {
            var values = TrainingObjective.Differentiate(_vae, _batches.Of(batch), noise, clock).data<float>().ToArray();
            var takes = active.ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                var member = i % takes.Length;
                terms[i] = active[member] ? values[i] : double.NaN;
                takes[member] &= float.IsFinite(values[i]);
            }

            _adam.Step(learningRate, takes, number);
            for (var member = 0; member < takes.Length; member++) takes[member] &= double.IsFinite(_adam.GradientNorms[member]);
            MoveStatistics(Math.Max(StatisticsRate, 1.0 / (clock.Done + 1)), takes);
        }
        finally
        {
            _vae.Networks.Mode.Statistics = null;
        }
    }

    private void MoveStatistics(double rate, bool[] members)
    {
        using var guard = no_grad();
        var shares = tensor(members.Select(takes => takes ? (float)rate : 0).ToArray(), [members.Length, 1, 1]);
        foreach (var (entry, value) in _vae.Networks.Mode.Statistics!)
        {
            var mean = _vae.Parameters.Block(_vae.Parameters.Values, entry).detach();
            mean.copy_(where(shares > 0, lerp(mean, value, shares), mean)); // a member that stays may have had numbers that are not finite
        }
    }

    // Another batch of the same epoch: updates of a step take those that follow, around the end.
    private long OtherStep(long step, long ahead)
    {
        var (first, place) = Math.DivRem(step - 1, _batches.StepsPerEpoch);
        return (first * _batches.StepsPerEpoch) + ((place + ahead) % _batches.StepsPerEpoch) + 1;
    }
}
