namespace Ornstein.Kill;

/// <summary>A command that is killed, and begun again by the same words until it ends well.</summary>
/// <param name="Name">Its name in tables and options.</param>
/// <param name="Arguments">The words after <c>ornstein</c>.</param>
/// <param name="Prepare">Makes what it reads, in the folder in which it works.</param>
internal sealed record RunKind(string Name, string[] Arguments, Action<string> Prepare)
{
    /// <summary>Why it cannot be done on this machine; null where it can.</summary>
    public string? Missing { get; init; }

    /// <summary>Whether what runs out of memory counts as failed, and is not begun again by the same words.</summary>
    public bool FailsWithoutMemory { get; init; }

    /// <summary>Whether it goes on without what it cannot keep, so that its end says nothing of what is on disk.</summary>
    public bool OnlyKeepsCopies { get; init; }
}
