using Ornstein.Data;
using Ornstein.Harmonics;
using Ornstein.Randomness;

namespace Ornstein.Tests.Randomness;

public class RandomGroupsTests
{
    [Theory]
    [InlineData(2000, 20)]
    [InlineData(7, 3)]
    [InlineData(3, 3)]
    [InlineData(5, 1)]
    public void Of_AnyNumber_HasGroupsOfEqualSize(int count, int groups)
    {
        var sizes = RandomGroups.Of(RandomKey.FromSeed(1), count, groups).CountBy(group => group).ToDictionary();
        Assert.Equal(Enumerable.Range(0, groups), sizes.Keys.Order());
        Assert.InRange(sizes.Values.Max() - sizes.Values.Min(), 0, 1);
    }

    /// <summary>
    /// Data that are brought into the order that goes round ten classes in turn: by place every group of twenty would be of one class. At random the share of a class in a group of 100
    /// has a standard deviation of 0.03; five of them are allowed to 200 shares.
    /// </summary>
    [Fact]
    public void Of_DataInTheOrderOfClasses_HoldEveryClassInEveryGroup()
    {
        const int Count = 2000, Classes = 10, Groups = 20;
        int[] labels = [.. Enumerable.Range(0, Count).Select(i => i / (Count / Classes))];
        int[] mixed = [.. ClassOrder.Of(Count, labels).Select(row => labels[row])];
        Assert.All(Enumerable.Range(0, Groups), group => Assert.Single(mixed.Where((_, i) => i % Groups == group).Distinct())); // what went wrong
        var groups = RandomGroups.Of(RandomKey.FromSeed(1), Count, Groups);
        foreach (var (group, here) in groups.Zip(mixed).GroupBy(pair => pair.First).Select(group => (group.Key, group.Select(pair => pair.Second).ToArray())))
        {
            foreach (var label in Enumerable.Range(0, Classes)) Assert.InRange(here.Count(own => own == label) / (double)here.Length, 0, 0.1 + (5 * 0.03));
            Assert.Equal(Classes, here.Distinct().Count());
            Assert.InRange(group, 0, Groups - 1);
        }
    }

    /// <summary>
    /// The squared jackknife error of a mean of 2,000 independent numbers is s^2 / n on average over groupings: 20 groups tell it to sqrt(2 / 19) = 0.32 of itself, and 200 groupings of the
    /// same numbers to 0.023.
    /// </summary>
    [Fact]
    public void Of_IndependentNumbers_GivesTheJackknifeTheirError()
    {
        const int Count = 2000, Groups = 20, Keys = 200;
        using var drawn = RandomKey.FromSeed(3).Normal(1, Count);
        var values = drawn.data<float>().ToArray();
        var variance = values.Select(value => Math.Pow(value - values.Average(), 2)).Sum() / (Count - 1) / Count;
        var ratio = Enumerable.Range(0, Keys).Average(key =>
        {
            var groups = RandomGroups.Of(RandomKey.FromSeed(7).At("signal shares").At(key), Count, Groups);
            double[] without = [.. Enumerable.Range(0, Groups).Select(group => values.Where((_, i) => groups[i] != group).Average(value => (double)value)), values.Average(value => (double)value)];
            return Math.Pow(Jackknife.Of(without).StandardError, 2) / variance;
        });
        Assert.Equal(1, ratio, 4 * 0.023);
    }
}
