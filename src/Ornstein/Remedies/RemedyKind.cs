namespace Ornstein.Remedies;

/// <summary>A kind of remedy as configurations know it: its name, and how it is read from a text (<see cref="Remedy.Register(RemedyKind)"/>).</summary>
/// <param name="Name">Its name: lower-case letters, digits and hyphens.</param>
/// <param name="Read">The remedy of a text; null where the text says that nothing is done.</param>
public sealed record RemedyKind(string Name, Func<IRemedyArguments, IRemedy?> Read)
{
    private readonly string? _form;

    /// <summary>What its value is, for errors, such as <c>a number of nats</c>; null where it has none.</summary>
    public string? Value { get; init; }

    /// <summary>The keys that may follow.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>How it is written, for errors, such as <c>free-bits:NATS[:per=unit|layer]</c>; made of name, value and keys where it is not given.</summary>
    public string Form
    {
        get => _form ?? Name + (Value is null ? "" : ":VALUE") + string.Concat(Keys.Select(key => $"[:{key}=...]"));
        init => _form = value;
    }

    /// <summary>The name that earlier versions wrote, which is still read; null for none.</summary>
    internal string? FormerName { get; init; }

    /// <summary>The remedy that the kind is, where it has no values.</summary>
    internal IRemedy? Only { get; init; }
}

/// <summary>The value and the keys of a remedy's text. What is wrong with them it says itself, with the name of the piece.</summary>
public interface IRemedyArguments
{
    /// <summary>The value as a finite number.</summary>
    /// <exception cref="OrnsteinException">It is none.</exception>
    double Number();

    /// <summary>The value as a whole number.</summary>
    /// <exception cref="OrnsteinException">It is none.</exception>
    int Whole();

    /// <summary>The value as numbers joined by '/'.</summary>
    /// <exception cref="OrnsteinException">They are none.</exception>
    IReadOnlyList<double> Numbers();

    /// <summary>A key's number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What it is where it is not given.</param>
    /// <exception cref="OrnsteinException">It is none.</exception>
    double Number(string key, double fallback);

    /// <summary>A key's numbers joined by '/'.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What they are where they are not given.</param>
    /// <exception cref="OrnsteinException">They are none.</exception>
    IReadOnlyList<double> Numbers(string key, IReadOnlyList<double> fallback);

    /// <summary>A key's choice; the first where it is not given.</summary>
    /// <param name="key">The key.</param>
    /// <param name="choices">What there is to choose from.</param>
    /// <exception cref="OrnsteinException">It is none of them.</exception>
    T Choice<T>(string key, params (string Name, T Value)[] choices);

    /// <summary>The mistake that the value is not what <see cref="RemedyKind.Value"/> says.</summary>
    OrnsteinException Wrong();
}
