using Ornstein;
using Ornstein.Fuzz;
using Ornstein.Fuzzing;

try
{
    switch (args)
    {
        case ["fuzz", .. var rest]:
            return FuzzCommand.Run(FuzzOptions.Parse(rest));
        case ["seeds", var name, var folder]:
            GuidedFuzzing.WriteSeeds(FuzzTargets.Named(name), folder);
            return 0;
        case ["guided", var name]:
            GuidedFuzzing.Run(FuzzTargets.Named(name));
            return 0;
        default:
            throw new OrnsteinException(FuzzOptions.Usage);
    }
}
catch (OrnsteinException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
