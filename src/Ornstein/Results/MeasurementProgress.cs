using System.Runtime.InteropServices;

namespace Ornstein.Results;

/// <summary>How far a measurement is, of which each part takes its own time.</summary>
/// <param name="Part">What is measured now, such as <c>KLs</c>.</param>
/// <param name="Share">How much of that part is done, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MeasurementProgress(string Part, double Share);
