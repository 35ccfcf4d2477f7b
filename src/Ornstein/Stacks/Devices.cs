using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>The devices that stacks can be trained on, by the names of libtorch: <c>cpu</c>, <c>cuda</c> for the first card, <c>cuda:1</c> for the second.</summary>
public static class Devices
{
    /// <summary>The name of the processor.</summary>
    public const string Processor = "cpu";

    private const string Card = "cuda";

    /// <summary>Names of all that there are, the processor first.</summary>
    public static IReadOnlyList<string> All =>
        HasCuda() && cuda.is_available() ? [Processor, .. Enumerable.Range(0, cuda.device_count()).Select(index => $"{Card}:{index}")] : [Processor];

    /// <summary>The device of a name.</summary>
    /// <param name="name">Such as <c>cpu</c> or <c>cuda:1</c>.</param>
    /// <exception cref="OrnsteinException">It is no such name, or there is no such device here: says what is missing.</exception>
    public static Device Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name)) throw new OrnsteinException($"there is no device '{name}'; it can be {Processor}, {Card}, or {Card}:1 for the second card.");
        if (name == Processor) return CPU;
        var hasCuda = HasCuda();
        var count = hasCuda && cuda.is_available() ? cuda.device_count() : 0;
        if (Missing(name, hasCuda, count > 0 || HasDriver(), count) is { } missing) throw new OrnsteinException(missing);
        return new Device(DeviceType.CUDA, IndexOf(name));
    }

    /// <summary>Whether a text is the name of a device, one that there is or not.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name is Processor or Card || (name.StartsWith(Card + ":", StringComparison.Ordinal) && IndexOf(name) >= 0);
    }

    /// <summary>Why there is no card of a name, in words; null where there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hasCuda">Whether libtorch has CUDA.</param>
    /// <param name="hasDriver">Whether the system has the cards' driver.</param>
    /// <param name="count">Number of cards that libtorch finds.</param>
    internal static string? Missing(string name, bool hasCuda, bool hasDriver, int count) =>
        !hasCuda ? $"the device '{name}' needs libtorch with CUDA, and this build has it for the processor only; build with -p:TorchBackend=cuda "
            + $"(docs/packaging.md), or take the device {Processor}."
        : !hasDriver ? $"the device '{name}' needs a driver of NVIDIA, and none is found here ({Driver()}); install it, or take the device {Processor}."
        : count == 0 ? $"there is no device '{name}': libtorch has CUDA and finds no card; see whether nvidia-smi lists one and CUDA_VISIBLE_DEVICES lets it be "
            + $"seen, or take the device {Processor}."
        : IndexOf(name) >= count ? $"there is no device '{name}'; here {(count == 1 ? "is one, cuda:0" : $"are cuda:0 to cuda:{count - 1}")}; take one of these, or the device {Processor}."
        : null;

    // Of the card; that without a number is the first.
    private static int IndexOf(string name) => name == Card ? 0
        : int.TryParse(name.AsSpan(Card.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index
        : -1;

    private static bool HasCuda() => NativeLibrary.TryLoad("torch_cuda", typeof(torch).Assembly, null, out _);

    private static bool HasDriver() => NativeLibrary.TryLoad(Driver(), out _);

    private static string Driver() => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
}
