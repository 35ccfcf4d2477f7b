using System.Runtime.InteropServices;

namespace Ornstein.Results;

/// <summary>One point of a noise stability curve.</summary>
/// <param name="Rho">Correlation in [-1, 1].</param>
/// <param name="Value">Stab_rho - |E f|^2 = sum over k >= 1 of rho^k W_k.</param>
/// <param name="StandardError">Its standard error.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StabilityPoint(double Rho, double Value, double StandardError);
