using System.Globalization;

namespace Ornstein.Experiments.Text;

/// <summary>
/// Numbers with a decimal point while it lives, on its thread: what a run writes, draws and says must not depend on the culture of the program that
/// uses it. (The command line has no other culture.)
/// </summary>
internal sealed class InvariantCulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public InvariantCulture() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
