using Ornstein.Experiments.Tables;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Tables;

public class PhaseWordsTests
{
    private const string CannotSay = "cannot say: the information is uncertain by 0.4 nats", Nothing = "no transition: nothing exceeds 0.005 nats";

    /// <summary>What was not seen because it could not be measured is not called nothing.</summary>
    [Theory]
    [InlineData(Nothing, Nothing, "the top layer tells nothing of the data at any rho tried")]
    [InlineData(Nothing, CannotSay, null)]
    [InlineData(CannotSay, Nothing, null)]
    [InlineData(CannotSay, null, "the top layer tells of the data in its widths up to rho 0.7; of its means one cannot say")]
    [InlineData(Nothing, null, "the top layer tells of the data in its widths up to rho 0.7, and at no rho tried in its means")]
    public void TopCode_OfWhatIsNotKnown_SaysNoMore(string means, string? widths, string? sentence) =>
        Assert.Equal(sentence, PhaseWords.TopCode(Fixtures.Phase() with { Codes = [Code(CodePart.Means, means), Code(CodePart.Widths, widths)] }));

    private static CodeTransition Code(CodePart part, string? reason) => new()
    {
        Layer = 3, Part = part, Reason = reason, Kind = reason is null ? TransitionKind.Continuous : null, Estimate = reason is null ? 0.7 : null,
        Low = reason is null ? 0.6 : null, High = reason is null ? 0.8 : null,
        States = [new(0.5, reason is null ? 2 : 0, 2, reason is null ? 0.1 : double.NaN), new(1, 0, 2, double.NaN)],
    };
}
