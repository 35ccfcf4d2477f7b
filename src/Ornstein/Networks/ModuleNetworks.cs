using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>
/// Networks of one's own, as TorchSharp's modules: <c>Sequential(Conv2d(...), ...)</c> or any <c>Module&lt;Tensor, Tensor&gt;</c>. They read and give rows in
/// the shapes of their places, [rows, channels, height, width] or [rows, units].
/// </summary>
/// <remarks>
/// Every member has modules of its own, whose parameters are views of the stack's buffer, so that optimizer, checkpoints and sweeps see them as any others.
/// A module begins as it initializes itself, with the global generator seeded by the member's seed and the place. Buffers, such as running means, are kept with
/// the parameters: a training step moves them as the module does, and evaluation uses them. Dropout and other draws of a training step come from the global
/// generator, seeded by seed, step and place, so that they are the same alone and in any stack, and after a resumption. Modules are set to training or
/// evaluation as a step or a measurement asks.
/// </remarks>
/// <param name="Name">As configurations write it: lower case, such as <c>convolutions</c>.</param>
/// <param name="Module">Makes the module of a place, a new one at every call.</param>
public sealed record ModuleNetworks(string Name, Func<NetworkPlace, nn.Module<Tensor, Tensor>> Module) : INetworkFamily
{
    /// <inheritdoc/>
    public INetwork Create(NetworkPlace place) =>
        new ModuleNetwork(place, Module ?? throw new OrnsteinException($"the networks '{Name}' have no function that makes modules."));
}
