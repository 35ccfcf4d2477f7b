namespace Ornstein.Kill;

/// <summary>The seed of a case.</summary>
internal static class Seeds
{
    /// <summary>Made of the campaign's and the case's number; System.HashCode is another in every process.</summary>
    public static int Of(int seed, int number) => unchecked((int)(((ulong)(uint)seed * 0x9E3779B97F4A7C15) + ((ulong)(uint)number * 0xC2B2AE3D27D4EB4F) >> 16));
}
