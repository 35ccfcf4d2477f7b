using System.Text.Json;
using CsCheck;
using Ornstein.Experiments.Settings;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;

namespace Ornstein.Cli.Tests.Settings;

public class RemedyEntryTests
{
    /// <summary>Remedies of any kind, in range each; not all go together.</summary>
    private static readonly Gen<Remedy> _remedies =
        from warmUp in Gen.OneOf(
            Gen.Double[0.01, 1e22].Select(epochs => new KlWarmUp { Epochs = epochs }),
            Gen.Int[1, 50].Select(cycles => new KlWarmUp { Shape = WarmUpShape.Cyclic, Cycles = cycles })).Null()
        from beta in Gen.Double[0, 1e21].Array[1, 4].Null()
        from bits in Gen.Select(Gen.Double[1e-7, 3], Gen.Enum<FreeBitsScope>(), Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 1]))
            .Select((nats, scope, cooldown) => new FreeBits { Nats = nats, Scope = scope, Cooldown = cooldown }).Null()
        from annealing in Gen.Select(Gen.Double[0, 1].Array[1, 4].Null(), Gen.Double[0.01, 1], Gen.Enum<AnnealingOrder>(), Gen.Bool)
            .Select((to, until, order, byEpoch) => new RhoAnnealing { To = to ?? [1], Until = until, Order = order, ByEpoch = byEpoch }).Null()
        from importance in Gen.Select(Gen.Int[2, 5000], Gen.Enum<ImportanceGradient>())
            .Select((samples, gradient) => new ImportanceObjective { Samples = samples, Gradient = gradient }).Null()
        from rate in Gen.Double[1e-6, 50].Nullable()
        from aggressive in Gen.Select(Gen.Int[1, 50], Gen.OneOf(Gen.Const(5.0), Gen.Double[0.1, 50]))
            .Select((updates, epochs) => new AggressiveEncoder { Updates = updates, Epochs = epochs }).Null()
        select new Remedy
        {
            WarmUp = warmUp,
            Beta = beta ?? [1],
            FreeBits = bits,
            Annealing = annealing,
            Importance = importance,
            CommittedRate = rate ?? 0,
            Aggressive = aggressive,
        };

    [Fact]
    public void Parse_TextOfAnyRemedy_GivesTheSameRemedy() => _remedies.Sample(remedy =>
    {
        var entry = RemedyEntry.Of(remedy);
        var back = RemedyEntry.Parse(entry.ToString(), "--remedy");
        Assert.Equal(entry, back);
        AssertSame(remedy, back.Remedy);
    });

    [Fact]
    public void Json_OfAnyRemedy_IsItsTextAndReadsBack() => _remedies.Sample(remedy =>
    {
        var entry = RemedyEntry.Of(remedy);
        var json = JsonSerializer.Serialize(entry, ResultJson.Indented);
        Assert.Equal($"\"{entry}\"", json);
        AssertSame(remedy, JsonSerializer.Deserialize<RemedyEntry>(json, ResultJson.Indented)!.Remedy);
        var settings = RunSettings.ForPhase with { Remedy = [RemedyEntry.None, entry] };
        Assert.Equal(settings.Remedy, SettingsJson.Parse(SettingsJson.Write(settings, null), "config.json", new RunSettings()).Remedy);
    });

    [Theory]
    [InlineData("none", "none")]
    [InlineData("beta:1", "none")]
    [InlineData("beta:0.50", "beta:0.5")]
    [InlineData("beta:1/1/0.2", "beta:1/1/0.2")]
    [InlineData("beta:0.5+warm-up:20", "warm-up:20+beta:0.5")]
    [InlineData(" cyclic:4 + committed-rate:0.1 ", "cyclic:4+committed-rate:0.1")]
    [InlineData("min-rate:0.10", "committed-rate:0.1")] // as earlier versions wrote it
    [InlineData("free-bits:0.5:per=unit:cooldown=0", "free-bits:0.5")]
    [InlineData("free-bits:0.5:cooldown=0.3:per=layer", "free-bits:0.5:per=layer:cooldown=0.3")]
    [InlineData("anneal:to=1:until=0.6:order=together:by=step", "anneal")]
    [InlineData("anneal:by=epoch:order=highest-first:until=0.5:to=1/0.8", "anneal:to=1/0.8:until=0.5:order=highest-first:by=epoch")]
    [InlineData("iwae:5:gradient=reparameterized", "iwae:5")]
    [InlineData("iwae:5:gradient=dreg", "iwae:5:gradient=dreg")]
    [InlineData("aggressive:5:epochs=5", "aggressive:5")]
    [InlineData("aggressive:3:epochs=0.5", "aggressive:3:epochs=0.5")]
    public void ToString_OfAnEntry_LeavesDefaultsOutAndOrdersParts(string given, string canonical) =>
        Assert.Equal(canonical, RemedyEntry.Parse(given, "--remedy").ToString());

    [Fact]
    public void NameOf_Member_IsNullForNone()
    {
        Assert.Null(RemedyEntry.NameOf(new Member(1, 0)));
        Assert.Equal("beta:2", RemedyEntry.NameOf(new Member(1, 0) { Remedy = new Remedy { Beta = [2] } }));
    }

    [Theory]
    [InlineData("warmup:3", "--remedy warmup:3: there is no remedy 'warmup'; did you mean 'warm-up'?")]
    [InlineData("zz", "--remedy zz: there is no remedy 'zz'; there are none, warm-up, cyclic, beta, free-bits, anneal, iwae, committed-rate, aggressive")]
    [InlineData("warm-up:2+", "--remedy 'warm-up:2+' has an empty part; write none, or parts joined by '+', such as warm-up:20+beta:0.5")]
    [InlineData("none,", "--remedy '' has an empty part; write none, or parts joined by '+', such as warm-up:20+beta:0.5")]
    [InlineData("none+beta:2", "--remedy none+beta:2: none stands alone; leave it out beside others")]
    [InlineData("beta:0.5+beta:2", "--remedy beta:0.5+beta:2 has beta twice; give it once")]
    [InlineData("cyclic:2+warm-up:1", "--remedy cyclic:2+warm-up:1: warm-up and cyclic are both a warm-up of the KLs; give one of them")]
    [InlineData("none,beta:0.5,beta:0.50", "--remedy names beta:0.5 twice; give every value once")]
    [InlineData("warm-up", "--remedy warm-up lacks its value, a number of epochs; it is written warm-up:EPOCHS")]
    [InlineData("warm-up:x", "--remedy warm-up:x should have a number of epochs, but has 'x'; it is written warm-up:EPOCHS")]
    [InlineData("warm-up:NaN", "--remedy warm-up:NaN should have a finite number, but has 'NaN'; it is written warm-up:EPOCHS")]
    [InlineData("warm-up:0", "--remedy warm-up:0: warm-up takes 0 epochs; it must be above 0")]
    [InlineData("cyclic:2.5", "--remedy cyclic:2.5 should have a whole number of cycles, but has '2.5'; it is written cyclic:CYCLES")]
    [InlineData("cyclic:0", "--remedy cyclic:0: cyclic warm-up has 0 cycles; it must be at least 1")]
    [InlineData("beta:1/x", "--remedy beta:1/x should have a number, or one per layer joined by '/', but has '1/x'; it is written beta:WEIGHT or ")]
    [InlineData("beta:1/2", "--remedy beta:1/2: beta has 2 weights and the model 3 layers; give one, or one per layer")]
    [InlineData("beta:-1", "--remedy beta:-1: beta is -1; it must be at least 0")]
    [InlineData("free-bits:0.5:pre=layer", "--remedy free-bits:0.5:pre=layer: there is no key 'pre'; did you mean 'per'?")]
    [InlineData("free-bits:0.5:zzzzz=1", "--remedy free-bits:0.5:zzzzz=1: there is no key 'zzzzz'; it is written free-bits:NATS[:per=unit|layer][:cooldown=SHARE]")]
    [InlineData("free-bits:0.5:per=lay", "--remedy free-bits:0.5:per=lay: per should be one of unit, layer, but is 'lay'; did you mean 'layer'?")]
    [InlineData("free-bits:0.5:per=unit:per=layer", "--remedy free-bits:0.5:per=unit:per=layer has per twice; give it once")]
    [InlineData("free-bits:0.5:layer", "--remedy free-bits:0.5:layer: 'layer' has no place there; it is written free-bits:NATS[:per=unit|layer]")]
    [InlineData("free-bits:0.5:cooldown=x", "--remedy free-bits:0.5:cooldown=x: cooldown should be a number, but is 'x'")]
    [InlineData("free-bits:0.5:cooldown=2", "--remedy free-bits:0.5:cooldown=2: the cooldown of free bits is 2; it must lie in [0, 1]")]
    [InlineData("free-bits:0", "--remedy free-bits:0: free bits are 0 nats; they must be above 0")]
    [InlineData("free-bits:1+beta:0", "--remedy beta:0+free-bits:1: free bits with beta 0 make no sense: a KL of weight 0 costs nothing already")]
    [InlineData("anneal:3", "--remedy anneal:3: '3' has no place there; it is written anneal[:to=")]
    [InlineData("anneal:to=1/x", "--remedy anneal:to=1/x: to should be a number, or one per link joined by '/', but is '1/x'")]
    [InlineData("anneal:to=1/0/1", "--remedy anneal:to=1/0/1: annealing has 3 final rhos and the model 2 links; give one, or one per link")]
    [InlineData("anneal:to=1.5", "--remedy anneal:to=1.5: a final rho of annealing is 1.5; it must lie in [0, 1]")]
    [InlineData("anneal:until=0", "--remedy anneal:until=0: annealing ends at 0 of the training; it must lie in (0, 1]")]
    [InlineData("anneal:order=lowest", "--remedy anneal:order=lowest: order should be one of together, lowest-first, highest-first, but is 'lowest'; did you mean 'lowest-first'?")]
    [InlineData("iwae:1", "--remedy iwae:1: the importance-weighted objective needs at least 2 samples, not 1; leave it out to train the ELBO, whose form by joint samples, --objective joint, is")]
    [InlineData("iwae:1:gradient=dreg", "--remedy iwae:1:gradient=dreg: the doubly reparameterized gradient needs at least 2 samples, not 1: ")]
    [InlineData("iwae:5+free-bits:1", "--remedy free-bits:1+iwae:5: free bits limit the KLs of the ELBO; the importance-weighted objective has no KL terms")]
    [InlineData("iwae:5:gradient=dreg+beta:2", "--remedy beta:2+iwae:5:gradient=dreg: the doubly reparameterized gradient is that of the bound itself; leave ")]
    [InlineData("committed-rate:0", "--remedy committed-rate:0 should have a number of nats above 0, but has '0'; it is written committed-rate:NATS")]
    [InlineData("min-rate:0.1+committed-rate:0.2", "--remedy min-rate:0.1+committed-rate:0.2 has committed-rate twice; give it once")]
    [InlineData("none,min-rate:0.1,committed-rate:0.1", "--remedy names committed-rate:0.1 twice; give every value once")]
    [InlineData("min-rate:-1", "--remedy committed-rate:-1: the committed rate is -1 nats a unit; it must lie in [0, 50]")]
    [InlineData("committed-rate:-1", "--remedy committed-rate:-1: the committed rate is -1 nats a unit; it must lie in [0, 50]")]
    [InlineData("aggressive:0", "--remedy aggressive:0: aggressive updates of the encoder are 0 a step; it must be at least 1")]
    [InlineData("aggressive:5:epochs=0", "--remedy aggressive:5:epochs=0: aggressive updates of the encoder last 0 epochs; it must be above 0")]
    [InlineData("latent-reconstruction", "--remedy latent-reconstruction lacks its value, a number above 0")]
    [InlineData("latent-reconstruction:-1", "--remedy latent-reconstruction:-1: the weight of latent reconstruction is -1; it must be above 0")]
    [InlineData("latent-reconstruction:1+iwae:5:gradient=dreg", "--remedy iwae:5:gradient=dreg+latent-reconstruction:1: the doubly reparameterized gradient is that of the bound itself; leave ")]
    public void Bind_Mistake_NamesThePieceAndWhatIsRight(string remedy, string message) =>
        Assert.StartsWith(message, Shell.Mistake("phase", "--remedy", remedy));

    [Theory]
    [InlineData("--remedy anneal --latents 8 --hidden 8", "--remedy anneal: annealing moves the rho of the links between layers, and a single layer has none")]
    [InlineData("--remedy iwae:5:gradient=dreg --ladder", "--remedy iwae:5:gradient=dreg: the doubly reparameterized gradient takes q apart from p, and a ladder's")]
    [InlineData("--remedy iwae:5:gradient=dreg --smooth pq", "--remedy iwae:5:gradient=dreg: the doubly reparameterized gradient is offered with p")]
    [InlineData("--remedy none,beta:2 --refine 1", "--refine looks for the drop of one remedy; give a single one to --remedy, or leave --refine out")]
    [InlineData("--rho 1 --remedy anneal:to=0.5 --sampler gauss-hermite", "--sampler gauss-hermite with --draws 8 needs 8^16 points")]
    [InlineData("--skip generative --latents 9,9,9,9,9 --hidden 8,8,8,8,8 --draws 2 --sampler gauss-hermite", "--sampler gauss-hermite with --draws 2 needs 2^36 points")]
    [InlineData("--objective joint --remedy free-bits:1", "--remedy free-bits:1: free bits limit the KLs of the KL form; the joint form has log-ratios")]
    [InlineData("--remedy latent-reconstruction:1 --ladder", "--remedy latent-reconstruction:1: latent reconstruction takes links of two layers one by one")]
    [InlineData("--remedy latent-reconstruction:1 --skip both", "--remedy latent-reconstruction:1: latent reconstruction takes links of two layers one by one")]
    [InlineData("--remedy latent-reconstruction:1 --mean-norm 1", "--remedy latent-reconstruction:1: latent reconstruction takes data one by one")]
    [InlineData("--objective sampled", "--objective should be one of kl, joint, but is 'sampled'")]
    [InlineData("--ladder --latents 8 --hidden 8", "--ladder merges q with p from the layer above, and a single layer has none; give two --latents or more")]
    [InlineData("--ladder --hidden none", "--ladder climbs on hidden layers, and --hidden none leaves none; give hidden sizes")]
    [InlineData("--ladder --skip both", "--skip both beside --ladder: in a ladder every layer of q reads the data already; give --skip generative")]
    [InlineData("--skip generative --latents 8 --hidden 8", "--skip generative passes over layers, and a single layer leaves none to pass over; leave it out")]
    [InlineData("--skip up", "--skip should be one of none, generative, inference, both, but is 'up'")]
    [InlineData("--batch-norm --hidden none", "--batch-norm is applied to hidden layers, and --hidden none leaves none; give hidden sizes")]
    [InlineData("--decoder-variance 0.1 --likelihood categorical", "--decoder-variance 0.1 belongs to a gaussian likelihood, and --likelihood categorical ")]
    [InlineData("--decoder-sigma learned --likelihood bernoulli", "--decoder-sigma learned belongs to a gaussian likelihood, and --likelihood bernoulli ")]
    [InlineData("--decoder-sigma free", "--decoder-sigma should be one of fixed, learned, analytic, but is 'free'")]
    public void Bind_OptionsThatDoNotGoTogether_NamesThem(string arguments, string message) =>
        Assert.StartsWith(message, Shell.Mistake(["phase", .. arguments.Split(' ')]));

    /// <summary>Nothing that the library refuses gets past the options, and they refuse nothing else.</summary>
    [Fact]
    public void Validate_AnyArchitecture_RefusesWhatTheLibraryRefuses()
    {
        int[][] sizes = [[4], [4, 3]];
        foreach (var latents in sizes)
        foreach (var linear in new[] { false, true })
        foreach (var ladder in new[] { false, true })
        foreach (var skip in Enum.GetValues<SkipConnections>())
        foreach (var norm in new[] { false, true })
        foreach (var sigma in Enum.GetValues<GaussianVariance>())
        foreach (var likelihood in new[] { LikelihoodEntry.Bernoulli, LikelihoodEntry.Gaussian })
        {
            var settings = new RunSettings
            {
                Latents = [.. latents.Select(units => (Shape)units)], Hidden = linear ? [] : latents, Ladder = ladder, Skip = skip, BatchNorm = norm, DecoderSigma = sigma, Likelihood = likelihood,
            };
            ILikelihood kind = likelihood == LikelihoodEntry.Bernoulli ? Likelihood.Bernoulli : RunPlan.Gaussian(settings);
            // Of the library Bernoulli pixels cannot be asked for a variance.
            if (likelihood == LikelihoodEntry.Bernoulli && sigma != GaussianVariance.Fixed)
            {
                Assert.True(UsageError.Is(Assert.Throws<OrnsteinException>(() => settings.Validate())));
                continue;
            }

            var library = Record.Exception(() => RunPlan.Model(settings, 5, kind).Validate());
            var options = Record.Exception(() => settings.Validate());
            Assert.True(library is null == options is null, $"{SettingsArguments.ToCommandLine(settings, new RunSettings())}: {library?.Message} / {options?.Message}");
            if (options is not null) Assert.True(UsageError.Is(Assert.IsType<OrnsteinException>(options)));
        }
    }

    [Fact]
    public void Members_OfSeveralRemedies_AreByRhoThenRemedyThenSeed()
    {
        var settings = Shell.Settings("--rho", "0.5,1", "--remedy", "none,beta:2", "--seeds", "3,4");
        Assert.Equal(
            [(0.5, null, 3L), (0.5, null, 4), (0.5, "beta:2", 3), (0.5, "beta:2", 4), (1, null, 3), (1, null, 4), (1, "beta:2", 3), (1, "beta:2", 4)],
            RunPlan.Members(settings).Select(member => (member.Rho[0], RemedyEntry.NameOf(member), member.Seed)));
    }

    private static void AssertSame(Remedy expected, Remedy actual)
    {
        Assert.Equal(expected.Beta, actual.Beta);
        Assert.Equal(expected.Annealing?.To, actual.Annealing?.To);
        double[] none = [];
        Assert.Equal(Plain(expected), Plain(actual));
        Remedy Plain(Remedy remedy) => remedy with { Beta = none, Annealing = remedy.Annealing is { } annealing ? annealing with { To = none } : null };
    }
}
