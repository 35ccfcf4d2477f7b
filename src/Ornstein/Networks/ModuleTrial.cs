using Ornstein.Randomness;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>What a module does with a few rows before any training: the shape that it gives, whether it draws, whether rows depend on each other.</summary>
internal static class ModuleTrial
{
    private const int Rows = 4;

    /// <summary>The shape of what it gives.</summary>
    /// <exception cref="OrnsteinException">It cannot read its input, gives other rows, numbers that are not finite, or other numbers at every call.</exception>
    public static Shape OutputOf(nn.Module<Tensor, Tensor> module, NetworkPlace place)
    {
        var output = Call(module, place, Input(place, "rows"), seed: 1, isTraining: false);
        if (output.dim() < 2 || output.shape[0] != Rows)
        {
            throw new OrnsteinException(
                $"the network of {place.Name} gives [{string.Join(", ", output.shape)}] for {Rows} rows of {place.Input}; it must give [{Rows}, ...], a row for each.");
        }

        if (output.dtype != ScalarType.Float32)
            throw new OrnsteinException($"the network of {place.Name} gives {output.dtype}; networks compute with Float32.");
        if (!output.isfinite().all().item<bool>()) throw new OrnsteinException($"the network of {place.Name} gives numbers that are not finite at its first call.");
        if (!Equal(output, Call(module, place, Input(place, "rows"), seed: 2, isTraining: false)))
            throw new OrnsteinException($"the network of {place.Name} draws random numbers when it is evaluated, so that nothing could be measured twice; let it draw in training alone.");
        return new Shape([.. output.shape[1..].Select(axis => (int)axis)]);
    }

    /// <summary>Whether it draws in training, and whether its rows depend on each other there.</summary>
    public static (bool IsRandom, bool CouplesRows) BehaviourOf(nn.Module<Tensor, Tensor> module, NetworkPlace place)
    {
        var (rows, others) = (Input(place, "rows"), Input(place, "others"));
        var mixed = cat([rows.narrow(0, 0, 1), others.narrow(0, 1, Rows - 1)], 0);
        var output = Call(module, place, rows, seed: 1, isTraining: true);
        var isRandom = !Equal(output, Call(module, place, rows, seed: 2, isTraining: true));
        var couples = !Equal(output.narrow(0, 0, 1), Call(module, place, mixed, seed: 1, isTraining: true).narrow(0, 0, 1));
        return (isRandom, couples);
    }

    /// <summary>That a module fails.</summary>
    public static OrnsteinException Fails(NetworkPlace place, long[] shape, Exception error) =>
        PartFailure.Of($"the network of {place.Name} fails on [{string.Join(", ", shape)}] (rows of {place.Input})", error);

    private static Tensor Call(nn.Module<Tensor, Tensor> module, NetworkPlace place, Tensor x, long seed, bool isTraining)
    {
        GlobalGenerator.Seed(RandomKey.FromSeed(seed));
        var before = x.clone();
        Tensor output;
        try
        {
            module.train(isTraining);
            output = module.forward(x);
        }
        catch (Exception error) when (PartFailure.IsOwn(error))
        {
            throw Fails(place, x.shape, error);
        }

        if (output is null) throw new OrnsteinException($"the network of {place.Name} gives nothing for rows of {place.Input}; its forward must give a tensor.");
        // What it reads are samples and data that others read too.
        if (!Equal(before, x))
            throw new OrnsteinException($"the network of {place.Name} writes into what it reads; let its first operation make a tensor of its own (inplace: false).");
        return output;
    }

    // Normal draws of this library: the global generator is the module's.
    private static Tensor Input(NetworkPlace place, string name) =>
        RandomKey.FromSeed(0).At(name).Normal([Rows, .. place.Input.Axes.Select(axis => (long)axis)]);

    private static bool Equal(Tensor first, Tensor second) => first.shape.SequenceEqual(second.shape) && first.eq(second).all().item<bool>();
}
