using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Steps;

/// <summary>
/// The programs of a stack's members, made before the first step. A member whose rho moves has one for every pattern of links that are smoothed at some time:
/// a link whose rho has reached 1 costs no inner draws any more.
/// </summary>
internal sealed class MemberPrograms
{
    private readonly StepProgram[][] _programs; // of every member; the first is right at any time
    private readonly StepScalars _scalars;

    /// <summary>Those of a stack.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="batch">Data of a batch.</param>
    /// <param name="scalars">Numbers of each member.</param>
    /// <param name="mostSamples">Samples of a datum that are planned for at most.</param>
    /// <param name="mostRows">Rows of a product, at most, where a batch can be worked on in slices.</param>
    public MemberPrograms(HierarchicalVae vae, int batch, StepScalars scalars, int mostSamples = int.MaxValue, int mostRows = StepProgram.MostRows)
    {
        _scalars = scalars;
        var known = new Dictionary<ProgramKind, StepProgram>();
        _programs = [.. vae.Members.Select(member =>
        {
            var links = Enumerable.Range(0, vae.Options.Layers - 1).ToArray();
            ProgramKind Kind(Func<int, bool> isSmoothed)
            {
                var kind = ProgramKind.Trained(member.Remedy, links.Select(isSmoothed));
                return kind with { Samples = Math.Min(kind.Samples, mostSamples) };
            }

            ProgramKind[] kinds =
            [
                Kind(link => member.MaySmooth(link, links.Length)),
                .. Remedy.Moments().Select(clock => Kind(link => member.RhoOf(link, links.Length, clock) != 1)).Distinct(),
            ];
            return kinds.Distinct().Select(kind =>
            {
                if (!known.TryGetValue(kind, out var program)) known.Add(kind, program = new StepProgram(vae, batch, kind, scalars, mostRows));
                return program;
            }).ToArray();
        })];
        All = [.. known.Values];
    }

    /// <summary>Every program once.</summary>
    public IReadOnlyList<StepProgram> All { get; }

    /// <summary>All of a member.</summary>
    public IReadOnlyList<StepProgram> AllOf(int member) => _programs[member];

    /// <summary>A member's program at the moment that its numbers stand at.</summary>
    public StepProgram Of(int member)
    {
        var own = _programs[member];
        foreach (var program in own)
        {
            if (program.Kind.Fits(_scalars.Rho, member)) return program;
        }

        return own[0]; // at rho 1 the points of all draws are z
    }
}
