using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Ornstein.Tests.Conformance;

/// <summary>A ban on a symbol that does not exist, or no longer exists, is silent: each must name one.</summary>
public class BannedSymbolsTests
{
    [Fact]
    public void EveryBan_NamesASymbolOfTorchSharp()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        HashSet<string> symbols = [.. typeof(torch).Assembly.GetExportedTypes().SelectMany(type => type.GetMembers(all)).Select(Id)];
        string[] bans = [.. File.ReadLines(BanFile()).Where(line => line.Length > 0).Select(line => line.Split(';')[0])];

        Assert.NotEmpty(bans);
        Assert.All(bans, ban => Assert.Contains(ban, symbols));
    }

    private static string BanFile([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "BannedSymbols.txt");

    private static string Id(MemberInfo member)
    {
        string name = $"{Name(member.DeclaringType!)}.{member.Name}";
        if (member is not MethodInfo method) return $"{(member is PropertyInfo ? 'P' : '?')}:{name}";
        string parameters = string.Join(',', method.GetParameters().Select(parameter => Name(parameter.ParameterType)));
        return $"M:{name}{(parameters.Length > 0 ? $"({parameters})" : "")}";
    }

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner
            ? $"System.Nullable{{{Name(inner)}}}"
            : (type.FullName ?? type.Name).Replace('+', '.');
}
