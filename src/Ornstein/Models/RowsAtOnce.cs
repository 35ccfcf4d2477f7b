using Ornstein.Networks;
using Ornstein.Smoothing;

namespace Ornstein.Models;

/// <summary>How many data a measurement with tensors takes at once: maps of thousands of numbers a datum, for every inner draw, would fill gigabytes.</summary>
internal static class RowsAtOnce
{
    // Of one tensor; some five of that size live at a time.
    private const double MostFloats = 8 << 20;

    /// <summary>Rows of a pass: <paramref name="most"/> where networks are perceptrons, as many as fit elsewhere.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="most">Rows, at most.</param>
    public static int Of(HierarchicalVae vae, int most)
    {
        if (vae.Options.Networks.Name == Network.Perceptron) return most;
        var floats = vae.Networks.All.Max(network => DrawsOf(vae, network) * FloatsOf(network, vae.Members.Count));
        return (int)Math.Clamp(MostFloats / floats, 1, most);
    }

    private static double DrawsOf(HierarchicalVae vae, PlacedNetwork network) => network.Place.Role switch
    {
        NetworkRole.Generative when vae.Smoothing.Networks.HasFlag(SmoothedNetworks.P) => vae.Smoothing.Draws,
        NetworkRole.Inference when vae.Smoothing.Networks.HasFlag(SmoothedNetworks.Q) => vae.Smoothing.Draws,
        _ => 1,
    };

    // Members take turns within a network; what it reads and gives is of all of them.
    private static double FloatsOf(PlacedNetwork placed, int members)
    {
        var network = placed.Network;
        var widest = network is ConvolutionalNetwork convolutions ? convolutions.Widest : Math.Max(network.Input.Units, network.Output.Units);
        return widest + (2.0 * members * (network.Input.Units + network.Output.Units));
    }
}
