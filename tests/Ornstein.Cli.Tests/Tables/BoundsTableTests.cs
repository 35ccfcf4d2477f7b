using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Smoothing;

namespace Ornstein.Cli.Tests.Tables;

public class BoundsTableTests
{
    [Fact]
    public void Write_TwoSeeds_GivesMeanAndSampleDeviationOfEveryBound()
    {
        string[] lines = Written(Fixtures.Phase());
        Assert.Equal(
            ["rho", "objective", "|", "ELBO", "joint", "ELBO", "IW,", "k=8", "|", "joint", "ELBO", "IW,", "k=8"],
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        // SmoothedObjective -104.2 and -104.5, Elbo -111.3 and -111.6, the rest as in the fixture and 0.3 lower.
        Assert.Equal(
            ["0", "-104.3±0.2", "(no", "bound)", "|", "-111.4±0.2", "-110.4±0.2", "-107.3±0.2", "|", "-99.85±0.21", "-96.55±0.21"],
            lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("nats per datum, mean ± standard deviation over 2 seeds", lines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void Write_OneSeed_GivesTheStandardErrorOverDataWhereItWasMeasured()
    {
        string[] lines = Written(Fixtures.Phase(seeds: 1));
        Assert.Equal(
            ["0", "-104.2", "(no", "bound)", "|", "-111.3", "-110.2±0.8", "-107.1±0.8", "|", "-99.70±0.83", "-96.40±0.84"],
            lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("nats per datum, 1 seed; ±: standard error over data", lines);
    }

    [Fact]
    public void Write_AnyRho_MarksTheObjectiveBelowOneOnly() =>
        Assert.Equal(["0", "0.3", "0.5", "0.6", "0.7", "0.8", "0.9"], Unbounded(Fixtures.Phase(), RunSettings.ForPhase));

    [Fact]
    public void Write_RhoPerLink_MarksTheObjectiveWhereAnyLinkIsSmoothed()
    {
        MemberResult member = Fixtures.Member(1, 0, 3, 0.2);
        PhaseResult phase = Fixtures.Phase() with { Members = [member, member with { RhoPerLink = [0.5, 1] }] };
        Assert.Equal(["0.5:1"], Unbounded(phase, RunSettings.ForPhase));
    }

    /// <summary>p does not read q's Gaussian where it takes other coordinates, where it is not smoothed, or by one random draw.</summary>
    [Fact]
    public void Write_SmoothingThatDoesNotReadQ_MarksNothing()
    {
        PhaseResult phase = Fixtures.Phase();
        RunSettings settings = RunSettings.ForPhase;
        Assert.Empty(Unbounded(phase, settings with { Measure = ReferenceMeasure.Standard }));
        Assert.Empty(Unbounded(phase, settings with { Smooth = SmoothChoice.Q }));
        Assert.Empty(Unbounded(phase, settings with { Draws = 1 }));
        Assert.NotEmpty(Unbounded(phase, settings with { Draws = 1, Sampler = SmoothingSampler.GaussHermite }));
        Assert.Empty(Unbounded(Fixtures.Phase(layers: 1), settings));
    }

    [Fact]
    public void Write_DivergedMembers_AreLeftOutAndAloneAreDashes()
    {
        PhaseResult phase = Fixtures.Phase();
        string[] lines = Written(phase with { Members = [phase.Members[0], Fixtures.Diverged(0, 1, 3), Fixtures.Diverged(0.5, 0, 3)] });
        Assert.Contains(" -110.2 ", lines[1]);
        Assert.Equal(
            ["0.5", "-", "(no", "bound)", "|", "-", "-", "-", "|", "-", "-"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([""], Written(phase with { Members = [Fixtures.Diverged(0, 1, 3)] }));
    }

    private static IEnumerable<string> Unbounded(PhaseResult result, RunSettings settings) =>
        Written(result, settings).Where(line => line.Contains("(no bound)", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]);

    private static string[] Written(PhaseResult result, RunSettings? settings = null)
    {
        using var output = new StringWriter();
        BoundsTable.Write(result, settings ?? RunSettings.ForPhase, output);
        return output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
