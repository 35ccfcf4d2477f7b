using System.Runtime.InteropServices;

namespace Ornstein.Harmonics;

/// <summary>An estimate with its standard error; NaN where there is none.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>No estimate.</summary>
    public static Estimate None { get; } = new(double.NaN, double.NaN);
}

/// <summary>One point of a noise stability curve.</summary>
/// <param name="Rho">Correlation in [-1, 1].</param>
/// <param name="Value">Stab_rho - |E f|^2 = sum over k >= 1 of rho^k W_k.</param>
/// <param name="StandardError">Its standard error.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StabilityPoint(double Rho, double Value, double StandardError);
