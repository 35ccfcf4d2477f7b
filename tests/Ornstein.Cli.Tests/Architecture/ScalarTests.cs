using System.Reflection;
using Ornstein.Cli.Tests.Packaging;
using TorchSharp;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>
/// No call of this project leaves a <see cref="Scalar"/> to a collection while libtorch reads it (<see cref="ScalarLifetimes"/>): decided from what the code
/// compiles to, and from TorchSharp's own, for the version that is in use.
/// </summary>
public class ScalarTests
{
    private const string Place = "Ornstein.Tensors", BanFile = "BannedSymbols.Scalars.txt";

    private const BindingFlags Own = BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Projects => LayerTests.Projects;

    [Theory]
    [MemberData(nameof(Projects))]
    public void Calls_OfAProject_LeaveNoScalarToACollection(string project)
    {
        string[] faults = [.. LayerTests.AssemblyOf(project).GetTypes().SelectMany(ScalarLifetimes.MethodsOf).SelectMany(Faults).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(faults.Length == 0, string.Join(Environment.NewLine, faults));
    }

    /// <summary>What the IDE shows at once is all that the test above finds. After another version of TorchSharp: ORNSTEIN_STORE_VALUES=1 writes the file.</summary>
    [Fact]
    public void Bans_OfScalars_AreAllThatMakeOne()
    {
        var file = Path.Combine(DotNet.Repository, BanFile);
        HashSet<string> banned = [.. File.ReadLines(Path.Combine(DotNet.Repository, "BannedSymbols.txt")).Select(line => line.Split(';')[0])];
        string[] bans = [.. typeof(torch).Assembly.GetExportedTypes().SelectMany(ScalarLifetimes.MethodsOf).Where(method => method.IsPublic || method.IsFamily)
            .Where(method => ScalarLifetimes.OfTorchSharp.Chain(method) is not null || Makes(method))
            .Select(DocumentationId.Of).Where(id => !banned.Contains(id)).Distinct().Order(StringComparer.Ordinal)
            .Select(id => $"{id};A number that it makes can be freed during the call: docs/own-model.md says what to write")];
        if (Environment.GetEnvironmentVariable("ORNSTEIN_STORE_VALUES") == "1") File.WriteAllLines(file, bans);
        Assert.Equal(bans, File.ReadAllLines(file));
    }

    [Fact]
    public void Chain_OfMethodsThatMakeScalars_LeadsToThem()
    {
        var lifetimes = ScalarLifetimes.OfTorchSharp;
        Assert.NotNull(lifetimes.Chain(Method(typeof(torch.Tensor), "add", typeof(torch.Tensor))));
        Assert.NotNull(lifetimes.Chain(Method(typeof(torch.Tensor), "square")));
        Assert.NotNull(lifetimes.Chain(Method(typeof(torch.Tensor), "op_Addition", typeof(torch.Tensor), typeof(torch.Tensor))));
        Assert.EndsWith(".Tensor.softplus(Double, Double)", lifetimes.Chain(Method(typeof(torch.nn.functional), "softplus", typeof(torch.Tensor), typeof(double), typeof(double))), StringComparison.Ordinal);
        Assert.NotNull(lifetimes.Chain(Method(typeof(torch.nn), "ELU", typeof(double), typeof(bool)))); // the module's forward does
    }

    [Fact]
    public void Chain_OfMethodsThatAreGivenTheirScalarsOrNeedNone_IsNull()
    {
        var lifetimes = ScalarLifetimes.OfTorchSharp;
        Assert.Null(lifetimes.Chain(Method(typeof(torch.Tensor), "mul", typeof(torch.Tensor))));
        Assert.Null(lifetimes.Chain(Method(typeof(torch.Tensor), "op_Subtraction", typeof(torch.Tensor), typeof(torch.Tensor))));
        Assert.Null(lifetimes.Chain(Method(typeof(torch.Tensor), "clamp", typeof(Scalar), typeof(Scalar))));
        Assert.Null(lifetimes.Chain(Method(typeof(torch.nn), "SiLU", typeof(bool))));
    }

    [Theory]
    [InlineData(nameof(Kept), 0)]
    [InlineData(nameof(KeptTwo), 0)]
    [InlineData(nameof(GivenBack), 0)]
    [InlineData(nameof(LetGo), 1)]
    [InlineData(nameof(LetGoOfOne), 1)]
    [InlineData(nameof(LetGoInALocal), 1)]
    public void LetsGo_OfAMethod_CountsTheScalarsThatNothingHolds(string method, int count) =>
        Assert.Equal(count, ScalarLifetimes.LetsGo(typeof(ScalarTests).GetMethod(method, Own)!).Count());

    [Fact]
    public void Faults_OfCallsOutsideOfThePlace_NameThem()
    {
        Assert.Contains(Faults(typeof(ScalarTests).GetMethod(nameof(Kept), Own)!), fault => fault.Contains("outside of Ornstein.Tensors", StringComparison.Ordinal));
        Assert.Contains(Faults(typeof(ScalarTests).GetMethod(nameof(Sum), Own)!), fault => fault.Contains("op_Addition(Tensor, Tensor) -> ", StringComparison.Ordinal));
        Assert.Contains(Faults(typeof(ScalarTests).GetMethod(nameof(Handed), Own)!), fault => fault.Contains("square()", StringComparison.Ordinal));
    }

    private static bool Makes(MethodBase method) => method is MethodInfo { ReturnType: var type } && type == typeof(Scalar);

    private static IEnumerable<string> Faults(MethodBase method)
    {
        var isAtThePlace = Outermost(method.DeclaringType!).Namespace == Place;
        if (isAtThePlace && ScalarLifetimes.LetsGo(method).Any()) yield return $"{ScalarLifetimes.Name(method)} makes a Scalar that nothing holds during the call: write `using`";
        foreach (var called in ScalarLifetimes.Calls(method))
        {
            if (ScalarLifetimes.OfTorchSharp.Chain(called) is { } chain)
                yield return $"{ScalarLifetimes.Name(method)} calls what makes a Scalar that nothing holds: {chain}";
            else if (!isAtThePlace && ScalarLifetimes.HasScalar(called))
                yield return $"{ScalarLifetimes.Name(method)} has to do with a Scalar outside of {Place}: {ScalarLifetimes.Name(called)}";
        }
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } around ? Outermost(around) : type;

    private static MethodInfo Method(Type type, string name, params Type[] parameters) => type.GetMethod(name, parameters)!;

#pragma warning disable RS0030 // what the tests must find
    private static torch.Tensor Kept(torch.Tensor x)
    {
        using Scalar two = 2;
        return x.mul(two);
    }

    private static torch.Tensor KeptTwo(torch.Tensor x)
    {
        using Scalar low = 0, high = 1.0;
        return x.clamp(low, high);
    }

    private static Scalar GivenBack(bool isWhole)
    {
        if (isWhole) return 1;
        return 0.5;
    }

    private static torch.Tensor LetGo(torch.Tensor x) => x.mul(2);

    private static torch.Tensor LetGoOfOne(torch.Tensor x)
    {
        using Scalar low = 0;
        return x.clamp(low, 1.0);
    }

    private static torch.Tensor LetGoInALocal(torch.Tensor x)
    {
        Scalar two = 2;
        return x.mul(two);
    }

    private static torch.Tensor Sum(torch.Tensor x) => x + x;

    private static Func<torch.Tensor> Handed(torch.Tensor x) => x.square;
#pragma warning restore RS0030
}
