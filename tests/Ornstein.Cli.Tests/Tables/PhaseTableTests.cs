using Ornstein.Cli.Tables;
using Ornstein.Experiments.Tables;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Tables;

public class PhaseTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Write_Piped_IsPlainCompleteAndAtMost100Columns(int layers)
    {
        string text = Written(Fixtures.Phase(layers));
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('…', text);
        string[] lines = text.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.All(Enumerable.Range(1, layers), i => Assert.Contains($"KL z{i}", text));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(200)]
    public void Write_OnAScreen_FitsIt(int columns)
    {
        using var output = new StringWriter();
        using var screen = new ScreenWriter(output, columns);
        PhaseTable.Write(Fixtures.Phase(), "runs/x", screen, styled: false);
        var text = output.ToString();
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= columns, line));
        Assert.All(Enumerable.Range(1, 3), i => Assert.Contains($"KL z{i}", text));
        Assert.Equal(columns == 200, text.Split('\n').Any(line => line.Contains("ELBO", StringComparison.Ordinal) && line.Contains("KL z1", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_TwoSeeds_GivesMeanAndSampleDeviation()
    {
        string text = Written(Fixtures.Phase());
        Assert.Contains("-104.3±0.2", text); // -104.2 and -104.5
        Assert.Contains("0.943±0.121", text); // 0.857 and 1.0284
        Assert.Contains("31.5 15.5 7.5", text);
        Assert.Contains("critical rho 0.764 (between 0.7 and 0.8): the top layer's KL falls from 0.410 to 0.003 nats", text);
        Assert.Contains("run folder: runs/x", text);
        Assert.Contains("over 2 seeds, nats per datum, on 1,000 held-out data of digits", text);
    }

    [Fact]
    public void Write_OneSeed_GivesTheValuesAlone()
    {
        string text = Written(Fixtures.Phase(seeds: 1));
        Assert.Contains(" -104.2 ", text);
        Assert.DoesNotContain('±', text);
        Assert.Contains("\n1 seed, nats per datum, on 1,000", text);
    }

    [Fact]
    public void Write_InformationWhoseBoundsAreFarApart_GivesTheRange()
    {
        PhaseResult phase = Fixtures.Phase(seeds: 1);
        static Estimate[] Top(double value, double error) => [new(9, 0.1), new(2, 0.1), new(value, error)];
        string text = Written(phase with
        {
            Members =
            [
                .. phase.Members.Select(member => member with
                {
                    Information = Top(33.68, 26.77), MeanInformation = Top(33.39, 4), WidthInformation = Top(0.34, 37.66),
                    Verdicts = [LayerVerdict.AliveInMeans, LayerVerdict.AliveInMeans, LayerVerdict.AliveInMeans],
                }),
            ],
        });
        Assert.Contains("6.9 to 60.5", text);
        Assert.Contains(" 33.39 ", text);
        Assert.Contains("0.0 to 38.0", text);
        Assert.Contains("a range: of all seeds, with the errors of measuring", text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Write_SeedsThatDifferAndAreUncertain_GivesTheRangeOfBoth()
    {
        PhaseResult phase = Fixtures.Phase();
        Estimate[] Top(MemberResult member, double other) => [new(9, 0.1), new(2, 0.1), new(member.Seed == 0 ? other : 30, 4)];
        string text = Written(phase with
        {
            Members =
            [
                .. phase.Members.Select(member => member with
                {
                    Information = Top(member, 1), MeanInformation = Top(member, 20), WidthInformation = Top(member, -0.3),
                    Verdicts = [LayerVerdict.AliveInMeans, LayerVerdict.AliveInMeans, LayerVerdict.AliveInMeans],
                }),
            ],
        });
        Assert.Contains(" 0.0 to 34.0 ", text); // 1 - 4 is less than nothing
        Assert.Contains("25.00±7.07", text); // 4 is less than a fifth of 25
        Assert.Contains("-0.3 to 34.0", text);
    }

    [Fact]
    public void Write_WithVerdicts_SaysHowTheTopLayerIsAliveAndWhereSeedsDiffer()
    {
        PhaseResult phase = Fixtures.Phase();
        static Estimate[] Top(double value) => [new(9, 0.1), new(2, 0.1), new(value, 0.001)];
        MemberResult With(MemberResult member) => member with
        {
            Information = Top(0.08), MeanInformation = Top(0.002), WidthInformation = Top(0.078),
            Verdicts = [LayerVerdict.Both, LayerVerdict.AliveInMeans, member.Rho == 0 && member.Seed == 1 ? LayerVerdict.Noise : LayerVerdict.AliveInWidths],
        };
        string text = Written(phase with { Members = [.. phase.Members.Select(With)] });
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Matches(@"\n +rho +I\(x; z3\) +in means +in widths +verdict z3", text);
        Assert.Matches(@"0\.080±0\.000 +0\.002±0\.000 +0\.078±0\.000 +alive in widths", text);
        Assert.Contains("1 alive in widths, 1 noise", text);
        Assert.DoesNotContain("I(x;", Written(phase)); // results of earlier versions
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Write_OneRho_SaysNothingOfCriticalRhos(int remedies)
    {
        MemberResult member = Fixtures.Member(0.7, 0, 3, 0.2);
        LayerCollapse[] layers = [new() { Layer = 2, Reason = "cannot say: one rho" }, new() { Layer = 3, Reason = "cannot say: one rho" }];
        PhaseResult phase = Fixtures.Phase(critical: false) with
        {
            Members = remedies == 1 ? [member] : [member, member with { Remedy = "warm-up:20" }], Reason = "cannot say: there is one rho", Layers = layers,
        };
        string text = Written(phase);
        Assert.DoesNotContain("critical", text);
        Assert.DoesNotContain("cannot say", text);
        Assert.EndsWith("unsmoothed model\n\nrun folder: runs/x\n", text);
    }

    [Fact]
    public void Write_ControlCharactersInNames_AreEscaped()
    {
        using var output = new StringWriter();
        PhaseTable.Write(Fixtures.Phase(data: "a\u001b[31mb"), "runs/\u001b]0;x\u0007", output, styled: false);
        Assert.Contains("held-out data of a\\x1b[31mb", output.ToString());
        Assert.Contains("run folder: runs/\\x1b]0;x\\x07", output.ToString());
        Assert.DoesNotContain('\u001b', output.ToString());
    }

    [Fact]
    public void Write_DivergedMember_IsNamedAndLeftOut()
    {
        PhaseResult phase = Fixtures.Phase();
        string text = Written(phase with { Members = [phase.Members[0], Fixtures.Diverged(0, 1, 3), Fixtures.Diverged(0.5, 0, 3)] });
        Assert.Contains("rho 0, seed 1: diverged at step 812; left out", text);
        Assert.Contains(" -104.2 ", text);
        Assert.DoesNotContain("NaN", text);
    }

    [Fact]
    public void Write_NoCriticalRho_SaysWhy() =>
        Assert.Contains("no critical rho (the top layer is active at every rho)", Written(Fixtures.Phase(critical: false)));

    [Fact]
    public void Of_RhoPerLink_IsARowOfItsOwn()
    {
        MemberResult member = Fixtures.Member(0.8, 0, 3, 0.2);
        PhaseResult phase = Fixtures.Phase() with { Members = [member, member with { RhoPerLink = [0.5, 0.8] }] };
        Assert.Equal(["0.8", "0.5:0.8"], RhoSummary.Of(phase).Select(r => r.Label));
    }

    private static string Written(PhaseResult result)
    {
        using var output = new StringWriter();
        PhaseTable.Write(result, "runs/x", output, styled: false);
        return output.ToString();
    }
}
