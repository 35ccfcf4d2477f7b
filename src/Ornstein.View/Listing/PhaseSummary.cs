using System.Text.Json;
using System.Text.Json.Serialization;
using Ornstein.Results;

namespace Ornstein.View.Listing;

/// <summary>What the list needs of a <c>phase.json</c>: most of such a file is numbers of single units, which are passed over.</summary>
internal sealed record PhaseSummary
{
    private static readonly JsonSerializerOptions _options = new(ResultJson.Line) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    public int Epochs { get; init; }

    public Member[] Members { get; init; } = [];

    public Critical? CriticalRho { get; init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="OrnsteinException">It is damaged.</exception>
    public static PhaseSummary Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize<PhaseSummary>(file, _options) is { } summary && Array.TrueForAll(summary.Members, member => member is not null) ? summary : throw new JsonException();
        }
        catch (JsonException error)
        {
            throw new OrnsteinException($"'{Path.GetFileName(path)}' is damaged or of another version.", error);
        }
    }

    internal sealed record Member
    {
        public string? Status { get; init; }

        public double Elbo { get; init; }

        public double TopKl { get; init; }

        public Number[]? Information { get; init; }
    }

    internal sealed record Number(double Value);

    internal sealed record Critical(double Estimate);
}
