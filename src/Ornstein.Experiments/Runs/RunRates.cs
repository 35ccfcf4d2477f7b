namespace Ornstein.Experiments.Runs;

/// <summary>
/// How long the parts of a run take, as a probe of its own configuration measured them. Runs of one kind, which differ in lengths alone, share them.
/// </summary>
/// <param name="Steps">Training steps that were timed.</param>
/// <param name="Step">Seconds of a training step of the whole stack that updates the encoder once.</param>
/// <param name="CurveRow">Seconds of the curves for one validation datum, all members.</param>
/// <param name="RowDraw">Seconds of the measurement for one test datum and one draw, all members.</param>
/// <param name="RowSample">Seconds of the importance-weighted bounds for one test datum and one sample, all members.</param>
/// <param name="InformationStart">Seconds of the mutual information of all members however few its data.</param>
/// <param name="InformationRow">Further seconds of it for each of its data.</param>
/// <param name="Memory">The memory that it took.</param>
internal sealed record RunRates(
    int Steps, double Step, double CurveRow, double RowDraw, double RowSample, double InformationStart, double InformationRow, ProbeMemory Memory);
