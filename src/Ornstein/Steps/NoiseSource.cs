using System.Runtime.InteropServices;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>
/// Draws of one place of a program: the numbers of <see cref="StackNoise"/> and <see cref="InnerDraws"/>, written where the step
/// needs them.
/// </summary>
internal sealed unsafe class NoiseSource
{
    private static readonly Lock _libTorch = new();

    private readonly string _place;
    private readonly SmoothingOptions? _smoothing; // null: N(0, 1)
    private readonly bool _isMean;
    private readonly int _samples;

    private NoiseSource(Slot slot, string place, SmoothingOptions? smoothing, bool isMean, int samples) =>
        (Slot, _place, _smoothing, _isMean, _samples) = (slot, place, smoothing, isMean, samples);

    /// <summary>Where the draws go, [draws, batch, units].</summary>
    public Slot Slot { get; }

    /// <summary>Draws from N(0, 1), one for each sample.</summary>
    public static NoiseSource Standard(Slot slot, string place) => new(slot, place, smoothing: null, isMean: false, slot.Draws);

    /// <summary>Inner draws of smoothing.</summary>
    /// <param name="memory">Where they get a place.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="place">The name of this place in the program.</param>
    /// <param name="smoothing">Sampler and number of draws.</param>
    /// <param name="isMean">Whether the mean of the draws is all that is needed.</param>
    /// <param name="samples">Samples of a datum, each of which has inner draws of its own.</param>
    public static NoiseSource Inner(WorkspacePlan memory, int units, string place, SmoothingOptions smoothing, bool isMean, int samples = 1)
    {
        var draws = isMean ? 1 : smoothing.Sampler switch
        {
            SmoothingSampler.Iid or SmoothingSampler.Antithetic or SmoothingSampler.Sobol => smoothing.Draws,
            SmoothingSampler.GaussHermite => (int)Math.Pow(smoothing.Draws, units),
            _ => throw new InvalidOperationException($"{smoothing.Sampler} is no sampler."),
        };
        return new NoiseSource(memory.AddWhole(units, draws * samples), place, smoothing, isMean, samples);
    }

    /// <summary>Weights of the draws, which sum to one.</summary>
    public static float[] Weights(SmoothingOptions smoothing, int units, int draws)
    {
        switch (smoothing.Sampler)
        {
            case SmoothingSampler.Iid or SmoothingSampler.Antithetic or SmoothingSampler.Sobol:
                return [.. Enumerable.Repeat(1f / draws, draws)];
            case SmoothingSampler.GaussHermite:
                using (NewDisposeScope()) return [.. GaussHermiteRule.Grid(smoothing.Draws, units).Weights.data<float>()];
            default:
                throw new InvalidOperationException($"{smoothing.Sampler} is no sampler.");
        }
    }

    /// <summary>Writes the draws of a whole batch; those of the first sample are the place's own, whatever follows (<see cref="StackNoise.OfSamples"/>).</summary>
    /// <param name="frame">The whole batch.</param>
    /// <param name="key">Where the noise of all places comes from.</param>
    public void Fill(in Frame frame, RandomKey key)
    {
        var inner = Slot.Draws / _samples;
        for (var sample = 0; sample < _samples; sample++) Fill(frame, StackNoise.OfSample(key, sample), sample * inner, inner);
    }

    private void Fill(in Frame frame, RandomKey key, int first, int draws)
    {
        var target = new Span<float>(frame.Value(Slot, first), draws * frame.Floats(Slot));
        if (_smoothing is null) key.At(_place).FillNormal(target);
        else if (_smoothing.Sampler is SmoothingSampler.Sobol or SmoothingSampler.GaussHermite) FillByLibTorch(target, key, frame.Batch, draws);
        else if (_isMean) InnerDraws.FillMean(_smoothing, key.At(_place), target);
        else InnerDraws.Fill(_smoothing, key.At(_place), target);
        SpreadDraws(frame, first, draws);
    }

    // Quasi-random points and quadratures are made of tensors, on one thread at a time.
    private void FillByLibTorch(Span<float> target, RandomKey key, int batch, int count)
    {
        lock (_libTorch)
        {
            using var guard = no_grad();
            using var scope = NewDisposeScope();
            var noise = StackNoise.Shared(key);
            var draws = _isMean
                ? InnerDraws.MakeMean(_smoothing!, noise, _place, batch, Slot.Width)
                : InnerDraws.Make(_smoothing!, noise, _place, batch, Slot.Width);
            var points = draws.Points.expand(1, count, batch, Slot.Width).contiguous();
            MemoryMarshal.Cast<byte, float>(points.bytes).CopyTo(target);
        }
    }

    // The draws were written without gaps; in memory each starts on a block of its own.
    private void SpreadDraws(in Frame frame, int first, int draws)
    {
        var floats = frame.Floats(Slot);
        if (Slot.Block == floats) return;
        var packed = frame.Value(Slot, first);
        for (var draw = draws - 1; draw > 0; draw--)
        {
            new Span<float>(packed + ((nint)draw * floats), floats).CopyTo(new Span<float>(frame.Value(Slot, first + draw), floats));
        }
    }
}
