using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ornstein.Kernels;
using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Batching;

/// <summary>
/// Data as a tensor of rows: bytes for images (a quarter of the memory), float32 otherwise, with its binarization.
/// </summary>
public sealed class DataRows : IDisposable
{
    private const int Block = 4096;

    private static readonly RandomKey _fixedKey = RandomKey.FromSeed(0).At("binarize once"); // the same in all runs

    private readonly Tensor _rows; // uint8 [count, features] in 0 .. 255, or float32
    private readonly bool _bytes;
    private readonly nint _memory; // of the rows; libtorch never moves them
    private DataFingerprint? _fingerprint;

    private DataRows(Tensor rows, bool drawn, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        _rows = rows.DetachFromDisposeScope();
        _bytes = rows.dtype == ScalarType.Byte;
        (Count, Features) = ((int)rows.shape[0], (int)rows.shape[1]);
        _memory = TensorMemory.Address(_rows);
        (IsDrawnAfresh, Channels) = (drawn, channels);
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Number of features of a row.</summary>
    public int Features { get; }

    /// <summary>Channels of a pixel, which lie one after another in a row; 1 for grey images and for what is no image.</summary>
    public int Channels { get; }

    /// <summary>Whether every batch draws its pixels afresh (dynamic binarization).</summary>
    public bool IsDrawnAfresh { get; }

    /// <summary>What tells these rows from others.</summary>
    public DataFingerprint Fingerprint => _fingerprint ??= new DataFingerprint(Hash(), Count, Features);

    /// <summary>The least and the greatest value as a batch can have them: pixels lie in [0, 1].</summary>
    public DataRange Range()
    {
        if (_bytes) return new(0, 1, Channels) { IsLevels = true };
        using var scope = NewDisposeScope();
        var (least, greatest) = _rows.aminmax();
        return new(least.item<float>(), greatest.item<float>(), Channels);
    }

    /// <summary>Rows of real numbers.</summary>
    /// <param name="values">Row by row, count * features numbers.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="channels">Channels of a pixel; 1 for what is no colour image.</param>
    public static DataRows FromReals(float[] values, int features, int channels = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromReals(values.AsSpan(), features, channels);
    }

    /// <summary>The same of a part of what holds them, which is copied once.</summary>
    internal static DataRows FromReals(ReadOnlySpan<float> values, int features, int channels) =>
        new(Copied(values, features, ScalarType.Float32), drawn: false, channels);

    /// <summary>Rows of pixels.</summary>
    /// <param name="pixels">Row by row, count * features intensities in 0 .. 255.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="binarization">How intensities become binary.</param>
    /// <param name="training">Whether these are training rows, which dynamic binarization draws afresh; others are drawn once.</param>
    /// <param name="channels">Channels of a pixel; 1 for what is no colour image.</param>
    /// <param name="seed">Seed of the draws of rows that are drawn once; null for those that all runs share.</param>
    public static DataRows FromPixels(byte[] pixels, int features, Binarization binarization, bool training, int channels = 1, long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return FromPixels(pixels.AsSpan(), features, binarization, training, channels, seed);
    }

    /// <summary>The same of a part of what holds them, which is copied once.</summary>
    internal static DataRows FromPixels(ReadOnlySpan<byte> pixels, int features, Binarization binarization, bool training, int channels, long? seed)
    {
        using var scope = NewDisposeScope();
        var rows = Copied(pixels, features, ScalarType.Byte);
        return binarization switch
        {
            Binarization.None => new DataRows(rows, drawn: false, channels),
            Binarization.Threshold => new DataRows(rows.IsAtLeast(128).to(ScalarType.Byte).Times(255), drawn: false, channels),
            Binarization.Dynamic when training => new DataRows(rows, drawn: true, channels),
            Binarization.Static or Binarization.Dynamic => new DataRows(DrawOnce(rows, seed is { } own ? RandomKey.FromSeed(own).At("binarize anew") : _fixedKey), drawn: false, channels),
            _ => throw new InvalidOperationException($"{binarization} is no binarization."),
        };
    }

    /// <summary>Writes rows as numbers, those of bytes as intensities in [0, 1].</summary>
    /// <param name="index">Which rows.</param>
    /// <param name="first">Place of the first of them in its batch.</param>
    /// <param name="draw">Where the batch's fresh pixels are drawn from, by place; used by dynamic binarization alone.</param>
    /// <param name="target">Receives index.Length * features numbers, row by row.</param>
    public unsafe void Gather(ReadOnlySpan<int> index, int first, RandomKey draw, Span<float> target)
    {
        for (var i = 0; i < index.Length; i++)
        {
            var row = target.Slice(i * Features, Features);
            if (_bytes && i + 1 < index.Length) PixelKernels.Fetch(Bytes(index[i + 1]), Features);
            if (_bytes) Intensities(index[i], first + i, draw, row);
            else Reals(index[i]).CopyTo(row);
        }
    }

    // With fresh pixels, row is first filled with uniform draws: a pixel is on where its draw lies below its intensity.
    private unsafe void Intensities(int index, int place, RandomKey draw, Span<float> row)
    {
        if (IsDrawnAfresh) draw.At(place).FillUniform(row);
        fixed (float* target = row)
        {
            if (IsDrawnAfresh) PixelKernels.Binarize(Bytes(index), target, row.Length);
            else PixelKernels.Intensities(Bytes(index), target, row.Length);
        }
    }

    private unsafe byte* Bytes(int row) => (byte*)_memory + ((long)row * Features);

    private unsafe ReadOnlySpan<float> Reals(int row) => new((float*)_memory + ((long)row * Features), Features);

    /// <summary>Writes rows as they are stored, one after another.</summary>
    /// <param name="start">First row.</param>
    /// <param name="target">Receives as many rows as it has room for.</param>
    public unsafe void Read(int start, Span<float> target)
    {
        var count = target.Length / Features * Features;
        fixed (float* first = target)
        {
            if (_bytes) PixelKernels.Intensities(Bytes(start), first, count);
            else new ReadOnlySpan<float>((float*)_memory + ((long)start * Features), count).CopyTo(target);
        }
    }

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/>, as they are stored.</summary>
    public Tensor Slice(int start, int count)
    {
        var rows = _rows.narrow(0, start, count);
        return _bytes ? rows.to(ScalarType.Float32).Multiply(1f / 255) : rows;
    }

    /// <summary>Mean of every feature, as rows are stored: of rows that are drawn afresh, the mean of the draws.</summary>
    public double[] Mean()
    {
        using var scope = NewDisposeScope();
        var sum = zeros(Features, ScalarType.Float64);
        for (var start = 0; start < Count; start += Block)
        {
            using var block = NewDisposeScope();
            sum.Add(Slice(start, Math.Min(Block, Count - start)).sum(0, type: ScalarType.Float64));
        }

        return sum.Divide(Count).data<double>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    // Of the kind of numbers, how they are drawn, their channels where there are several, and every row in its order.
    private unsafe string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([_bytes ? (byte)1 : (byte)4, IsDrawnAfresh ? (byte)1 : (byte)0]);
        if (Channels != 1) hash.AppendData(BitConverter.GetBytes(Channels));
        var rowBytes = (long)Features * (_bytes ? 1 : sizeof(float));
        for (var row = 0; row < Count; row++) hash.AppendData(new ReadOnlySpan<byte>((byte*)_memory + (row * rowBytes), (int)rowBytes));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static unsafe Tensor Copied<T>(ReadOnlySpan<T> numbers, int features, ScalarType type)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (numbers.Length % features != 0) throw new ArgumentException($"{numbers.Length} numbers are not rows of {features}.");
        var rows = empty(numbers.Length / features, features, dtype: type);
        numbers.CopyTo(new Span<T>((void*)TensorMemory.Address(rows), numbers.Length));
        return rows;
    }

    private static Tensor DrawOnce(Tensor rows, RandomKey key)
    {
        var drawn = empty_like(rows);
        for (long start = 0; start < rows.shape[0]; start += Block)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Block, rows.shape[0] - start);
            var intensity = rows.narrow(0, start, count).to(ScalarType.Float32).Times(1f / 255);
            var pixels = key.At(start).Uniform(intensity.shape).lt(intensity).to(ScalarType.Byte).Times(255);
            drawn.narrow(0, start, count).copy_(pixels);
        }

        return drawn;
    }
}
