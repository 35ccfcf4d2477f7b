using Ornstein;
using Ornstein.Kill;
using Ornstein.Kill.Hands;

try
{
    return args is ["hands", .. var words] ? HandsCommand.Run(HandsOptions.Parse(words)) : KillCommand.Run(KillOptions.Parse(args));
}
catch (OrnsteinException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
