using Ornstein.Remedies;

namespace Ornstein.Tests.Remedies;

/// <summary>Remedies together, and by their names.</summary>
public class RemedyTests
{
    [Fact]
    public void Parts_InWhateverOrderTheyAreGiven_AreInOneOrder()
    {
        var remedy = Remedy.Of(new OwnWarmUp(1), new Capacity(2), new KlBeta([0.5]), new KlWarmUp());
        Assert.Equal(["warm-up", "beta", "capacity", "own-warm-up"], remedy.Parts.Select(part => part.Name));
        Assert.Equal(remedy, new Remedy { Beta = [0.5], WarmUp = new KlWarmUp() }.With(new Capacity(2), new OwnWarmUp(1)));
        Assert.NotEqual(remedy, Remedy.Of(new OwnWarmUp(1), new Capacity(3), new KlBeta([0.5]), new KlWarmUp()));
        Assert.Equal(["capacity", "own-warm-up"], (remedy with { WarmUp = null, Beta = [1] }).Parts.Select(part => part.Name));
    }

    [Fact]
    public void KlWeight_OfSeveral_IsTheProduct() => Assert.Equal(
        0.5 * 0.25 * 0.3, new Remedy { Beta = [1, 0.5], WarmUp = new KlWarmUp { Epochs = 2 } }.With(new OwnWarmUp(5 / 3.0)).KlWeight(1, new(5, 10, 20)), 12);

    [Fact]
    public void Rho_OfSeveral_GoesFromOneToTheNext()
    {
        var remedy = new Remedy { Annealing = new RhoAnnealing { Until = 1 } }.With(new Dip(0.2));
        Assert.Equal([0.6, 0.2, 0.9], new[] { 20, 50, 80 }.Select(done => Math.Round(remedy.Rho(0.5, 0, 1, new(done, 10, 100)), 12)));
        Assert.True(Remedy.Of(new Dip(0.2)).MaySmooth(1, 0, 1));
        Assert.False(Remedy.Of(new Dip(1)).MaySmooth(1, 0, 1));
        Assert.False(Remedy.Of(new OwnWarmUp(1)).MovesRho(3));
    }

    [Fact]
    public void Validate_TwoOfOneRole_NamesBoth()
    {
        Assert.Equal("warm-up and cyclic are both a warm-up of the KLs; give one of them.", Mistake(new KlWarmUp { Shape = WarmUpShape.Cyclic }, new KlWarmUp()));
        Assert.Equal("capacity is there twice; give it once.", Mistake(new Capacity(1), new Capacity(2)));
    }

    [Fact]
    public void Validate_AValueOutOfRange_IsRefusedByThePart() => Assert.Equal("the capacity is -1 nats; it must be at least 0.", Mistake(new Capacity(-1)));

    [Fact]
    public void Validate_TheDoublyReparameterizedGradientBesideOwn_AsksForTheBoundItself()
    {
        var doubly = new ImportanceObjective { Gradient = ImportanceGradient.DoublyReparameterized };
        Assert.Equal("the doubly reparameterized gradient is that of the bound itself; leave out beta and capacity.", Mistake(doubly, new KlBeta([2]), new Capacity(1)));
        Remedy.Of(doubly, new Dip(0.5)).Validate(3);
    }

    [Fact]
    public void Register_ARemedyOfOnesOwn_IsKnownByItsName()
    {
        Assert.Contains("One of your own is known after Remedy.Register(", Assert.Throws<OrnsteinException>(() => Remedy.Named("capacity-of-tests")).Message);
        var kind = Capacity.Kind with { Name = "capacity-of-tests" };
        Remedy.Register(kind);
        Remedy.Register(kind);
        Assert.Same(kind, Remedy.Named("capacity-of-tests"));
        Assert.Contains("capacity-of-tests", Remedy.Names);
        Assert.Equal("there is a remedy 'capacity-of-tests' already; give another name.", Mistaken(kind with { Value = "another" }));
        Assert.Equal("there is a remedy 'beta' already; give another name.", Mistaken(kind with { Name = "beta" }));
        Assert.StartsWith("a remedy is named 'My Capacity'; a name has lower-case letters", Mistaken(kind with { Name = "My Capacity" }));
        Assert.StartsWith("a remedy is named 'none'; ", Mistaken(kind with { Name = "none" }));
    }

    [Fact]
    public void Named_ANameOfEarlierVersions_IsTheSameKind()
    {
        Assert.Same(CommittedRate.Kind, Remedy.Named("min-rate"));
        Assert.DoesNotContain("min-rate", Remedy.Names);
        Assert.Equal("there is a remedy 'min-rate' already; give another name.", Mistaken(Capacity.Kind with { Name = "min-rate" }));
    }

    [Theory]
    [InlineData("min-rate:0.1", "committed-rate:0.1")]
    [InlineData("cyclic:4+min-rate:0.1+aggressive:5", "cyclic:4+committed-rate:0.1+aggressive:5")]
    [InlineData("never-registered+own-min-rate:1:by=min-rate", "never-registered+own-min-rate:1:by=min-rate")]
    [InlineData(null, null)]
    public void Current_NameInResults_IsTheOneOfNow(string? written, string? now) => Assert.Equal(now, RemedyName.Current(written));

    [Fact]
    public void Register_ARemedyWithoutValues_IsThatRemedy()
    {
        Remedy.Register(new ReadsAll());
        Remedy.Register(new ReadsAll());
        Assert.Equal(new ReadsAll(), Remedy.Named("reads-all").Only);
    }

    [Fact]
    public void Form_OfAKind_IsMadeOfItsValueAndKeysUnlessItIsGiven()
    {
        Assert.Equal("capacity:VALUE", Capacity.Kind.Form);
        Assert.Equal("capacity:VALUE[:per=...][:until=...]", (Capacity.Kind with { Keys = ["per", "until"] }).Form);
        Assert.Equal("warm-up:EPOCHS", KlWarmUp.LinearKind.Form);
    }

    [Fact]
    public void ToString_OfAWrittenRemedy_LeavesDefaultsOut()
    {
        Assert.Equal("a:0.5/1:x=up", new WrittenRemedy("a", [0.5, 1]).With("x", "up").With("y", null).With("z", 3, standard: 3).ToString());
        Assert.Equal("a:1E22", new WrittenRemedy("a", 1e22).ToString()); // a plus would join remedies
        Assert.Equal("a", new WrittenRemedy("a").ToString());
    }

    /// <summary>Free bits act on the layers whose KLs have a weight; only where none has one do they change nothing.</summary>
    [Fact]
    public void Validate_FreeBitsBesideLayersWithoutWeight_AreRefusedWhereNoLayerHasOne()
    {
        Remedy.Of(new KlBeta([0, 1, 1]), new FreeBits { Nats = 0.5 }).Validate(3);
        Assert.Contains("make no sense", Mistake(new KlBeta([0, 0, 0]), new FreeBits { Nats = 0.5 }), StringComparison.Ordinal);
    }

    private static string Mistake(params IRemedy[] parts) => Assert.Throws<OrnsteinException>(() => Remedy.Of(parts).Validate(3)).Message;

    private static string Mistaken(RemedyKind kind) => Assert.Throws<OrnsteinException>(() => Remedy.Register(kind)).Message;
}
