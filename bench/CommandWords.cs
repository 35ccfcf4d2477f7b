using System.Globalization;

namespace Ornstein.Programs;

/// <summary>The words after a program's name, read one after another: options, and the values that some of them take.</summary>
/// <param name="words">The words.</param>
/// <param name="usage">What is right, for the message where one is wrong.</param>
internal sealed class CommandWords(IReadOnlyList<string> words, string usage)
{
    private int _next;

    /// <summary>Takes options to the last word.</summary>
    /// <param name="options">What holds where no option says otherwise.</param>
    /// <param name="take">The same with one more option, by its name; null where there is none of that name.</param>
    public T Read<T>(T options, Func<T, string, T?> take)
        where T : class
    {
        while (_next < words.Count)
        {
            var option = words[_next++];
            options = take(options, option) ?? throw Wrong($"'{option}' is no option");
        }

        return options;
    }

    /// <summary>The value of the option that was read last.</summary>
    public string Value() => _next < words.Count ? words[_next++] : throw Wrong($"{words[^1]} needs a value");

    /// <summary>Its values, between commas.</summary>
    public string[] Values() => Value().Split(',');

    /// <summary>Its value as a whole number of at least so much.</summary>
    public long Number(long least = long.MinValue, long most = long.MaxValue) =>
        Value() is var text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong($"'{text}' is no number of at least {least}");

    /// <summary>Its value as a number of minutes.</summary>
    public double Minutes() => Value() is var text && double.TryParse(text, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 ? minutes : throw Wrong($"'{text}' is no number of minutes");

    /// <summary>The error for a word that is wrong.</summary>
    public OrnsteinException Wrong(string what) => new($"{what}; {usage}.");
}
