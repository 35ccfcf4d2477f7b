namespace Ornstein.Networks;

/// <summary>Perceptrons at every place of a hierarchy. Shapes are vectors to them.</summary>
public sealed record Perceptrons : INetworkFamily
{
    /// <summary>Most units in a layer, and most hidden layers in a network: beyond these a size is a slip.</summary>
    private const int MostUnits = 1_000_000, MostHiddenLayers = 1000;

    /// <summary>Linear networks, with a standard deviation per unit that does not depend on the input: the whole model is linear-Gaussian.</summary>
    public static Perceptrons Linear { get; } = new() { Hidden = [] };

    /// <summary>
    /// Width of the hidden layers of the networks that belong to each stochastic layer, z1 first: those of q(z_i | .) and those that
    /// read z_i on the way down. Empty: <see cref="Linear"/>.
    /// </summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 64, 32];

    /// <summary>Number of hidden layers in each network.</summary>
    public int HiddenLayers { get; init; } = 2;

    /// <summary>Nonlinearity of the hidden layers.</summary>
    public Activation Activation { get; init; } = Activation.LeakyRelu;

    /// <summary>Whether hidden layers are batch-normalized (<see cref="BatchNormalization"/>).</summary>
    public bool NormalizesBatches { get; init; }

    /// <inheritdoc/>
    public string Name => Network.Perceptron;

    /// <inheritdoc/>
    public bool IsLinear => Hidden.Count == 0;

    /// <inheritdoc/>
    public bool CouplesRows => NormalizesBatches;

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public INetwork Create(NetworkPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var width = IsLinear ? 0 : Hidden[place.Layer];
        var (layers, inputs) = (new List<DenseLayer>(), place.Input.Units);
        for (var i = 1; i <= (IsLinear || place.Role == NetworkRole.Head ? 0 : HiddenLayers); i++)
        {
            var name = $"hidden{i}";
            layers.Add(new DenseLayer(name, inputs, width, IsHidden: true, NormalizesBatches ? new BatchNormalization(name) : null));
            inputs = width;
        }

        if (place.Role == NetworkRole.Climbing) return new Perceptron(place.Input.Units, width, layers, Activation);
        // Of a linear network's Gaussian the means alone.
        var output = place.Output!.Units / (IsLinear && place.Role != NetworkRole.Decoder ? 2 : 1);
        layers.Add(new DenseLayer("output", inputs, output, IsHidden: false));
        return new Perceptron(place.Input.Units, output, layers, Activation);
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (!IsLinear && Hidden.Count != layers)
        {
            throw new OrnsteinException(
                $"hidden has {Hidden.Count} sizes and latents {layers}; give one hidden size per layer, or none for linear networks.");
        }

        foreach (var size in Hidden)
        {
            if (size is < 1 or > MostUnits) throw new OrnsteinException($"hidden holds {size}; a hidden layer has 1 to {MostUnits:N0} units.");
        }

        if (HiddenLayers is < 1 or > MostHiddenLayers)
        {
            throw new OrnsteinException($"hidden layers is {HiddenLayers}; it must be 1 to {MostHiddenLayers:N0} (hidden none is linear).");
        }

        if (NormalizesBatches && IsLinear)
            throw new OrnsteinException("batch normalization is applied to hidden layers, and linear networks have none; give hidden sizes.");
    }
}
