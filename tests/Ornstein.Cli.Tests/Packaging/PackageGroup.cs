namespace Ornstein.Cli.Tests.Packaging;

/// <summary>Tests that share the packages, which take a minute to make.</summary>
[CollectionDefinition(Name)]
public sealed class PackageGroup : ICollectionFixture<PackageFeed>
{
    public const string Name = "packages";
}
