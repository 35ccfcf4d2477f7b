namespace Ornstein;

/// <summary>
/// A failure that a user can mend: its message is one line that names what is wrong and what would be right.
/// Command lines print the message alone; anything else that is thrown is a defect.
/// </summary>
/// <remarks>
/// Whatever stands in names, files and messages of libraries that a message quotes: it has no control characters and no line ends, which are written as
/// <c>\x1b</c> or become a blank, and at most 4,000 characters.
/// </remarks>
public sealed class OrnsteinException : Exception
{
    private const int LongestStart = 3000, LongestEnd = 900;

    /// <summary>An error without a message; prefer the overload that says what is wrong and what would be right.</summary>
    public OrnsteinException()
    {
    }

    /// <summary>An error that says what is wrong and what would be right.</summary>
    public OrnsteinException(string message) : base(Line(message))
    {
    }

    /// <summary>An error that says what is wrong and what would be right, with the failure under it.</summary>
    public OrnsteinException(string message, Exception innerException) : base(Line(message), innerException)
    {
    }

    private static string Line(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var line = PrintableText.Line(message);
        return line.Length <= LongestStart + LongestEnd ? line : $"{line[..LongestStart]} ... {line[^LongestEnd..]}";
    }
}
