using System.Runtime.CompilerServices;
using Ornstein.Kernels;

namespace Ornstein.Tests;

internal static class LibTorch
{
    [ModuleInitializer]
    public static void Initialize() => LibTorchThreads.WaitAsleep();
}
