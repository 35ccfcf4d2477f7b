using Ornstein.Harmonics;
using Ornstein.Objectives;
using Ornstein.Runs;
using Ornstein.Smoothing;
using Ornstein.Steps;
using Ornstein.Storage;

namespace Ornstein.Tests.Conformance;

/// <summary>What a program of one's own can use, and what only the library can mean anything with.</summary>
public class SurfaceTests
{
    [Theory]
    [InlineData(typeof(ITrainingStep))]
    [InlineData(typeof(TrainingObjective))]
    [InlineData(typeof(Engine))]
    public void Type_ThatALoopOfOnesOwnNeeds_IsPublic(Type type) => Assert.True(type.IsPublic);

    [Theory]
    [InlineData(typeof(FusedStep))]
    [InlineData(typeof(AutogradStep))]
    [InlineData(typeof(NonNegativeLeastSquares))]
    [InlineData(typeof(HermiteKernel))]
    [InlineData(typeof(CirclePoints))]
    [InlineData(typeof(SobolPoints))]
    [InlineData(typeof(GaussHermiteRule))]
    [InlineData(typeof(RunFolder))]
    public void Type_OfTheLibrarysOwnUse_IsInternal(Type type) => Assert.False(type.IsPublic);

    /// <summary>How numbers are computed and files are written is no promise to anybody.</summary>
    [Fact]
    public void Types_OfKernelsAndFiles_AreInternal() => Assert.DoesNotContain(
        typeof(OrnsteinException).Assembly.GetExportedTypes(), type => type.Namespace is "Ornstein.Kernels" or "Ornstein.Storage" or "Ornstein.Runs");
}
