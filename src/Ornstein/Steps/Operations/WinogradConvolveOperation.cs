using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ornstein.Kernels;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>
/// A 3 x 3 convolution that keeps a map's size, for channels in multiples of 16: what <see cref="ConvolveOperation"/> computes, with 16 products for 36
/// (<see cref="WinogradKernels"/>). Tiles of 2 x 2 pixels are transformed some at a time, so that they stay in a cache; each of their 16 points is a matrix product over channels.
/// </summary>
/// <param name="input">What it reads, on a grid.</param>
/// <param name="grid">Its grid.</param>
/// <param name="output">What it writes, on the same grid.</param>
/// <param name="layer">Weight [3, 3, inputs, outputs] and bias [outputs].</param>
/// <param name="residual">Is added to the output; null for nothing. Its gradient is passed on elsewhere.</param>
/// <param name="isHeld">Whether the parameters are constants here.</param>
internal sealed unsafe class WinogradConvolveOperation(
    Slot input, MapGrid grid, Slot output, ConvolutionEntries layer, Slot? residual, bool isHeld) : IConvolution
{
    // Tiles that are transformed at a time: they and their products stay in the first-level cache; for the gradient of the weights longer sums gain more. So many of the
    // latter's bands are summed over before the sums are transformed back.
    private const int Band = 16, BandOfSums = 64, BandsOfRun = 4, Points = WinogradKernels.Points;

    private readonly int _inputs = input.Width / grid.Positions, _outputs = output.Width / grid.Positions;
    private readonly int _tiles = (grid.Width + 1) / 2 * ((grid.Height + 1) / 2);
    private readonly Tile[] _ofMap = [.. TilesOf(grid)];
    private bool _adds;

    public ParameterEntry Entry => layer.Weight;

    public int FirstColumn => 0;

    public int Columns => isHeld ? 0 : _outputs;

    public long WorkOfColumn => (long)Points * _inputs * _tiles * input.Draws;

    public int Deepest => Math.Max(BandOfSums, Math.Max(_inputs, _outputs));

    // Transformed weights, tiles on either side of the products, and packed or differentiated weights.
    public long Scratch => (Points * _inputs * _outputs) + TilesOf(_inputs) + TilesOf(_outputs)
        + (Points * Math.Max(Panels.PackedLength(_inputs, _outputs), Panels.PackedLength(_outputs, _inputs)));

    /// <summary>Whether it is for such channels.</summary>
    public static bool Fits(int inputs, int outputs) => inputs % Lanes.Count == 0 && outputs % Lanes.Count == 0;

    public void Plan(GradientFlow flow) => _adds = input.HasGradient && flow.Adds(input);

    public void Forward(in Frame frame)
    {
        var (blocks, _) = frame.Rows(input, output);
        var packed = Transformed(frame, isBackward: false);
        for (var block = 0; block < blocks; block++)
        {
            Convolve(
                frame, packed, frame.Value(input, block), input.Width, _inputs, frame.Value(output, block), output.Width, _outputs, frame.Parameter(layer.Bias),
                residual is null ? null : frame.Value(residual, block), add: false);
        }
    }

    public void Backward(in Frame frame)
    {
        if (!input.HasGradient) return;
        var (blocks, _) = frame.Rows(input, output);
        var packed = Transformed(frame, isBackward: true);
        for (var block = 0; block < blocks; block++)
        {
            Convolve(
                frame, packed, frame.Gradient(output, block), output.Width, _outputs, frame.Gradient(input, block), input.Width, _inputs, bias: null, residual: null, _adds);
        }
    }

    public int Runs(in Frame frame)
    {
        var (blocks, maps) = frame.Rows(input, output);
        return blocks * RunsOf(maps);
    }

    public void ParameterGradient(in Frame frame, int run, int first, int count, bool add)
    {
        var (_, maps) = frame.Rows(input, output);
        var (block, from) = (run / RunsOf(maps), run % RunsOf(maps) * BandsOfRun * BandOfSums);
        var end = Math.Min(from + (BandsOfRun * BandOfSums), maps * _tiles);
        float* tiles = frame.Strips, gradients = tiles + TilesOf(_inputs), sums = gradients + TilesOf(_outputs);
        add |= run > 0;
        for (var tile = from; tile < end; tile += BandOfSums)
        {
            var some = Math.Min(BandOfSums, end - tile);
            Read(frame.Value(input, block), input.Width, _inputs, tile, some, tiles, BandOfSums);
            ReadGradients(frame.Gradient(output, block) + first, tile, some, count, gradients);

            for (var point = 0; point < Points; point++)
            {
                new MatrixProduct
                {
                    A = Factor.Transposed(tiles + (point * Apart(BandOfSums, _inputs)), _inputs), B = Factor.Rows(gradients + (point * Apart(BandOfSums, count)), count),
                    C = sums + ((nint)point * _inputs * count), CRow = count, Rows = _inputs, Depth = some, Columns = count, Panel = frame.Panel, Add = tile > from,
                    // Of the second point, either way, the gradient is the sum of a tile's pixels.
                    ColumnSums = point == 5 ? frame.Gradients + layer.Bias.Offset + first : null, AddsToSums = add || tile > from,
                }.Compute();
            }
        }

        for (var i = 0; i < _inputs; i++)
        {
            WinogradKernels.ToFilters(
                sums + ((nint)i * count), (nint)_inputs * count, count, frame.Gradients + layer.Weight.Offset + ((nint)i * _outputs) + first, (nint)_inputs * _outputs, add);
        }
    }

    // The weights of every point, packed. Backwards it is the same convolution with the filters' taps in the opposite order, which exchanges the first and the last of four points.
    private float* Transformed(in Frame frame, bool isBackward)
    {
        float* transformed = frame.Strips, packed = transformed + (Points * _inputs * _outputs) + TilesOf(_inputs) + TilesOf(_outputs);
        WinogradKernels.FromFilters(frame.Parameter(layer.Weight), _inputs * _outputs, transformed);
        var (depth, columns) = isBackward ? (_outputs, _inputs) : (_inputs, _outputs);
        var length = Panels.PackedLength(depth, columns);
        for (var point = 0; point < Points; point++)
        {
            var own = transformed + ((nint)(isBackward ? (Opposite(point / 4) * 4) + Opposite(point % 4) : point) * _inputs * _outputs);
            Panels.PackAll(isBackward ? Factor.Transposed(own, _outputs) : Factor.Rows(own, _outputs), depth, columns, packed + (point * length));
        }

        return packed;
    }

    // All maps of a block, from one side to the other.
    private void Convolve(
        in Frame frame, float* packed, float* source, int sourceWidth, int from, float* target, int targetWidth, int to, float* bias, float* residual, bool add)
    {
        var (_, maps) = frame.Rows(input, output);
        float* tiles = frame.Strips + (Points * _inputs * _outputs), products = tiles + TilesOf(from);
        for (var first = 0; first < maps * _tiles; first += Band)
        {
            var count = Math.Min(Band, (maps * _tiles) - first);
            Read(source, sourceWidth, from, first, count, tiles, Band);
            Multiply(tiles, from, packed, products, to, count);
            Write(products, to, first, count, target, targetWidth, bias, add, residual);
        }

        for (var i = 0; i < maps; i++) MapKernels.ClearEdges(target + ((nint)i * targetWidth), grid, to);
    }

    private static int Opposite(int point) => point switch { 0 => 3, 3 => 0, _ => point };

    // Floats between points: with a power of two all 16 of a tile would meet in the same few lines of a cache.
    private static nint Apart(int band, int channels) => ((nint)band * channels) + Lanes.Count;

    // Products read up to 7 tiles beyond the last.
    private static long TilesOf(int channels) => (Points * Apart(BandOfSums, channels)) + (8 * channels);

    private int RunsOf(int maps) => ((maps * _tiles) + (BandsOfRun * BandOfSums) - 1) / (BandsOfRun * BandOfSums);

    private static IEnumerable<Tile> TilesOf(MapGrid grid)
    {
        for (var row = 0; row < grid.Height; row += 2)
        {
            for (var column = 0; column < grid.Width; column += 2)
                yield return new Tile(grid.First + (row * grid.Row) + column, row + 1 < grid.Height, column + 1 < grid.Width);
        }
    }

    private void Read(float* maps, int width, int channels, int first, int count, float* tiles, int band)
    {
        nint row = (nint)grid.Row * channels, apart = Apart(band, channels);
        var place = first % _tiles;
        var map = maps + ((nint)(first / _tiles) * width);
        for (var i = 0; i < count; i++, tiles += channels)
        {
            ref readonly var tile = ref _ofMap[place];
            // A tile that reaches beyond an odd edge meets zeros there twice, in place of what lies beyond.
            WinogradKernels.FromPixels(
                map + ((tile.First - grid.Row - 1) * (nint)channels), row, tile.HasBelow ? 3 * row : 2 * row, tile.HasBeside ? 3 * channels : 2 * channels, channels, tiles, apart);
            if (++place < _tiles) continue;
            place = 0;
            map += width;
        }
    }

    private void ReadGradients(float* maps, int first, int some, int count, float* gradients)
    {
        var (map, place) = (first / _tiles, first % _tiles);
        for (var i = 0; i < some; i++, gradients += count)
        {
            WinogradKernels.FromGradients(
                maps + ((nint)map * output.Width) + (_ofMap[place].First * (nint)_outputs), grid.Row * _outputs, _outputs, count, gradients, Apart(BandOfSums, count));
            if (++place < _tiles) continue;
            (place, map) = (0, map + 1);
        }
    }

    // Whole tiles of products: there is room for what a last one computes beyond the band.
    private static void Multiply(float* tiles, int inputs, float* packed, float* products, int outputs, int count)
    {
        for (var point = 0; point < Points; point++, tiles += Apart(Band, inputs), products += Apart(Band, outputs))
        {
            for (var j = 0; j < outputs;)
            {
                var width = Tiles.ColumnsOf(outputs - j);
                for (var i = 0; i < count; i += Tiles.Rows)
                {
                    Tiles.Compute(
                        Factor.Rows(tiles + ((nint)i * inputs), inputs), Tiles.Rows, packed, inputs, width, products + ((nint)i * outputs) + j, outputs, add: false, slope: 1);
                }

                packed += (nint)(inputs + 1) * width;
                j += width;
            }
        }
    }

    private void Write(float* products, int channels, int first, int count, float* maps, int width, float* bias, bool add, float* residual)
    {
        nint below = (nint)grid.Row * channels, apart = Apart(Band, channels), map = (nint)(first / _tiles) * width;
        var place = first % _tiles;
        for (var i = 0; i < count; i++, products += channels)
        {
            ref readonly var tile = ref _ofMap[place];
            for (var c = 0; c < channels; c += Lanes.Count)
            {
                WinogradKernels.ToPixels(products + c, apart, out var y00, out var y01, out var y10, out var y11);
                var more = bias == null ? Vector512<float>.Zero : Vector512.Load(bias + c);
                var at = map + (tile.First * (nint)channels) + c;
                Put(maps, residual, at, y00 + more, add);
                if (tile.HasBeside) Put(maps, residual, at + channels, y01 + more, add);
                if (tile.HasBelow) Put(maps, residual, at + below, y10 + more, add);
                if (tile.HasBelow && tile.HasBeside) Put(maps, residual, at + below + channels, y11 + more, add);
            }

            if (++place < _tiles) continue;
            place = 0;
            map += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* maps, float* residual, nint at, Vector512<float> value, bool add) =>
        Lanes.Put(maps + at, residual == null ? value : value + Vector512.Load(residual + at), add);

    // Position of a tile's first pixel, and whether the map has the others.
    private readonly record struct Tile(int First, bool HasBelow, bool HasBeside);
}
