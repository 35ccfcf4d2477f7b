using System.Reflection;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Steps;
using Ornstein.Tests.Likelihoods;
using Ornstein.Tests.Priors;

namespace Ornstein.Tests.Steps;

/// <summary>An option that programs of operations do not know must never be ignored by them.</summary>
public class StepSupportTests
{
    [Fact]
    public void Lacks_AnyModelOption_IsSupportedByNameOrLacking() => AssertEachIsKnown(
        new ModelOptions { Data = 5 }, StepSupport.Lacks, typeof(ModelOptions),
        [
            nameof(ModelOptions.Data), nameof(ModelOptions.Latents), nameof(ModelOptions.Networks), nameof(ModelOptions.Likelihood),
        ]);

    [Fact]
    public void Lacks_AnyRemedy_IsSupportedByNameOrLacking() => AssertEachIsKnown(
        new Remedy(), StepSupport.Lacks, typeof(Remedy), [nameof(Remedy.WarmUp), nameof(Remedy.Beta), nameof(Remedy.Annealing)]);

    [Fact]
    public void Lacks_AnySmoothingOption_IsSupportedByNameOrLacking() => AssertEachIsKnown(
        new SmoothingOptions(), StepSupport.Lacks, typeof(SmoothingOptions),
        [
            nameof(SmoothingOptions.Networks), nameof(SmoothingOptions.Draws), nameof(SmoothingOptions.Sampler), nameof(SmoothingOptions.Measure),
        ]);

    [Fact]
    public void Lacks_WhatHasAName_SaysIt()
    {
        var model = new ModelOptions { Data = 5 };
        Assert.Equal("a ladder", StepSupport.Lacks(model with { Inference = InferenceKind.Ladder }));
        Assert.Equal("a decoder variance that is learned", StepSupport.Lacks(model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Learned) }));
        Assert.Equal("the likelihood 'laplace'", StepSupport.Lacks(model with { Likelihood = new LaplaceLikelihood() }));
        Assert.Equal("batch normalization", StepSupport.Lacks(model.With(p => p with { NormalizesBatches = true })));
        Assert.Equal("the networks 'modules'", StepSupport.Lacks(model with { Networks = new ModuleNetworks("modules", _ => throw new InvalidOperationException()) }));
        Assert.Equal("the prior 'wide'", StepSupport.Lacks(model with { Prior = new WidePrior(2) }));
        Assert.Equal("free bits", StepSupport.Lacks(new Remedy { FreeBits = new FreeBits() }));
    }

    /// <summary>An option of tomorrow: no name is written down for it.</summary>
    [Fact]
    public void Difference_OfAnOptionWithoutAWord_IsItsName() =>
        Assert.Equal("the option Tomorrow", StepSupport.Difference(new Later(1, Tomorrow: true), new Later(1, Tomorrow: false)));

    private sealed record Later(int Today, bool Tomorrow);

    private static void AssertEachIsKnown<T>(T plain, Func<T, string?> lacks, Type type, string[] supported)
        where T : class
    {
        Assert.Null(lacks(plain));
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToArray();
        Assert.Empty(supported.Except(properties.Select(property => property.Name)));
        foreach (var property in properties)
        {
            var changed = Copy(plain);
            property.SetValue(changed, Other(property.PropertyType, property.GetValue(plain)));
            Assert.NotEqual(property.GetValue(plain), property.GetValue(changed));
            Assert.True(supported.Contains(property.Name) == (lacks(changed) is null), property.Name);
        }
    }

    private static T Copy<T>(T record) => (T)typeof(T).GetMethod("<Clone>$")!.Invoke(record, null)!;

    // Some other value of a property's kind.
    private static object Other(Type type, object? value) => value switch
    {
        bool flag => !flag,
        int number => number + 1,
        double number => number + 1,
        Enum => Enum.GetValues(type).Cast<object>().First(other => !other.Equals(value)),
        IReadOnlyList<int> => new[] { 7 },
        IReadOnlyList<double> => new[] { 7.0 },
        ILikelihood => new GaussianLikelihood(),
        Shape shape => (Shape)(shape.Units + 1),
        IReadOnlyList<Shape> => new Shape[] { 7 },
        INetworkFamily => Perceptrons.Linear,
        IPrior => new WidePrior(2),
        null => Activator.CreateInstance(type)!,
        _ => throw new InvalidOperationException($"{type} has no other value here."),
    };
}
