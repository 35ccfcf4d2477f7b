using System.Runtime.CompilerServices;
using Ornstein.Randomness;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>A TorchSharp module as the network of a place (<see cref="ModuleNetworks"/>).</summary>
internal sealed class ModuleNetwork : INetwork
{
    private static readonly ConditionalWeakTable<Tensor, string> _taken = []; // parameters of modules that were made, and for which place

    private readonly Func<NetworkPlace, nn.Module<Tensor, Tensor>> _create;
    private readonly NetworkPlace _place;
    private readonly string _prefix; // a ladder's two networks of a layer have one place name
    private readonly string[] _counters; // buffers of another type than float32, such as numbers of batches
    private string? _form; // parameters and their shapes, the same at every call
    private (RandomKey Key, Dictionary<string, Tensor> Values)? _initial;

    public ModuleNetwork(NetworkPlace place, Func<NetworkPlace, nn.Module<Tensor, Tensor>> create)
    {
        (_place, _create, _prefix) = (place, create, place.Role == NetworkRole.Climbing ? "climbing." : "");
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var module = Make(RandomKey.FromSeed(0)); // not disposed: whoever gives it out again must be told so
        var parameters = new List<PartParameter>();
        foreach (var (name, value) in module.named_parameters())
        {
            if (value.dtype != ScalarType.Float32)
                throw new OrnsteinException($"the parameter '{name}' of the network of {place.Name} holds {value.dtype}; networks compute with Float32.");
            parameters.Add(Parameter(name, value, value.requires_grad));
        }

        parameters.AddRange(module.named_buffers().Select(buffer => Parameter(buffer.name, buffer.buffer, isTrained: false)));
        _counters = [.. module.named_buffers().Where(buffer => buffer.buffer.dtype != ScalarType.Float32).Select(buffer => buffer.name)];
        Parameters = parameters;
        Output = ModuleTrial.OutputOf(module, place);
        (IsRandom, CouplesRows) = ModuleTrial.BehaviourOf(module, place);
    }

    /// <inheritdoc/>
    public Shape Input => _place.Input;

    /// <inheritdoc/>
    public Shape Output { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PartParameter> Parameters { get; }

    /// <inheritdoc/>
    public bool CouplesRows { get; }

    /// <inheritdoc/>
    public bool IsRandom { get; }

    /// <inheritdoc/>
    public Tensor Forward(NetworkWeights weights, Tensor x)
    {
        var module = weights.Keep(() => Bound(weights));
        if (module.training != weights.IsTraining) module.train(weights.IsTraining);
        if (weights.IsTraining && IsRandom) GlobalGenerator.Seed(weights.Key);
        Carry(module, weights, toModule: true);
        try
        {
            return module.forward(x);
        }
        catch (Exception error) when (PartFailure.IsOwn(error))
        {
            throw ModuleTrial.Fails(_place, x.shape, error);
        }
        finally
        {
            if (weights.IsTraining) Carry(module, weights, toModule: false);
        }
    }

    // A module whose parameters and buffers are those of the weights.
    private nn.Module<Tensor, Tensor> Bound(NetworkWeights weights)
    {
        var module = MakeOnProcessor(RandomKey.FromSeed(0));
        if (weights.Device.type != DeviceType.CPU) module.to(weights.Device);
        foreach (var (name, value) in module.named_parameters())
        {
            weights.Bind(_prefix + name, value);
            value.DetachFromDisposeScope();
        }

        foreach (var (name, value) in module.named_buffers())
        {
            if (value.dtype == ScalarType.Float32) weights.Bind(_prefix + name, value);
            value.DetachFromDisposeScope();
        }

        return module;
    }

    // Counters cannot be views of floats: they are copied, before a call and after.
    private void Carry(nn.Module<Tensor, Tensor> module, NetworkWeights weights, bool toModule)
    {
        if (_counters.Length == 0) return;
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        foreach (var (name, buffer) in module.named_buffers())
        {
            if (buffer.dtype == ScalarType.Float32) continue;
            var stored = weights.Memory(_prefix + name).view(buffer.shape);
            if (toModule) buffer.copy_(stored);
            else stored.copy_(buffer);
        }
    }

    private PartParameter Parameter(string name, Tensor value, bool isTrained) => new(
        _prefix + name, value.dim() == 0 ? 1 : new Shape([.. value.shape.Select(axis => (int)axis)]),
        InitialValues.OfNetwork(key => InitialOf(key, name)), isTrained);

    // All parameters of a seed come from one module.
    private Tensor InitialOf(RandomKey key, string name)
    {
        if (_initial is not { } initial || initial.Key != key || !initial.Values.ContainsKey(name))
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var module = Make(key);
            var values = module.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))
                .Concat(module.named_buffers().Select(buffer => (buffer.name, buffer.buffer)))
                .ToDictionary(pair => pair.Item1, pair => Copy(pair.Item2), StringComparer.Ordinal);
            _initial = initial = (key, values);
        }

        initial.Values.Remove(name, out var value); // the caller's now, who asks for each once
        return value!;
    }

    private static Tensor Copy(Tensor value)
    {
        var copy = value.detach().to(ScalarType.Float32).clone();
        return (copy.dim() == 0 ? copy.reshape(1) : copy).DetachFromDisposeScope();
    }

    // Its first weights come from the processor's generator, wherever it is to compute.
    private nn.Module<Tensor, Tensor> MakeOnProcessor(RandomKey key)
    {
        using var processor = DefaultDevice.Set(CPU);
        return Make(key);
    }

    private nn.Module<Tensor, Tensor> Make(RandomKey key)
    {
        GlobalGenerator.Seed(key.At(_place.Name).At(_prefix));
        nn.Module<Tensor, Tensor>? module;
        try
        {
            module = _create(_place);
        }
        catch (Exception error) when (PartFailure.IsOwn(error))
        {
            var output = _place.Output is null ? "any shape" : _place.Output.ToString();
            throw PartFailure.Of($"the function that makes modules fails for {_place.Name} ({_place.Role}, from {_place.Input} to {output})", error);
        }

        if (module is null) throw new OrnsteinException($"there is no module for {_place.Name} ({_place.Role}); make one for every place.");
        var form = string.Join(", ", module.named_parameters().Select(parameter => $"{parameter.name} [{string.Join(", ", parameter.parameter.shape)}]"));
        if ((_form ??= form) != form)
            throw new OrnsteinException($"the module of {_place.Name} has other parameters at another call ({form}, before {_form}); make the same one for a place at every call.");
        foreach (var (name, value) in module.named_parameters())
        {
            if (_taken.TryAdd(value, _place.Name)) continue;
            _taken.TryGetValue(value, out var owner);
            throw new OrnsteinException($"the module of {_place.Name} has a parameter, '{name}', that a module made before for {owner} has; make a new module at every call, which shares none.");
        }

        return module;
    }
}
