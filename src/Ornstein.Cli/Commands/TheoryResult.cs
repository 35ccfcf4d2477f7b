using Ornstein.Experiments.Tables;
using Ornstein.Experiments.Text;
using Ornstein.Smoothing;
using Ornstein.Theory;

namespace Ornstein.Cli.Commands;

/// <summary>One eigen-direction: where each layer above the first drops it.</summary>
internal sealed record TheoryDirection(double Eigenvalue, IReadOnlyList<LayerTransition> Transitions);

/// <summary>The document of <c>theory</c>.</summary>
internal sealed record TheoryResult
{
    public required string Data { get; init; }

    public required int Features { get; init; }

    public required double TotalVariance { get; init; }

    public required double DecoderVariance { get; init; }

    public required int Depth { get; init; }

    /// <summary>Null for exact smoothing.</summary>
    public required int? Draws { get; init; }

    public required SmoothingSampler Sampler { get; init; }

    public required bool SmoothsQ { get; init; }

    public string Assumptions { get; } =
        "linear-Gaussian model, smoothed objective in its KL form, fixed decoder variance, a unit per direction in every layer; "
        + "for other models a guide, not a prediction";

    public required IReadOnlyList<TheoryDirection> Directions { get; init; }

    public required IReadOnlyList<RhoPrediction> Rhos { get; init; }

    public static TheoryResult Of(TheoryRequest request, string data, double[] spectrum, CancellationToken cancellation)
    {
        T Stoppable<T>(Func<T> part)
        {
            cancellation.ThrowIfCancellationRequested();
            return part();
        }

        var (variance, smoothing) = (request.DecoderVariance, request.Smoothing);
        return new TheoryResult
        {
            Data = data,
            Features = spectrum.Length,
            TotalVariance = spectrum.Sum(),
            DecoderVariance = variance,
            Depth = smoothing.Layers,
            Draws = smoothing.Draws,
            Sampler = smoothing.Sampler,
            SmoothsQ = smoothing.SmoothsQ,
            Directions = [.. spectrum.Take(request.Directions).Select(value =>
                Stoppable(() => new TheoryDirection(value, Cascade.Transitions(value / variance, smoothing))))],
            Rhos = [.. request.Rho.Select(rho => Stoppable(() => LinearPrediction.At(spectrum, variance, rho, smoothing)))],
        };
    }

    public void Write(TextWriter output)
    {
        var draws = (Draws, Sampler) switch
        {
            (null, _) => "exact smoothing",
            ({ } k, var sampler) => $"{k} {sampler.ToString().ToLowerInvariant()} draw{(k == 1 ? "" : "s")}",
        };
        output.WriteLine($"{PrintableText.Of(Data)}: {Features} direction{(Features == 1 ? "" : "s")}, total variance {Short(TotalVariance)}; "
            + $"decoder variance {Short(DecoderVariance)}, {Depth} layers, {(SmoothsQ ? "p and q" : "p")} smoothed, {draws}");
        output.WriteLine();
        string[] layers = [.. Enumerable.Range(2, Depth - 1).Select(layer => $"z{layer} active below rho")];
        Table.Write(
            output,
            ["direction", "eigenvalue", .. layers],
            Directions.Select((d, i) => (string[])[$"{i + 1}", Short(d.Eigenvalue), .. d.Transitions.Select(Words)]));
        if (Features > Directions.Count) output.WriteLine($"... and {Features - Directions.Count} smaller (--directions {Features} lists all)");
        output.WriteLine();
        string[] kls = [.. Enumerable.Range(1, Depth).Select(layer => $"KL z{layer}")];
        Table.Write(
            output,
            ["rho", .. Draws is null ? Array.Empty<string>() : ["effective"], .. kls, "directions in z1, z2, ..."],
            Rhos.Select(r => (string[])
            [
                PhaseWords.Number(r.Rho),
                .. Draws is null ? Array.Empty<string>() : [PhaseWords.Number(r.EffectiveRho)],
                .. r.Kl.Select(kl => TableNumber.Text(kl, "0.0000")),
                string.Join(' ', r.ActiveDirections),
            ]));
        output.WriteLine("KL in nats per datum, summed over directions");
        if (Rhos.Any(r => r.EffectiveRho == 0)) output.WriteLine("rho 0 stands for its limit from above, where the KL above z1 goes to 0");
        output.WriteLine();
        output.WriteLine("assumes: " + Assumptions);
    }

    private static string Short(double value) => TableNumber.Text(value, "0.####");

    private static string Words(LayerTransition transition)
    {
        if (transition.CriticalRho is not { } critical) return "none";
        var lowest = transition.LowestRho > 0 ? $" above {Short(transition.LowestRho.Value)}" : "";
        return $"{Short(critical)}{lowest}{(transition.IsContinuous ? "" : " (jump)")}";
    }
}
