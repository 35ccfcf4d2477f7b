namespace Ornstein.Experiments.Settings;

public sealed partial record RunSettings
{
    // Both branches are compared at one rho each, with models that differ in their start alone.
    private void ValidateBranches()
    {
        if (Branches == BranchChoice.None) return;
        if (Latents.Length == 1) throw Against("takes a top layer from rho to rho, and a single layer has no rho", "give two --latents or more");
        foreach (var entry in Rho.Where(entry => !entry.IsUniform))
            throw Against($"takes a top layer from rho to rho, and --rho {entry} has several", "give one number per --rho");
        if (Rho.All(rho => rho == 1)) throw Against("begins alive at the lowest --rho, and 1 is the only one, where it begins collapsed", "give a rho below 1 as well");
        if (Refine > 0) throw Against("trains every --rho from two sides, and --refine adds others", "leave one of the two out");
        if (StartFrom is not null) throw Against("trains what it begins with, and --start-from brings another beginning", "leave one of the two out");
        if (HasSeveralRemedies()) throw Against("compares models that differ in their beginning alone, and --remedy has several", "give a single one");
        var remedy = Remedy[0].Remedy;
        var moves = remedy.MovesRho(Latents.Length - 1) ? "whose rho moves" : remedy.MovesKlWeights(Latents.Length) ? "whose KL weight moves"
            : remedy.MovesAllowances(Latents.Length) ? "whose free bits move" : null;
        if (moves is not null) throw Against($"asks whether a state stays at one rho, and --remedy {Remedy[0]} is one {moves} while it trains", "leave it out");
    }

    private static OrnsteinException Against(string what, string instead) => UsageError.Because($"--branches both {what}; {instead}");
}
