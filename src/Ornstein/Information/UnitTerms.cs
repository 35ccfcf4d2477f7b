namespace Ornstein.Information;

/// <summary>What each datum adds to the information of one unit, nats, [data].</summary>
/// <param name="Information">By quadrature.</param>
/// <param name="LowerAtPoint">log q(z_j | x) / q(z_j) at the datum's point, by draws that do not know it.</param>
/// <param name="UpperAtPoint">The same with the Gaussian that drew the point among the draws.</param>
/// <param name="ShareTooNarrow">Share of the unit's Gaussians that are narrower than the grid's step where they lie.</param>
/// <param name="Doubt">By how much half of the draws would have given less, mean over the data: what finitely many draws may have left, all data together; 0 with fewer than four.</param>
internal sealed record UnitTerms(double[] Information, double[] LowerAtPoint, double[] UpperAtPoint, double ShareTooNarrow, double Doubt);
