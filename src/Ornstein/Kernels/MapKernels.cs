namespace Ornstein.Kernels;

/// <summary>Moves maps between rows of numbers, [channels, height, width], and their grids (<see cref="MapGrid"/>), where channels are side by side.</summary>
internal static unsafe class MapKernels
{
    /// <summary>Writes zeros wherever a grid has no pixel.</summary>
    public static void ClearEdges(float* map, MapGrid grid, int channels)
    {
        new Span<float>(map, grid.First * channels).Clear();
        for (var row = 1; row < grid.Height; row++) new Span<float>(map + ((grid.First + (row * (nint)grid.Row) - 1) * channels), channels).Clear();
        new Span<float>(map + ((grid.First + (nint)grid.Span) * channels), (grid.Positions - grid.First - grid.Span) * channels).Clear();
    }

    /// <summary>Lays numbers out on a grid; its edges become zero.</summary>
    /// <param name="numbers">[channels, height, width].</param>
    /// <param name="map">The grid.</param>
    /// <param name="grid">Its form.</param>
    /// <param name="channels">Channels of <paramref name="numbers"/>.</param>
    public static void Spread(float* numbers, float* map, MapGrid grid, int channels)
    {
        ClearEdges(map, grid, channels);
        Spread(numbers, map, grid, channels, channels);
    }

    /// <summary>Lays numbers out on some channels of a grid; all else stays.</summary>
    /// <param name="numbers">[channels, height, width].</param>
    /// <param name="map">The grid, from the first of these channels on.</param>
    /// <param name="grid">Its form.</param>
    /// <param name="channels">Channels of <paramref name="numbers"/>.</param>
    /// <param name="stride">Channels of the grid.</param>
    public static void Spread(float* numbers, float* map, MapGrid grid, int channels, int stride)
    {
        for (var row = 0; row < grid.Height; row++)
        {
            var target = map + ((grid.First + ((nint)row * grid.Row)) * stride);
            for (var column = 0; column < grid.Width; column++, target += stride)
            {
                var source = numbers + ((nint)row * grid.Width) + column;
                for (var channel = 0; channel < channels; channel++) target[channel] = source[(nint)channel * grid.Height * grid.Width];
            }
        }
    }

    /// <summary>Reads numbers off some channels of a grid.</summary>
    /// <param name="map">The grid, from the first of these channels on.</param>
    /// <param name="numbers">Receives [channels, height, width].</param>
    /// <param name="grid">Form of the grid.</param>
    /// <param name="channels">Channels of <paramref name="numbers"/>.</param>
    /// <param name="stride">Channels of the grid.</param>
    /// <param name="add">Whether they are added to what is there.</param>
    public static void Gather(float* map, float* numbers, MapGrid grid, int channels, int stride, bool add)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            for (var row = 0; row < grid.Height; row++)
            {
                var source = map + ((grid.First + ((nint)row * grid.Row)) * stride) + channel;
                for (var column = 0; column < grid.Width; column++, source += stride, numbers++) *numbers = add ? *numbers + *source : *source;
            }
        }
    }
}
