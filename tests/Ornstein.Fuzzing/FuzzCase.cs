using System.Globalization;

namespace Ornstein.Fuzzing;

/// <summary>One input: parser, seed and number say all of it.</summary>
/// <param name="Target">The parser.</param>
/// <param name="Seed">Seed of the campaign.</param>
/// <param name="Index">Number of the input, from 0.</param>
internal sealed record FuzzCase(FuzzTarget Target, long Seed, long Index)
{
    /// <summary>The line that repeats it.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture, $"dotnet run -c Release --project bench/Ornstein.Fuzz -- fuzz --only {Target.Name} --seed {Seed} --first {Index} --inputs 1");

    /// <summary>Makes it.</summary>
    public byte[] Make() => Target.Make(new Random(Mix()));

    // Neighbouring numbers, and parsers, give unlike streams (the finalizer of MurmurHash3).
    private int Mix()
    {
        var bits = (ulong)Seed * 0x9E3779B97F4A7C15;
        foreach (var letter in Target.Name) bits = (bits ^ letter) * 0x100000001B3;
        bits ^= (ulong)Index * 0xD6E8FEB86659FD93;
        bits = (bits ^ (bits >> 33)) * 0xFF51AFD7ED558CCD;
        bits = (bits ^ (bits >> 33)) * 0xC4CEB9FE1A85EC53;
        return (int)(bits >> 32);
    }
}
