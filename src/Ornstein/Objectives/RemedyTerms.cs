using Ornstein.Models;
using Ornstein.Remedies;
using static TorchSharp.torch;

namespace Ornstein.Objectives;

/// <summary>What remedies with terms of their own (<see cref="IRemedy.Apply"/>) make of the objective, every member's on its own part of the pass.</summary>
internal sealed class RemedyTerms
{
    private readonly KlCosts _costs;
    private readonly ObjectiveTerms[] _members;

    /// <summary>Those of a stack at a moment of the training.</summary>
    public RemedyTerms(HierarchicalVae vae, ObjectivePass pass, KlCosts costs, Tensor x, TrainingClock clock)
    {
        _costs = costs;
        _members = new ObjectiveTerms[vae.Members.Count];
        for (var i = 0; i < _members.Length; i++)
        {
            var terms = new ObjectiveTerms(new MemberReading(vae, pass, costs, x, i));
            foreach (var part in vae.Members[i].Remedy.Parts)
            {
                terms = part.Apply(terms, clock) ?? throw new OrnsteinException($"the remedy '{part.Name}' gives no terms of the objective; give those it got.");
                if (terms.ChangesKl) Require(part, terms.Kl, vae.Options.Layers, vae.Members[i].Remedy.Joint);
            }

            _members[i] = terms;
        }
    }

    /// <summary>What is added to members' objectives, nats, [members]; null for nothing.</summary>
    public Tensor? Extra => Array.TrueForAll(_members, terms => terms.Extra is null) ? null : cat([.. _members.Select(terms => terms.Extra ?? zeros(1))], 0);

    /// <summary>What a layer's KL costs before its weight, nats, [members, 1].</summary>
    public Tensor Cost(int layer) => Array.TrueForAll(_members, terms => !terms.ChangesKl)
        ? _costs.Of(layer)
        : cat([.. _members.Select((terms, i) => terms.ChangesKl ? terms.Kl[layer].reshape(1, 1) : _costs.Of(layer).narrow(0, i, 1))], 0);

    private static void Require(IRemedy part, IReadOnlyList<Tensor> kl, int layers, JointSamples? joint)
    {
        if (joint is not null)
            throw new OrnsteinException($"the remedy '{part.Name}' changes what KLs cost, and an objective of joint samples has none; leave one of the two out.");
        if (kl.Count != layers || kl.Any(cost => cost.numel() != 1))
            throw new OrnsteinException($"the remedy '{part.Name}' must give one number for the KL of each of {layers} layers.");
    }
}
