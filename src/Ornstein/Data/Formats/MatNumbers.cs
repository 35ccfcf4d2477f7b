using System.Buffers.Binary;

namespace Ornstein.Data.Formats;

/// <summary>Numbers as a MATLAB file stores them: of any width, whatever the class of the matrix.</summary>
internal sealed class MatNumbers
{
    private readonly byte[] _bytes;
    private readonly int _type;
    private readonly bool _bigEndian;
    private readonly int _width;

    private MatNumbers(int type, byte[] bytes, bool bigEndian, int width)
    {
        (_type, _bytes, _bigEndian, _width) = (type, bytes, bigEndian, width);
    }

    public int Length => _bytes.Length / _width;

    public double this[long index]
    {
        get
        {
            var at = _bytes.AsSpan(checked((int)(index * _width)), _width);
            return (_type, _bigEndian) switch
            {
                (1, _) => (sbyte)at[0],
                (2, _) => at[0],
                (3, false) => BinaryPrimitives.ReadInt16LittleEndian(at),
                (3, true) => BinaryPrimitives.ReadInt16BigEndian(at),
                (4, false) => BinaryPrimitives.ReadUInt16LittleEndian(at),
                (4, true) => BinaryPrimitives.ReadUInt16BigEndian(at),
                (5, false) => BinaryPrimitives.ReadInt32LittleEndian(at),
                (5, true) => BinaryPrimitives.ReadInt32BigEndian(at),
                (6, false) => BinaryPrimitives.ReadUInt32LittleEndian(at),
                (6, true) => BinaryPrimitives.ReadUInt32BigEndian(at),
                (7, false) => BinaryPrimitives.ReadSingleLittleEndian(at),
                (7, true) => BinaryPrimitives.ReadSingleBigEndian(at),
                (9, false) => BinaryPrimitives.ReadDoubleLittleEndian(at),
                (9, true) => BinaryPrimitives.ReadDoubleBigEndian(at),
                (12, false) => BinaryPrimitives.ReadInt64LittleEndian(at),
                (12, true) => BinaryPrimitives.ReadInt64BigEndian(at),
                (13, false) => BinaryPrimitives.ReadUInt64LittleEndian(at),
                _ => BinaryPrimitives.ReadUInt64BigEndian(at),
            };
        }
    }

    /// <summary>Null where the type is not one of numbers, or the bytes are not a whole number of them.</summary>
    public static MatNumbers? Create(int type, byte[] bytes, bool bigEndian)
    {
        var width = type switch
        {
            1 or 2 => 1,
            3 or 4 => 2,
            5 or 6 or 7 => 4,
            9 or 12 or 13 => 8,
            _ => 0,
        };
        return width == 0 || bytes.Length % width != 0 ? null : new MatNumbers(type, bytes, bigEndian, width);
    }
}
