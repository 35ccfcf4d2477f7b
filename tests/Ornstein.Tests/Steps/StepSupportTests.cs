using System.Reflection;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tests.Likelihoods;
using Ornstein.Tests.Priors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Steps;

/// <summary>An option that programs of operations do not know must never be ignored by them.</summary>
public class StepSupportTests
{
    [Fact]
    public void Lacks_AnyModelOption_IsSupportedByNameOrLacking() => AssertEachIsKnown(
        new ModelOptions { Data = 5 }, StepSupport.Lacks, typeof(ModelOptions),
        [
            nameof(ModelOptions.Data), nameof(ModelOptions.Latents), nameof(ModelOptions.Networks), nameof(ModelOptions.Likelihood),
            nameof(ModelOptions.Inference), nameof(ModelOptions.Skip),
        ]);

    [Fact]
    public void Lacks_AnyRemedy_IsSupportedByNameOrLacking() => AssertEachIsKnown(
        new Remedy(), StepSupport.Lacks, typeof(Remedy),
        [
            nameof(Remedy.WarmUp), nameof(Remedy.Beta), nameof(Remedy.Annealing), nameof(Remedy.FreeBits), nameof(Remedy.Form), nameof(Remedy.Importance),
            nameof(Remedy.CommittedRate), nameof(Remedy.Aggressive),
        ]);

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
        Assert.Null(StepSupport.Lacks(model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Learned) }));
        Assert.Equal("the likelihood 'laplace'", StepSupport.Lacks(model with { Likelihood = new LaplaceLikelihood() }));
        Assert.Equal("batch-normalized means", StepSupport.Lacks(model with { Networks = new NormalizedMeans(new Perceptrons(), 0.5) }));
        Assert.Equal("the networks 'modules'", StepSupport.Lacks(model with { Networks = new ModuleNetworks("modules", _ => throw new InvalidOperationException()) }));
        Assert.Equal("the prior 'wide'", StepSupport.Lacks(model with { Prior = new WidePrior(2) }));
        Assert.Equal("the remedy 'latent-reconstruction'", StepSupport.Lacks(Remedy.Of(new LatentReconstruction(1))));
    }

    /// <summary>A likelihood whose fused form does not know its own parameter would train on what was in memory; a remedy may ask for what its model cannot have.</summary>
    [Fact]
    public void Lacks_WhatSaysThatItIsFusedAndIsNot_IsLacking()
    {
        var model = new ModelOptions { Data = 5, Latents = [3, 2], Networks = new Perceptrons { Hidden = [4, 3] } };
        Assert.Equal("the likelihood 'scaled'", StepSupport.Lacks(model with { Likelihood = new Scaled(IsOfBatch: false) }));
        Assert.Equal("the likelihood 'scaled'", StepSupport.Lacks(model with { Likelihood = new Scaled(IsOfBatch: true) }));
        string? Of(ModelOptions options, JointSamples samples)
        {
            using var vae = new HierarchicalVae(options, [new Member(1, 0) { Remedy = Remedy.Of(new AnySamples(samples)) }], new SmoothingOptions());
            return StepSupport.Lacks(vae);
        }

        Assert.Null(Of(model, new(3, IsDoubly: true)));
        foreach (var coupled in new[] { model with { Inference = InferenceKind.Ladder }, model.With(p => p with { NormalizesBatches = true }) })
        {
            Assert.Null(Of(coupled, new(3)));
            Assert.Equal("the doubly reparameterized gradient of this model", Of(coupled, new(3, IsDoubly: true)));
        }

        Assert.Equal(
            "several samples and a likelihood that depends on the batch", Of(model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Analytic) }, new(2)));
    }

    private sealed record AnySamples(JointSamples Samples) : IRemedy
    {
        public string Name => "any-samples";

        public string? NotFused => null;

        public JointSamples? Joint => Samples;
    }

    // The library's pixels, and a parameter or a batch that nothing of the fused form asks for.
    private sealed record Scaled(bool IsOfBatch) : IFusedLikelihood
    {
        private static readonly BernoulliLikelihood _pixels = new();

        public string Name => "scaled";

        public IReadOnlyList<PartParameter> Parameters => IsOfBatch ? [] : [new("scale", 1, 0)];

        public bool DependsOnBatch => IsOfBatch;

        public int Outputs(int features) => features;

        public Tensor LogProbability(Tensor x, Tensor output, PartState state) => _pixels.LogProbability(x, output, state);

        public Tensor Mean(Tensor output) => _pixels.Mean(output);

        public double[] OutputOf(IReadOnlyList<double> mean) => _pixels.OutputOf(mean);

        public double NegativeLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, float weight, Span<float> gradient) =>
            _pixels.NegativeLogProbability(output, x, features, weight, gradient);

        public void AddLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, int samples, Span<float> sums) =>
            _pixels.AddLogProbability(output, x, features, samples, sums);
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
