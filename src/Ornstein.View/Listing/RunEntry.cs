namespace Ornstein.View.Listing;

/// <summary>A line of the list of runs.</summary>
internal sealed record RunEntry
{
    /// <summary>Its folder below the one that is shown, with slashes; <c>.</c> for that one itself.</summary>
    public required string Id { get; init; }

    public required RunState State { get; init; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Trouble { get; init; }

    /// <summary>The study whose cell it is, by the same kind of name; null for none.</summary>
    public string? Study { get; init; }

    /// <summary>When something was last written to it.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>Seconds since then, by the clock of the server when it answers.</summary>
    public double Age { get; init; }

    /// <summary>Rounds of refinement that have begun.</summary>
    public int Rounds { get; init; }

    /// <summary>Whether it is a run of two branches, whose stacks are runs of their own below it.</summary>
    public bool IsOfBranches { get; init; }

    public string Data { get; init; } = "";

    /// <summary>Latent sizes, z1 first, such as <c>32,16,8</c>.</summary>
    public string Latents { get; init; } = "";

    /// <summary>Rhos that were asked for, such as <c>0, 0.5, 1</c>.</summary>
    public string Rho { get; init; } = "";

    public int Models { get; init; }

    /// <summary>Epochs that are done.</summary>
    public int Epochs { get; init; }

    public int OfEpochs { get; init; }

    /// <summary>The largest of the models' ELBOs, nats per datum; null where there are no results.</summary>
    public double? Elbo { get; init; }

    /// <summary>The largest of the models' KLs of the top layer, nats per datum; of the last epoch where there are no results.</summary>
    public double? TopKl { get; init; }

    /// <summary>The largest of the models' informations of the top layer, nats; null where none was measured.</summary>
    public double? TopInformation { get; init; }

    /// <summary>Where the top layer's KL ends; null where that is not known.</summary>
    public double? CriticalRho { get; init; }
}
