
namespace Ornstein.Results;

/// <summary>The harmonics of the functions between the layers of a run's models: the content of <c>spectrum.json</c>.</summary>
public sealed record SpectrumResult
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>How the data differ from those that the run was trained and tested on; null where they do not.</summary>
    public string? OtherData { get; init; }

    /// <summary>Latent sizes, z1 first.</summary>
    public required int[] Latents { get; init; }

    /// <summary>Number of held-out data that energies are averaged over.</summary>
    public required int MeasuredOn { get; init; }

    /// <summary>Evaluations of each function per datum.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Every rho and remedy with every function, mean over the seeds that did not diverge.</summary>
    public required SpectrumEntry[] Rhos { get; init; }

    /// <summary>Every model with every function.</summary>
    public required SpectrumEntry[] Members { get; init; }
}

/// <summary>The degree profile of one function between two layers, in one model or in the mean over seeds.</summary>
public sealed record SpectrumEntry
{
    /// <summary>Smoothing parameter in [0, 1] of the model; the top link's value where links differ (see <see cref="RhoPerLink"/>).</summary>
    public required double Rho { get; init; }

    /// <summary>Smoothing parameter of each link, lowest first, where links differ; otherwise null.</summary>
    public double[]? RhoPerLink { get; init; }

    /// <summary>What fights collapse in this model beside smoothing, as the command line writes it; null for nothing.</summary>
    public string? Remedy { get; init; }

    /// <summary>The model's seed, or the seeds of the mean.</summary>
    public required long[] Seeds { get; init; }

    /// <summary>Such as <c>mu_p(z1|z2)</c>, the mean of p(z1 | z2) as a function of z2.</summary>
    public required string Function { get; init; }

    /// <summary>Units that the function reads.</summary>
    public required int Units { get; init; }

    /// <summary>Outputs that energies are summed over.</summary>
    public required int Outputs { get; init; }

    /// <summary>Why numbers are null; null where there are all.</summary>
    public string? Reason { get; init; }

    /// <summary>The network as it is.</summary>
    public required SpectrumEnergies Raw { get; init; }

    /// <summary>The rho that this function is smoothed with: 1 where its network is not smoothed; null without <see cref="Smoothed"/>.</summary>
    public double? SmoothingRho { get; init; }

    /// <summary>
    /// The exactly smoothed function: degree-k energy times rho^(2k). Null where the reference measure is not the layer's own Gaussian.
    /// </summary>
    public SpectrumEnergies? Smoothed { get; init; }

    /// <summary>E |grad f|^2 = sum over k of k W_k.</summary>
    public required Estimate GradientEnergy { get; init; }

    /// <summary>Energy of odd degrees.</summary>
    public required Estimate OddEnergy { get; init; }

    /// <summary>Energy of even degrees from 2.</summary>
    public required Estimate EvenEnergy { get; init; }

    /// <summary>W_1 by Stein's identity alone; null in means over seeds.</summary>
    public Estimate? SteinW1 { get; init; }

    /// <summary>W_k by the Hermite kernel, unbiased but noisy in many dimensions; null in means over seeds.</summary>
    public Estimate[]? KernelEnergies { get; init; }

    /// <summary>Noise stability above |E f|^2; null in means over seeds.</summary>
    public StabilityPoint[]? Stability { get; init; }
}

/// <summary>Energies of a function of a Gaussian, in squared units of its outputs.</summary>
public sealed record SpectrumEnergies
{
    /// <summary>Total variance.</summary>
    public required Estimate Variance { get; init; }

    /// <summary>W_1, W_2, ...</summary>
    public required Estimate[] Energies { get; init; }

    /// <summary>Share of the variance above degree 1.</summary>
    public required Estimate ShareAboveDegreeOne { get; init; }
}
