using Ornstein.Remedies;
using Ornstein.Tensors;

namespace Ornstein.Tests.Remedies;

/// <summary>A stranger's remedy, of public parts alone: the KL of every layer is drawn to a capacity (Burgess et al. 2018).</summary>
public sealed record Capacity(double Nats) : IRemedy
{
    public static RemedyKind Kind { get; } = new("capacity", text => new Capacity(text.Number())) { Value = "a number of nats" };

    public string Name => Kind.Name;

    public WrittenRemedy? Written => new(Name, Nats);

    public void Validate(int layers)
    {
        if (!(Nats >= 0)) throw new OrnsteinException($"the capacity is {Nats} nats; it must be at least 0.");
    }

    public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock) => terms with { Kl = [.. terms.Kl.Select(kl => kl.Minus(Nats).abs())] };
}
