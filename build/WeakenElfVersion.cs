using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a shared library with its need of one symbol version marked weak, so that the dynamic linker loads it where that version
/// is missing. Without such a need it writes an empty file DESTINATION.sound instead. Compiled by MSBuild; used by Ornstein.targets.
/// The layout is that of the ELF-64 object file format and the "Symbol Version Requirements" section of the Linux Standard Base.
/// </summary>
public class WeakenElfVersion : Task
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2; // VER_FLG_WEAK

    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    [Required]
    public string Version { get; set; }

    public override bool Execute()
    {
        try
        {
            byte[] file = File.ReadAllBytes(Source);
            bool isElf = file.Length >= 64 && file[0] == 0x7f && file[1] == 'E' && file[2] == 'L' && file[3] == 'F';
            if (!isElf || file[4] != 2 || file[5] != 1)
                return Fail("it is not a 64-bit little-endian ELF file");
            int weakened = Weaken(file);
            Directory.CreateDirectory(Path.GetDirectoryName(Destination));
            if (weakened > 0) Publish(file, Destination);
            else Publish(new byte[0], Destination + ".sound");
            Log.LogMessage(MessageImportance.Low, "Weakened {0} need(s) of {1} of {2}.", weakened, Version, Source);
            return true;
        }
        catch (Exception error) when (error is IndexOutOfRangeException || error is ArgumentException || error is OverflowException)
        {
            return Fail("its tables point outside the file");
        }
        catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
        {
            return Fail(error.Message);
        }
    }

    private bool Fail(string problem)
    {
        Log.LogError(
            "Cannot make {0} load without {1}: {2}. Restore the TorchSharp package again, or set OrnsteinPatchTorchSharp to false.",
            Source, Version, problem);
        return false;
    }

    private int Weaken(byte[] file)
    {
        long sections = BitConverter.ToInt64(file, 0x28);
        int sectionSize = BitConverter.ToUInt16(file, 0x3A), sectionCount = BitConverter.ToUInt16(file, 0x3C), weakened = 0;
        for (int index = 0; index < sectionCount; index++)
        {
            int section = At(file, sections + (long)index * sectionSize, 64);
            if (BitConverter.ToUInt32(file, section + 4) != VersionNeedSection) continue;
            int names = At(file, sections + (long)BitConverter.ToUInt32(file, section + 0x28) * sectionSize, 64);
            long nameTable = BitConverter.ToInt64(file, names + 0x18);
            weakened += WeakenSection(file, BitConverter.ToInt64(file, section + 0x18), nameTable);
        }

        return weakened;
    }

    // A chain of libraries that are needed, each with a chain of the versions needed of it; a step of zero ends a chain.
    private int WeakenSection(byte[] file, long library, long nameTable)
    {
        int weakened = 0;
        for (uint step = 1; step != 0; library = checked(library + step))
        {
            int need = At(file, library, 16);
            long version = library + BitConverter.ToUInt32(file, need + 8);
            for (uint next = 1; next != 0; version = checked(version + next))
            {
                int entry = At(file, version, 16);
                if (Name(file, checked(nameTable + BitConverter.ToUInt32(file, entry + 8))) == Version)
                {
                    file[entry + 4] |= (byte)WeakFlag;
                    weakened++;
                }

                next = BitConverter.ToUInt32(file, entry + 12);
            }

            step = BitConverter.ToUInt32(file, need + 12);
        }

        return weakened;
    }

    private static int At(byte[] file, long offset, int length)
    {
        if (offset < 0 || offset > file.Length - length) throw new IndexOutOfRangeException();
        return (int)offset;
    }

    private static string Name(byte[] file, long offset)
    {
        int start = At(file, offset, 1), end = Array.IndexOf(file, (byte)0, start);
        if (end < 0) throw new IndexOutOfRangeException();
        return Encoding.ASCII.GetString(file, start, end - start);
    }

    // Under a name of its own first: another build of the project may read or write the destination at the same time.
    private static void Publish(byte[] content, string destination)
    {
        string temporary = destination + "." + Guid.NewGuid().ToString("N") + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, destination);
        }
        catch (IOException) when (File.Exists(destination))
        {
            // The other build was first, with the same content.
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
