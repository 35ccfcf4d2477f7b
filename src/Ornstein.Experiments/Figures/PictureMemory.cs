using System.Globalization;

namespace Ornstein.Experiments.Figures;

/// <summary>What Skia makes of nothing where it gets no memory: it returns null, and says no more.</summary>
internal static class PictureMemory
{
    /// <summary>What was made.</summary>
    /// <param name="made">A surface, an image or its bytes; null where there was no memory for it.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <exception cref="OrnsteinException">It was not made.</exception>
    public static T Require<T>(T? made, int width, int height)
        where T : class =>
        made ?? throw new OrnsteinException(string.Create(CultureInfo.InvariantCulture, $"not enough memory: a picture of {width} x {height} pixels does not fit."));
}
