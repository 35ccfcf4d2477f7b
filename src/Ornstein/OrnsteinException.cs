namespace Ornstein;

/// <summary>
/// A failure that a user can mend: its message is one line that names what is wrong and what would be right.
/// Command lines print the message alone; anything else that is thrown is a defect.
/// </summary>
public sealed class OrnsteinException : Exception
{
    /// <summary>An error without a message; prefer the overload that says what is wrong and what would be right.</summary>
    public OrnsteinException()
    {
    }

    /// <summary>An error that says what is wrong and what would be right.</summary>
    public OrnsteinException(string message) : base(message)
    {
    }

    /// <summary>An error that says what is wrong and what would be right, with the failure under it.</summary>
    public OrnsteinException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
