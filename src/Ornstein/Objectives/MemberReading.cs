using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Remedies;
using static TorchSharp.torch;

namespace Ornstein.Objectives;

/// <summary>One member's part of a pass, cut out when asked for.</summary>
/// <param name="vae">The stack.</param>
/// <param name="pass">Its pass.</param>
/// <param name="costs">What its KLs cost.</param>
/// <param name="x">Data of the batch, [members or 1, batch, features].</param>
/// <param name="member">Which member.</param>
internal sealed class MemberReading(HierarchicalVae vae, ObjectivePass pass, KlCosts costs, Tensor x, int member) : IObjectiveReading
{
    public Tensor Data => field ??= Own(x);

    public IReadOnlyList<Tensor> Samples => field ??= [.. pass.Read.Samples.Select(Own)];

    public IReadOnlyList<DiagonalGaussian> Q => field ??= [.. pass.Read.Layers.Select(Own)];

    public IReadOnlyList<DiagonalGaussian> P => field ??= [.. pass.Generative.Select(Own)];

    public Tensor Reconstruction => field ??= Own(pass.Reconstruction);

    public IReadOnlyList<Tensor> UnitKl => field ??= [.. Layers.Select(layer => OfMember(costs.Units(layer)))];

    public IReadOnlyList<Tensor> Kl => field ??= [.. Layers.Select(layer => OfMember(costs.Of(layer)))];

    public DiagonalGaussian Infer(int layer, Tensor below) => Alone.Inference(layer, below);

    public Tensor Generate(int layer, Tensor z) => layer == 0 ? Alone.Decode(z) : Alone.Generative(layer - 1, z).Mean;

    // A stack of one is a member itself.
    private HierarchicalVae Alone => vae.Members.Count == 1 ? vae : vae.Single(member);

    private IEnumerable<int> Layers => Enumerable.Range(0, pass.Read.Layers.Count);

    private DiagonalGaussian Own(DiagonalGaussian layer) => new(Own(layer.Mean), Own(layer.StandardDeviation));

    // Rows of the first sample. An axis of size 1 does not vary.
    private Tensor Own(Tensor values) => values.shape is [_, 1, ..] or [_] ? OfMember(values) : OfMember(values).narrow(1, 0, x.shape[1]);

    private Tensor OfMember(Tensor values) => values.shape[0] == 1 ? values : values.narrow(0, member, 1);
}
