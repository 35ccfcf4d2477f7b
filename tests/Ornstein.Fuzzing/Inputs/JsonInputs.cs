using System.Text;

namespace Ornstein.Fuzzing.Inputs;

/// <summary>
/// Changes JSON by its structure: values of another kind, numbers that overflow or are none, keys twice, half surrogates, deep nesting, long lists, entries that are
/// gone or moved. Some results are changed as bytes on top, which breaks the syntax and the UTF-8.
/// </summary>
internal static class JsonInputs
{
    private static readonly string[] _values =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "2", "0.5", "1.5", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "-Infinity", "2147483647", "2147483648", "-2147483648", "4294967296",
        "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e18", "123456789012345678901234567890", "0.1e-400", "{}", "[]", "[[]]", "[null]", "[0]", "[{}]", "{\"a\":1}", "\"\"",
        "\"none\"", "\"null\"", "\"0.5\"", "\"8x14x14\"", "\"a\\nb\"", "\"\\u0000\"", "\"\\u001b[31m\"", "\"\\u202e\"", "\"\\u2028\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"../../x\"",
        "\"/etc/passwd\"", "\"~\"", "\"digits\"", "\"gaussian\"", "\"ok\"", "\"auto\"",
    ];

    private static readonly string[] _keys = ["\"\"", "\"a\"", "\"\\ud800\"", "\"\\u0065pochs\"", "\"format\"", "\"$type\"", "\"$ref\"", "\"__proto__\"", "\"data\\u0000\"", "\"settings\""];

    /// <summary>One of the seeds, mostly changed.</summary>
    /// <param name="random">Random numbers.</param>
    /// <param name="seeds">Sound documents.</param>
    /// <param name="own">Values that mean something to the parser, as JSON.</param>
    public static byte[] Of(Random random, IReadOnlyList<JsonTree> seeds, IReadOnlyList<string>? own = null)
    {
        var tree = ByteInputs.One(random, seeds).Copy();
        var kind = random.Next(100);
        if (kind >= 3)
        {
            var changes = 1 + (random.Next(4) == 0 ? random.Next(8) : random.Next(2));
            for (var i = 0; i < changes; i++)
            {
                Change(random, tree, own);
                if (tree.IsLongerThan(4 * ByteInputs.Longest)) tree = ByteInputs.One(random, seeds).Copy(); // pieces within pieces grow without end
            }
        }

        var text = tree.ToString();
        var bytes = Encoding.UTF8.GetBytes(text);
        if (kind < 80) return bytes;
        return kind < 82 ? [0xEF, 0xBB, 0xBF, .. bytes] : kind < 84 ? Encoding.Unicode.GetBytes(text) : ByteInputs.Changed(random, bytes);
    }

    private static void Change(Random random, JsonTree tree, IReadOnlyList<string>? own)
    {
        var all = tree.All();
        var at = ByteInputs.One(random, all);
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                at.Become(Value(random, own));
                break;
            case 3:
                at.Become(ByteInputs.One(random, all).Copy());
                break;
            case 4:
                at.Become(Nested(random));
                break;
            case 5:
                at.Become(new JsonTree("\"" + new string((char)('a' + random.Next(26)), random.Next(5) == 0 ? 20_000 : random.Next(300)) + "\""));
                break;
            default:
                ChangeWithin(random, at.IsLeaf ? ByteInputs.One(random, all) : at, own);
                break;
        }
    }

    private static void ChangeWithin(Random random, JsonTree at, IReadOnlyList<string>? own)
    {
        if (at.Members is { Count: > 0 } members)
        {
            var i = random.Next(members.Count);
            switch (random.Next(5))
            {
                case 0:
                    members.RemoveAt(i);
                    break;
                case 1:
                    members.Add(members[i]);
                    break;
                case 2:
                    members[i] = (ByteInputs.One(random, _keys), members[i].Value);
                    break;
                case 3:
                    members.Insert(i, (ByteInputs.One(random, _keys), new JsonTree(ByteInputs.One(random, _values))));
                    break;
                default:
                    for (var n = Math.Min(random.Next(200), Room(members[i].Value)); n > 0; n--) members.Add(($"\"k{n}\"", members[i].Value));
                    break;
            }
        }
        else if (at.Items is { } items)
        {
            var i = random.Next(items.Count + 1);
            if (items.Count > 0 && random.Next(3) == 0) items.RemoveAt(Math.Min(i, items.Count - 1));
            else if (items.Count == 0 || random.Next(3) > 0) items.Insert(i, Value(random, own));
            else for (var n = Math.Min(random.Next(8) == 0 ? random.Next(3000) : random.Next(20), Room(items[i % items.Count])); n > 0; n--) items.Add(items[i % items.Count]);
        }
        else
        {
            at.Become(Value(random, own));
        }
    }

    // Times that a piece fits into an input.
    private static int Room(JsonTree piece) => ByteInputs.Longest / (1 + piece.ToString().Length);

    private static JsonTree Value(Random random, IReadOnlyList<string>? own) => new(
        own is not null && random.Next(2) == 0 ? ByteInputs.One(random, own)
        : random.Next(6) == 0 ? ByteInputs.Extreme(random).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : ByteInputs.One(random, _values));

    private static JsonTree Nested(Random random)
    {
        var depth = random.Next(4) == 0 ? random.Next(20_000) : random.Next(130);
        return new JsonTree(random.Next(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth));
    }
}
