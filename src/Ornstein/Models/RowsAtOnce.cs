using Ornstein.Networks;
using Ornstein.Smoothing;

namespace Ornstein.Models;

/// <summary>How many data a measurement with tensors takes at once: maps of thousands of numbers a datum, for every inner draw, would fill gigabytes.</summary>
internal static class RowsAtOnce
{
    // Of one tensor of one member; some five of that size live at a time.
    private const double MostFloats = 4 << 20;

    /// <summary>
    /// Rows of a pass: <paramref name="most"/> where networks are perceptrons, as many as fit elsewhere. Noise is drawn by pass, so that members must not count: one of a stack
    /// is measured with the noise that it is measured with alone.
    /// </summary>
    /// <param name="vae">The stack.</param>
    /// <param name="most">Rows, at most.</param>
    public static int Of(HierarchicalVae vae, int most)
    {
        if (vae.Options.Networks.Name == Network.Perceptron) return most;
        var floats = vae.Networks.All.Max(network => DrawsOf(vae, network) * FloatsOf(network.Network));
        return (int)Math.Clamp(MostFloats / floats, 1, most);
    }

    private static double DrawsOf(HierarchicalVae vae, PlacedNetwork network) => network.Place.Role switch
    {
        NetworkRole.Generative when vae.Smoothing.Networks.HasFlag(SmoothedNetworks.P) => vae.Smoothing.Draws,
        NetworkRole.Inference when vae.Smoothing.Networks.HasFlag(SmoothedNetworks.Q) => vae.Smoothing.Draws,
        _ => 1,
    };

    private static double FloatsOf(INetwork network) => (2.0 * (network.Input.Units + network.Output.Units))
        + (network is ConvolutionalNetwork convolutions ? convolutions.Widest : Math.Max(network.Input.Units, network.Output.Units));
}
