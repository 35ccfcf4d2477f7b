namespace Ornstein.Data.Formats;

/// <summary>Puts bytes into a buffer and returns how many; 0 at the end.</summary>
internal delegate int ReadBytes(Span<byte> buffer);

/// <summary>A stream that a function fills and that is only read forwards.</summary>
/// <param name="read">The function.</param>
/// <param name="below">What goes with this stream when it is disposed of.</param>
internal sealed class ForwardStream(ReadBytes read, params IReadOnlyList<IDisposable> below) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var item in below) item.Dispose();
        }

        base.Dispose(disposing);
    }
}
