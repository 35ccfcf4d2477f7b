using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>
/// The device of tensors that are made without naming one, until it is disposed. The training objective sets it to its stack's device, and nothing else does: so
/// networks, likelihoods, priors and remedies, one's own among them, write <c>zeros(1)</c> and need not know where they compute. TorchSharp keeps one such device
/// for the whole process.
/// </summary>
internal readonly struct DefaultDevice : IDisposable
{
    private readonly Device _before;

    private DefaultDevice(Device before) => _before = before;

    /// <summary>Sets it.</summary>
    public static DefaultDevice Set(Device device)
    {
        var scope = new DefaultDevice(get_default_device());
        set_default_device(device);
        return scope;
    }

    /// <summary>Restores what it was.</summary>
    public void Dispose() => set_default_device(_before);
}
