using Ornstein.Studies.Attempts;

namespace Ornstein.Cli.Tests.Studies.Attempts;

public sealed class CellWorkerTests
{
    public static TheoryData<Exception, bool> Errors => new()
    {
        { new IOException("Stale file handle"), true },
        { new OrnsteinException("Cannot write 'x'.", new IOException("Input/output error")), true },
        { new TypeInitializationException("TorchSharp.torch", new DllNotFoundException("libtorch")), true },
        { new OrnsteinException("'nowhere' is neither a data set nor a folder"), false },
        { new OrnsteinException("Cannot read 'x'.", new FileNotFoundException()), false },
        { new OrnsteinException("'x' is truncated.", new EndOfStreamException()), false },
    };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public void IsOfTheMachine_ErrorsOfEither_AreToldApart(Exception error, bool expected) => Assert.Equal(expected, CellWorker.IsOfTheMachine(error));
}
