using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ornstein.Experiments.Settings;

/// <summary>The widest vector instructions that the kernels use here: those that .NET makes of them, which DOTNET_EnableAVX512=0 takes away.</summary>
internal static class VectorInstructions
{
    /// <summary>Those for which the kernels were made.</summary>
    public const string Widest = "AVX-512";

    /// <summary>Their name.</summary>
    public static string Name => Vector512.IsHardwareAccelerated ? Widest
        : Avx2.IsSupported ? "AVX2"
        : Vector128.IsHardwareAccelerated ? "vectors of 128 bits" : "no vectors";
}
