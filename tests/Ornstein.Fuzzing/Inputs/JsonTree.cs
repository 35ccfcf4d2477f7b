using System.Text;
using System.Text.Json;

namespace Ornstein.Fuzzing.Inputs;

/// <summary>JSON as a tree whose leaves and keys are raw text, so that it can hold what no document may: keys twice, numbers that are none, half surrogates.</summary>
internal sealed class JsonTree
{
    private string? _raw;

    /// <summary>A leaf, or any text in its place.</summary>
    public JsonTree(string raw) => _raw = raw;

    private JsonTree()
    {
    }

    /// <summary>The entries of an object, keys with their quotes; null for anything else.</summary>
    public List<(string Key, JsonTree Value)>? Members { get; private set; }

    /// <summary>The entries of a list; null for anything else.</summary>
    public List<JsonTree>? Items { get; private set; }

    public bool IsLeaf => _raw is not null;

    /// <summary>The tree of a sound document.</summary>
    public static JsonTree Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return Of(document.RootElement);
    }

    /// <summary>It and all below it.</summary>
    public List<JsonTree> All()
    {
        var all = new List<JsonTree> { this };
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var (_, value) in all[i].Members ?? []) all.Add(value);
            all.AddRange(all[i].Items ?? []);
        }

        return all;
    }

    public JsonTree Copy() => new()
    {
        _raw = _raw,
        Members = Members?.ConvertAll(member => (member.Key, member.Value.Copy())),
        Items = Items?.ConvertAll(item => item.Copy()),
    };

    /// <summary>Takes the place of what it was.</summary>
    public void Become(JsonTree other) => (_raw, Members, Items) = (other._raw, other.Members, other.Items);

    /// <summary>Whether its text has more characters than some, without making it.</summary>
    public bool IsLongerThan(int limit)
    {
        var left = limit;
        return !Fits(ref left);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private static JsonTree Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonTree { Members = [.. element.EnumerateObject().Select(member => (JsonSerializer.Serialize(member.Name), Of(member.Value)))] },
        JsonValueKind.Array => new JsonTree { Items = [.. element.EnumerateArray().Select(Of)] },
        _ => new JsonTree(element.GetRawText()),
    };

    private bool Fits(ref int left)
    {
        left -= 2 + (_raw?.Length ?? 0);
        foreach (var (key, value) in Members ?? [])
        {
            left -= 2 + key.Length;
            if (left < 0 || !value.Fits(ref left)) return false;
        }

        foreach (var item in Items ?? [])
        {
            if (left < 0 || !item.Fits(ref left)) return false;
        }

        return left >= 0;
    }

    private void Write(StringBuilder text)
    {
        if (_raw is not null)
        {
            text.Append(_raw);
            return;
        }

        text.Append(Members is null ? '[' : '{');
        var isFirst = true;
        foreach (var (key, value) in Members ?? Items!.ConvertAll(item => ("", item)))
        {
            if (!isFirst) text.Append(',');
            isFirst = false;
            if (Members is not null) text.Append(key).Append(':');
            value.Write(text);
        }

        text.Append(Members is null ? ']' : '}');
    }
}
