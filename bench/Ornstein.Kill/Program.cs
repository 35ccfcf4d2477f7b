using Ornstein;
using Ornstein.Kill;

try
{
    return KillCommand.Run(KillOptions.Parse(args));
}
catch (OrnsteinException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
