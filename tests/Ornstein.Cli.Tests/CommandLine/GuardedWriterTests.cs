using System.Text;
using Ornstein.Cli.CommandLine;

namespace Ornstein.Cli.Tests.CommandLine;

public class GuardedWriterTests
{
    private sealed class Broken(Exception failure) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw failure;

        public override void Flush() => throw failure;
    }

    [Fact]
    public void Write_EveryForm_ReachesTheInnerWriterUnchanged()
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using var writer = new GuardedWriter(inner, _ => Assert.Fail("nothing failed")) { NewLine = "\n" };
        writer.Write('a');
        writer.Write("b");
        writer.Write(['c', 'd', 'e'], 1, 1);
        writer.Write("fg".AsSpan());
        writer.Write(1);
        writer.WriteLine();
        writer.WriteLine("line");
        writer.Flush();
        Assert.Equal("abdfg1\nline\n", inner.ToString());
    }

    [Fact]
    public void Write_StreamThatFails_TellsEachFailureAndGoesOn()
    {
        int failures = 0;
        using var writer = new GuardedWriter(new Broken(new IOException("full")), _ => failures++);
        writer.WriteLine("line");
        writer.Write('a');
        writer.Flush();
        Assert.Equal(3, failures);
    }

    [Fact]
    public void Write_NoStream_IsAFailureToo()
    {
        Exception? failure = null;
        using var writer = new GuardedWriter(null, told => failure = told);
        writer.WriteLine("line");
        Assert.Equal("cannot write the result to standard output: it is closed", StandardStreams.Unwritable(failure!).Message);
    }

    [Fact]
    public void Write_Defect_IsNotHidden()
    {
        using var writer = new GuardedWriter(new Broken(new InvalidOperationException()), _ => { });
        Assert.Throws<InvalidOperationException>(() => writer.Write('a'));
    }
}
