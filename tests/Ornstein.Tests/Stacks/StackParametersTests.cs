using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Remedies;
using Ornstein.Stacks;

namespace Ornstein.Tests.Stacks;

public class StackParametersTests
{
    [Fact]
    public void TakeMember_OfAnotherStack_TakesEveryValueAndLeavesTheOtherMembers()
    {
        using var source = new TinyStack([new Member(0.2, 3), new Member(0.2, 4)]);
        source.Train();
        using var stack = new TinyStack([new Member(0.5, 4), new Member(1, 3) { Remedy = new Remedy { Beta = [2] } }, new Member(1, 4)]);
        var (taken, left) = (source.ValuesOf(1), stack.ValuesOf(1));
        stack.Vae.Parameters.TakeMember(0, source.Vae.Parameters, 1);
        stack.Vae.Parameters.TakeMember(2, source.Vae.Parameters, 1);
        Assert.Equal(taken, stack.ValuesOf(0));
        Assert.Equal(left, stack.ValuesOf(1));
        Assert.Equal(taken, stack.ValuesOf(2));
        Assert.Equal(taken, source.ValuesOf(1));
    }

    [Fact]
    public void TakeMember_OfAnotherArchitecture_NamesTheFirstDifferenceAndChangesNothing()
    {
        using var source = new TinyStack([new Member(1, 3)]);
        using var stack = new TinyStack([new Member(1, 4)], model: TinyStack.Model with { Latents = [4, 3, 1] });
        var before = stack.ValuesOf(0);
        var error = Assert.Throws<OrnsteinException>(() => stack.Vae.Parameters.TakeMember(0, source.Vae.Parameters, 0)).Message;
        Assert.Equal("the parameters are those of another architecture: q3.output.weight of [5, 4] in the place of q3.output.weight of [5, 2].", error);
        Assert.Equal(before, stack.ValuesOf(0));
    }

    [Fact]
    public void TakeMember_OfFewerLayers_IsRefused()
    {
        using var source = new TinyStack([new Member(1, 3)], model: new ModelOptions { Data = TinyStack.Features, Latents = [4], Networks = new Perceptrons { Hidden = [8] } });
        using var stack = new TinyStack([new Member(1, 4)]);
        var error = Assert.Throws<OrnsteinException>(() => stack.Vae.Parameters.TakeMember(0, source.Vae.Parameters, 0)).Message;
        Assert.Contains(" in the place of q2.", error, StringComparison.Ordinal);
    }
}
