using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

#pragma warning disable RS0030 // as a TorchSharp user would write it: what its numbers cost is part of what is timed

namespace Ornstein.Bench.Peers;

/// <summary>x + c2(silu(c1(silu(x)))).</summary>
internal sealed class ResidualModule : Module<Tensor, Tensor>
{
    private readonly Conv2d _first, _second;

    public ResidualModule(int width) : base("residual")
    {
        (_first, _second) = (Conv2d(width, width, 3, padding: 1), Conv2d(width, width, 3, padding: 1));
        init.zeros_(_second.weight);
        init.zeros_(_second.bias!);
        register_module("first", _first);
        register_module("second", _second);
    }

    public override Tensor forward(Tensor input) => input + _second.call(functional.silu(_first.call(functional.silu(input))));
}

/// <summary>
/// Residual blocks at every size of map between two shapes; the decoder adds a parameter for every number. Modules have the names of Ornstein's parameters, so that weights can be given by name.
/// </summary>
internal sealed class ConvolutionalModule : Module<Tensor, Tensor>
{
    private const int SmallestSide = 8; // of the map that a vector is connected to, where halves go that far

    private readonly List<Module<Tensor, Tensor>> _steps = [];
    private readonly Parameter? _offset;
    private int _number;

    public ConvolutionalModule(Shape source, Shape target, int width, int blocks, bool hasOffset = false) : base("network")
    {
        var size = source.IsMap ? SizeOf(source) : Smallest(SizeOf(target));
        var (height, across) = size;
        var wanted = target.IsMap ? SizeOf(target).Height : Smallest(size).Height;
        if (source.IsMap) Add("stem", Conv2d(source.Axes[0], width, 3, padding: 1));
        else Connect($"stem{++_number}", source, new Shape(width, height, across));
        AddBlocks(width, blocks);
        for (; height > wanted; (height, across) = (height / 2, across / 2))
        {
            Add("down", Conv2d(width, width, 3, stride: 2, padding: 1));
            AddBlocks(width, blocks);
        }

        for (; height < wanted; (height, across) = (height * 2, across * 2))
        {
            Append($"double before {_number + 1}", Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest));
            Add("up", Conv2d(width, width, 3, padding: 1));
            AddBlocks(width, blocks);
        }

        Add("activate", SiLU());
        if (target.IsMap) Append("output", Conv2d(width, target.Axes[0], 3, padding: 1));
        else Connect("output", new Shape(width, height, across), target);
        if (!hasOffset) return;
        _offset = Parameter(zeros([.. target.Axes.Select(axis => (long)axis)]));
        register_parameter("offset", _offset);
    }

    public override Tensor forward(Tensor input)
    {
        foreach (var step in _steps) input = step.call(input);
        return _offset is null ? input : input + _offset;
    }

    private void AddBlocks(int width, int blocks)
    {
        for (var i = 0; i < blocks; i++) Add("block", new ResidualModule(width));
    }

    private void Add(string name, Module<Tensor, Tensor> step) => Append($"{name}{++_number}", step);

    private void Append(string name, Module<Tensor, Tensor> step)
    {
        register_module(name, step);
        _steps.Add(step);
    }

    // An affine function of all numbers of a row.
    private void Connect(string name, Shape source, Shape target)
    {
        if (source.IsMap) Append($"{name} flat", Flatten());
        Append(name, Linear(source.Units, target.Units));
        if (target.IsMap) Append($"{name} map", Unflatten(1, [.. target.Axes.Select(axis => (long)axis)]));
    }

    private static (int Height, int Across) SizeOf(Shape map) => (map.Axes[1], map.Axes[2]);

    private static (int Height, int Across) Smallest((int Height, int Across) size)
    {
        var (height, across) = size;
        while (height % 2 == 0 && across % 2 == 0 && Math.Max(height, across) > SmallestSide) (height, across) = (height / 2, across / 2);
        return (height, across);
    }
}
