namespace Ornstein.Kill;

/// <summary>How a process comes to its end.</summary>
internal enum Way
{
    /// <summary>SIGKILL at a random time.</summary>
    Kill,

    /// <summary>SIGTERM at a random time.</summary>
    Term,

    /// <summary>SIGINT, as Ctrl-C gives it, at a random time.</summary>
    Int,

    /// <summary>SIGKILL at a random call that writes, with half of it written.</summary>
    KillAtWrite,

    /// <summary>From a random time on the process gets no more memory of the system than it has.</summary>
    AddressSpace,

    /// <summary>The garbage collector gets less memory than the run takes.</summary>
    Heap,

    /// <summary>From a random time on the group of the process gets no more memory than it has, and the kernel kills what asks for more.</summary>
    MemoryGroup,

    /// <summary>A small file system that is full at a random page.</summary>
    SmallDisk,

    /// <summary>The disk is full at a random byte.</summary>
    FullAtByte,

    /// <summary>A random call that writes fails with EIO.</summary>
    Eio,

    /// <summary>From a random call on all that writes fails with EIO.</summary>
    DeadDisk,
}

/// <summary>What is known of each <see cref="Way"/>.</summary>
internal static class Ways
{
    public static Way[] All { get; } = Enum.GetValues<Way>();

    public static string NameOf(Way way) => way switch
    {
        Way.Kill => "SIGKILL",
        Way.Term => "SIGTERM",
        Way.Int => "SIGINT",
        Way.KillAtWrite => "SIGKILL-at-write",
        Way.AddressSpace => "no-address-space",
        Way.Heap => "small-heap",
        Way.MemoryGroup => "no-memory",
        Way.SmallDisk => "full-disk",
        Way.FullAtByte => "full-at-byte",
        Way.Eio => "EIO",
        _ => "EIO-from-then-on",
    };

    /// <summary>Ways that come of the loaded library (<see cref="FaultLibrary"/>).</summary>
    public static bool NeedsLibrary(Way way) => LibraryWord(way) is not null;

    /// <summary>The word by which the loaded library knows it.</summary>
    public static string? LibraryWord(Way way) => way switch
    {
        Way.KillAtWrite => "kill",
        Way.FullAtByte => "full",
        Way.Eio => "eio",
        Way.DeadDisk => "dead",
        _ => null,
    };

    /// <summary>Whether the runtime itself may end the process, in words of its own.</summary>
    public static bool IsMemory(Way way) => way is Way.AddressSpace or Way.Heap;

    /// <summary>Exit codes of a process that a signal ends, by itself or by what the program does on it; none for ways without a signal.</summary>
    public static int[] SignalCodes(Way way) => way switch
    {
        Way.Kill or Way.KillAtWrite or Way.MemoryGroup => [137],
        Way.Term => [143],
        Way.Int => [130, 143], // 'study work' ends at each signal as at SIGTERM
        _ => [],
    };
}
