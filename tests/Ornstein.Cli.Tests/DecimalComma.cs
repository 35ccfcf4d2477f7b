using System.Globalization;

namespace Ornstein.Cli.Tests;

/// <summary>A culture that writes 1,5 and takes points for groups, as German does; until disposed. It needs no tables of the system.</summary>
internal sealed class DecimalComma : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;
    private readonly CultureInfo? _beforeOfOthers = CultureInfo.DefaultThreadCurrentCulture;

    public DecimalComma()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        CultureInfo.CurrentCulture = culture;
        CultureInfo.DefaultThreadCurrentCulture = culture;
    }

    public void Dispose()
    {
        CultureInfo.DefaultThreadCurrentCulture = _beforeOfOthers;
        CultureInfo.CurrentCulture = _before;
    }
}
