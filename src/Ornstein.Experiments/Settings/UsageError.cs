namespace Ornstein.Experiments.Settings;

/// <summary>Marks an <see cref="OrnsteinException"/> as a mistake in options or configuration, which has an exit code of its own.</summary>
internal static class UsageError
{
    private const string Mark = "ornstein.usage";

    public static OrnsteinException Because(string message)
    {
        var exception = new OrnsteinException(message);
        exception.Data[Mark] = true;
        return exception;
    }

    public static bool Is(OrnsteinException exception) => exception.Data.Contains(Mark);
}
