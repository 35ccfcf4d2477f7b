using System.Globalization;
using System.Text;

namespace Ornstein.Cli.CommandLine;

/// <summary>A standard stream whose failures are handled in one place: a disk that is full, a stream that is closed, a terminal that is gone.</summary>
/// <param name="inner">Where it writes; null where nothing can be written.</param>
/// <param name="onFailure">What happens at a failure.</param>
internal sealed class GuardedWriter(TextWriter? inner, Action<Exception> onFailure) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => inner?.Encoding ?? Encoding.UTF8;

    public override void Write(char value) => Try(value, static (to, character) => to.Write(character));

    public override void Write(char[] buffer, int index, int count) =>
        Try((buffer, index, count), static (to, part) => to.Write(part.buffer, part.index, part.count));

    public override void Write(string? value) => Try(value, static (to, text) => to.Write(text));

    // As one, so that lines of several processes do not mix.
    public override void WriteLine(string? value) => Try(value, static (to, text) => to.WriteLine(text));

    public override void Flush() => Try(0, static (to, _) => to.Flush());

    private void Try<T>(T what, Action<TextWriter, T> write)
    {
        try
        {
            write(inner ?? throw new IOException("it is closed"), what);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            onFailure(failure);
        }
    }
}
