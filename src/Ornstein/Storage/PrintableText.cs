namespace Ornstein.Storage;

internal static class PrintableText
{
    public static string Of(string text) => text;
}
