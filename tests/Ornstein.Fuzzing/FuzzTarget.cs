namespace Ornstein.Fuzzing;

/// <summary>A parser, how its inputs are made, and what it may take to read one.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Reads">What it reads, in a few words.</param>
/// <param name="Make">Makes an input from a stream of random numbers: the same numbers give the same input.</param>
/// <param name="Read">Puts an input where the parser looks for it and reads it.</param>
/// <param name="Memory">What reading may allocate.</param>
/// <param name="InTest">Inputs in the short form that runs with the tests.</param>
internal sealed record FuzzTarget(string Name, string Reads, Func<Random, byte[]> Make, Action<FuzzFolder, byte[]> Read, MemoryBound Memory, int InTest)
{
    /// <summary>A word that every refusal has to hold, such as the file's name; null where there is none.</summary>
    public string? Named { get; init; }

    /// <summary>Gives an input that somebody else made the checksums that it needs to be looked at.</summary>
    public Func<byte[], byte[]> Mend { get; init; } = input => input;
}

/// <summary>Bytes that reading an input may allocate in all, freed ones too: a constant, and a factor of the input's length.</summary>
/// <param name="Constant">Whatever the input, in bytes.</param>
/// <param name="PerByte">Of a byte of input.</param>
internal sealed record MemoryBound(long Constant, double PerByte)
{
    /// <summary>For an input of a length.</summary>
    public long For(int length) => Constant + (long)(PerByte * length);
}
