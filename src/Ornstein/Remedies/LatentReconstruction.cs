using Ornstein.Tensors;
namespace Ornstein.Remedies;

/// <summary>
/// Latents that can be read back from what p makes of them: weight times the mean of |z_i - m_i(g_i(z_i))|^2 is added for every layer, where g_i is p's mean of
/// the layer below (of the data for z1), unsmoothed, and m_i is q's mean there. Where the composition of q and p is injective, so is p: it forgets no latent.
/// </summary>
/// <remarks>
/// The idea is that of the latent reconstruction loss of Song, Kim and Lee 2025, arXiv 2508.12530 ("inspired by mathematical properties of injective and composite
/// functions", abstract). Their formula was not at hand: that squares are summed over units, and a term for each layer, is ours.
/// </remarks>
/// <param name="Weight">Nats per squared unit of distance, above 0.</param>
public sealed record LatentReconstruction(double Weight) : IRemedy
{
    private const string Of = "latent reconstruction";

    /// <summary>How configurations write it.</summary>
    public static RemedyKind Kind { get; } = new("latent-reconstruction", text => new LatentReconstruction(text.Number()))
    {
        Form = "latent-reconstruction:WEIGHT", Value = "a number above 0",
    };

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written => new(Name, Weight);

    /// <inheritdoc/>
    public IReadOnlyList<ModelNeed> Needs => [new(ModelProperty.Markov, Of), new(ModelProperty.NetworksPerDatum, Of)];

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (!(Weight > 0 && double.IsFinite(Weight))) throw new OrnsteinException($"the weight of latent reconstruction is {Weight}; it must be above 0.");
    }

    /// <inheritdoc/>
    public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock)
    {
        ArgumentNullException.ThrowIfNull(terms);
        for (var layer = 0; layer < terms.Read.Samples.Count; layer++)
        {
            var z = terms.Read.Samples[layer];
            var again = terms.Read.Infer(layer, terms.Read.Generate(layer, z)).Mean;
            terms = terms.Plus((z - again).Squared().sum([-1L]).mean().Times(Weight));
        }

        return terms;
    }
}
