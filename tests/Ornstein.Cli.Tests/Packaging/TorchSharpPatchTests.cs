using System.Buffers.Binary;
using System.Text;

namespace Ornstein.Cli.Tests.Packaging;

/// <summary>The build step alone, on made-up libraries: what it changes, what it leaves, and what it says of a broken one.</summary>
public sealed class TorchSharpPatchTests : IDisposable
{
    private const int FlagsOffset = 192 + 16 + 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-patch-").FullName;

    private string Library => Path.Combine(_folder, "libLibTorchSharp.so");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Build_LibraryNeedsTheVersion_DeploysAWeakenedCopyMadeOnce()
    {
        byte[] original = Elf(ElfVersion.Newest);
        File.WriteAllBytes(Library, original);
        string deployed = Deployed();
        DateTime made = File.GetLastWriteTimeUtc(deployed);

        byte[] expected = [.. original];
        expected[FlagsOffset] = 2;
        Assert.Equal(expected, File.ReadAllBytes(deployed));
        Assert.Equal(original, File.ReadAllBytes(Library));
        Assert.Contains($"{Path.DirectorySeparatorChar}1.2.3{Path.DirectorySeparatorChar}", Path.GetFullPath(deployed));
        Assert.Equal(deployed, Deployed());
        Assert.Equal(made, File.GetLastWriteTimeUtc(deployed));
        Assert.NotEqual(deployed, Deployed("-p:TestVersion=1.2.4"));
    }

    [Fact]
    public void Build_LibraryWithoutTheNeed_DeploysTheOriginal()
    {
        File.WriteAllBytes(Library, Elf("GLIBCXX_3.4.30"));

        Assert.Equal(Library, Deployed());
        Assert.Equal(Library, Deployed());
    }

    [Fact]
    public void Build_OptedOut_DeploysTheOriginal()
    {
        File.WriteAllBytes(Library, Elf(ElfVersion.Newest));

        Assert.Equal(Library, Deployed("-p:OrnsteinPatchTorchSharp=false"));
    }

    [Theory]
    [InlineData("text", "not a 64-bit little-endian ELF file")]
    [InlineData("cut", "its tables point outside the file")]
    [InlineData("lies", "its tables point outside the file")]
    public void Build_BrokenLibrary_FailsWithOneClearError(string kind, string expected)
    {
        byte[] elf = Elf(ElfVersion.Newest);
        if (kind == "lies") elf.AsSpan(192 + 8, 4).Fill(0xff);
        File.WriteAllBytes(Library, kind switch { "text" => "no library"u8.ToArray(), "cut" => elf[..150], _ => elf });
        (int exitCode, string output) = Build();

        Assert.NotEqual(0, exitCode);
        Assert.Contains(expected, output);
        Assert.DoesNotContain("   at ", output);
    }

    private string Deployed(params string[] arguments)
    {
        (int exitCode, string output) = Build(arguments);
        Assert.True(exitCode == 0, output);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal(lines[0], lines[1].Replace("/any/", "/native/"));
        return lines[0];
    }

    private (int ExitCode, string Output) Build(params string[] arguments)
    {
        File.WriteAllText(Path.Combine(_folder, "test.proj"), $"""
            <Project DefaultTargets="Show">
              <PropertyGroup>
                <IntermediateOutputPath>obj/</IntermediateOutputPath>
                <Native>native/libLibTorchSharp.so</Native>
                <Runtime>any/libLibTorchSharp.so</Runtime>
                <TestVersion Condition="'$(TestVersion)' == ''">1.2.3</TestVersion>
              </PropertyGroup>
              <Target Name="ResolvePackageAssets">
                <ItemGroup>
                  <NativeCopyLocalItems Include="{Library}" NuGetPackageVersion="$(TestVersion)" PathInPackage="$(Native)" />
                  <RuntimeTargetsCopyLocalItems Include="{Library}" NuGetPackageVersion="$(TestVersion)" PathInPackage="$(Runtime)" />
                </ItemGroup>
              </Target>
              <Import Project="{DotNet.Repository}/build/Ornstein.targets" />
              <Target Name="Show" DependsOnTargets="ResolvePackageAssets">
                <Message Importance="High" Text="%(NativeCopyLocalItems.Identity)" />
                <Message Importance="High" Text="%(RuntimeTargetsCopyLocalItems.Identity)" />
              </Target>
            </Project>
            """);
        return DotNet.Run("dotnet", _folder, ["msbuild", "test.proj", "-nologo", "-v:m", "-nodeReuse:false", .. arguments]);
    }

    // Header, two section headers (version needs, names), one need with one version, and the name.
    private static byte[] Elf(string version)
    {
        byte[] file = [.. new byte[224], .. Encoding.ASCII.GetBytes(version), 0];
        "\u007fELF\u0002\u0001"u8.CopyTo(file);
        void Long(int offset, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(offset), value);
        void Int(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        Long(0x28, 64);
        Int(0x3A, 64 | (2 << 16));
        Int(64 + 4, 0x6ffffffe);
        Long(64 + 0x18, 192);
        Int(64 + 0x28, 1);
        Int(128 + 4, 3);
        Long(128 + 0x18, 224);
        Int(192, 1 | (1 << 16));
        Int(192 + 8, 16);
        Int(208, ElfVersion.Hash(version));
        return file;
    }
}
