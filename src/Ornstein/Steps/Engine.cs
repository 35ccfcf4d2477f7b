using Ornstein.Models;

namespace Ornstein.Steps;

/// <summary>What computes the steps of a training.</summary>
/// <param name="Name"><see cref="Fused"/> or <see cref="Autograd"/>.</param>
/// <param name="Device">Where: <c>cpu</c>, or a device as libtorch names it.</param>
/// <param name="Because">What decided for autograd, in a few words; null for the fused engine.</param>
public sealed record Engine(string Name, string Device, string? Because)
{
    /// <summary>Operations of this library with their derivatives, on the processor.</summary>
    public const string Fused = "fused";

    /// <summary>libtorch's tensors and their derivatives.</summary>
    public const string Autograd = "autograd";

    /// <summary>The fastest that there is for a stack: on the processor the fused engine where every part has operations, else autograd.</summary>
    public static Engine For(HierarchicalVae vae)
    {
        ArgumentNullException.ThrowIfNull(vae);
        var lacking = StepSupport.Lacks(vae);
        return new Engine(lacking is null ? Fused : Autograd, vae.Parameters.Device.ToString(), lacking);
    }

    /// <summary>In words: <c>autograd on cpu: there are no fused operations for the prior 'mixture'</c>.</summary>
    public override string ToString() => $"{Name} on {Device}{(Because is null ? "" : $": there are no fused operations for {Because}")}";
}
