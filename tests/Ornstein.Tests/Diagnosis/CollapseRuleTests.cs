using Ornstein.Diagnosis;
using Ornstein.Results;

namespace Ornstein.Tests.Diagnosis;

public class CollapseRuleTests
{
    [Theory]
    [InlineData(0.049, 0.01, 0.009, LayerVerdict.Collapsed)]
    [InlineData(0.051, 0.009, 0.009, LayerVerdict.PartlyCollapsed)] // a KL that no unit's mean explains
    [InlineData(0.049, 0.011, 0.011, LayerVerdict.PartlyCollapsed)]
    [InlineData(0.051, 0.011, 0.009, LayerVerdict.PartlyCollapsed)]
    [InlineData(0.05, 0.011, 0.011, LayerVerdict.Active)]
    public void Judge_KlAndUnits_GiveTheVerdict(double kl, double first, double second, LayerVerdict expected) =>
        Assert.Equal(expected, new CollapseRule().Judge(kl, [first, second]));
}
