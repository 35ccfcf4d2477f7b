using System.CommandLine;
using System.CommandLine.Invocation;
using Ornstein.Cli.Machine;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.CommandLine;

/// <summary><c>--version</c>: the versions that a bug report needs, on one line.</summary>
internal sealed class ProductVersion : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static string Text
    {
        get
        {
            Provenance provenance = Provenance.Of("", default);
            string commit = provenance.Commit is { Length: > 9 } hash ? hash[..9] + ", " : "";
            return $"ornstein {provenance.Ornstein} ({commit}TorchSharp {provenance.TorchSharp}, libtorch {LibTorch.Version} for the {LibTorch.Backend}, "
                + $".NET {provenance.Dotnet}, {provenance.System}, {provenance.Vectors})";
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return ExitCodes.Success;
    }
}
