using Ornstein.Experiments.Text;
using Ornstein.Storage;

namespace Ornstein.Experiments;

/// <summary>A figure of a run, drawn when it is asked for.</summary>
public sealed class RunFigure
{
    private readonly Func<byte[]> _png;
    private readonly Func<string> _svg;

    internal RunFigure(Func<byte[]> png, Func<string> svg) => (_png, _svg) = (png, svg);

    /// <summary>The figure as the content of a PNG file.</summary>
    public byte[] Png()
    {
        using var culture = new InvariantCulture();
        return _png();
    }

    /// <summary>The figure as an SVG document that needs no fonts.</summary>
    public string Svg()
    {
        using var culture = new InvariantCulture();
        return _svg();
    }

    /// <summary>Writes the figure to a file, whole or not at all; one that is there is replaced.</summary>
    /// <param name="path">The file, whose name ends in <c>.png</c> or <c>.svg</c>.</param>
    /// <exception cref="OrnsteinException">The name ends otherwise, or the file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".png":
                var png = Png();
                AtomicFile.Write(path, stream => stream.Write(png));
                break;
            case ".svg":
                AtomicFile.WriteText(path, Svg());
                break;
            default:
                throw new OrnsteinException($"cannot tell what kind of figure '{path}' should be; give a name that ends in .png or .svg.");
        }
    }
}
