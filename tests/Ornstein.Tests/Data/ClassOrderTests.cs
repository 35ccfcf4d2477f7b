using CsCheck;
using Ornstein.Data;

namespace Ornstein.Tests.Data;

public sealed class ClassOrderTests
{
    // A class of n_c rows lies at the places (i + offset) / n_c of the unit interval, and so do all others: of the first m rows those of the class are
    // within 1 of n_c times the place where the stretch ends, and that place is within K / n of m / n for K classes.
    [Fact]
    public void Of_AnyClasses_GivesEveryStretchFromEitherEndItsShare() => Gen.Int[1, 40].Array[1, 12].Sample(
        sizes =>
        {
            int[] labels = [.. sizes.Select((size, label) => (size, label)).SelectMany(part => Enumerable.Repeat(part.label, part.size))];
            var order = ClassOrder.Of(labels.Length, labels);
            Assert.Equal(Enumerable.Range(0, labels.Length), order.Order());
            foreach (var direction in new[] { order, [.. order.Reverse()] })
            {
                for (var stretch = 0; stretch <= labels.Length; stretch++)
                {
                    foreach (var (label, size) in sizes.Index())
                    {
                        var share = (double)stretch * size / labels.Length;
                        var found = direction.Take(stretch).Count(row => labels[row] == label);
                        Assert.True(Math.Abs(found - share) <= 1 + ((double)size * sizes.Length / labels.Length), $"{found} of class {label} in {stretch}, not {share}");
                    }
                }
            }
        },
        iter: 100);

    [Fact]
    public void Of_TenEqualClasses_AnyTenthFromTheEndHoldsEach()
    {
        int[] labels = [.. Enumerable.Range(0, 400).Select(row => row / 40)];
        var order = ClassOrder.Of(400, labels);
        Assert.All(order[^40..].CountBy(row => labels[row]), pair => Assert.InRange(pair.Value, 3, 5));
        Assert.Equal(10, order[..36].Select(row => labels[row]).Distinct().Count());
    }

    [Fact]
    public void Of_NoLabels_IsAFixedShuffle()
    {
        var order = ClassOrder.Of(100, null);
        Assert.Equal(Enumerable.Range(0, 100), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 100), order);
        Assert.Equal(order, ClassOrder.Of(100, null));
    }

    [Theory]
    [InlineData(new[] { 0, 0, 1, 1, 2 }, true)]
    [InlineData(new[] { 0, 1, 0 }, false)]
    [InlineData(new[] { 9, 9, 5, 0, 0 }, true)]
    [InlineData(new[] { 3, 3, 3, 1, 1, 1, 2, 2, 2 }, true)]
    [InlineData(new[] { 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1 }, true)]
    [InlineData(new[] { 0, 1, 1, 0, 1, 0, 0, 1 }, false)]
    [InlineData(new[] { 3, 3, 3 }, false)]
    [InlineData(new[] { 3 }, false)]
    public void IsSorted_Labels_TellsClassByClass(int[] labels, bool expected) => Assert.Equal(expected, ClassOrder.IsSorted(labels));
}
