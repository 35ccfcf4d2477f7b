using Ornstein.Models;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>What q makes of the data without samples, as operations: <see cref="InferenceProgram.FromData"/>.</summary>
internal sealed class EncoderProgram
{
    /// <summary>The program.</summary>
    /// <param name="vae">The model.</param>
    /// <param name="data">Data at a time.</param>
    public EncoderProgram(HierarchicalVae vae, int data)
    {
        var isCapped = vae.Members.Any(member => ProgramKind.IsCappedBy(member.Remedy)); // a member without one has a cap that does nothing
        var kind = ProgramKind.Measured(Enumerable.Repeat(false, vae.Options.Layers - 1), isCapped);
        var build = new ProgramBuilder(vae, data, kind, new StepScalars(vae), withGradients: false);
        X = build.Given(vae.Options.Features);
        Layers = InferenceProgram.FromData(build, X);
        (Memory, Operations) = (build.Memory, [.. build.Operations]);
    }

    /// <summary>Where everything lies.</summary>
    public WorkspacePlan Memory { get; }

    /// <summary>What is done, in order.</summary>
    public IOperation[] Operations { get; }

    /// <summary>The data, [1, data, features].</summary>
    public Slot X { get; }

    /// <summary>The Gaussians.</summary>
    public GaussianSlots[] Layers { get; }

    /// <summary>Units of each of the Gaussians.</summary>
    public static IEnumerable<int> Units(HierarchicalVae vae) =>
        vae.Options.Inference == InferenceKind.Ladder ? vae.Options.Units : vae.Options.Units.Take(1);
}
