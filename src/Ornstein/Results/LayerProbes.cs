namespace Ornstein.Results;

/// <summary>
/// Share of held-out data whose label is read correctly from samples of a layer, in [0, 1], with the binomial standard error over the
/// held-out data, NaN for a single one.
/// </summary>
/// <param name="NearestNeighbours">By the vote of the nearest training data.</param>
/// <param name="Linear">By ridge regression, one class against all.</param>
public sealed record LayerProbes(Estimate NearestNeighbours, Estimate Linear);
