using System.Runtime.CompilerServices;
using Ornstein.Kernels;

namespace Ornstein.Shared;

internal static class LibTorch
{
    [ModuleInitializer]
    public static void Initialize() => LibTorchThreads.WaitAsleep();
}
