namespace Ornstein.Experiments.Reports;

/// <summary>The report's explanations, as HTML.</summary>
internal static class Captions
{
    public const string Phase =
        "KL divergence of every layer, as trained, against ρ; the scale is logarithmic. "
        + "Where a line drops below the dotted threshold, that layer counts as collapsed.";

    public const string Remedies =
        "KL divergence of the top layer, as trained, against ρ, a line per remedy; the scale is logarithmic. "
        + "Where a line is below the dotted threshold, the top layer counts as collapsed.";

    public const string Samples = "Drawn from the models, a row per ρ. A smoothed model is sampled with its smoothing.";

    public const string Codes =
        "Mutual information of a layer with the data, in two parts: what is left when q's widths are the same for all data (means), and the rest (widths). "
        + "Line: mean over seeds; band: least to greatest, with the errors of measuring, up to twice the largest value; dashed: where each part begins.";

    public const string Branches =
        "Information of the top layer, taken to every ρ from an alive and from a collapsed beginning, and the rate at which it leaves the collapsed state: above "
        + "zero it grows. Line: mean over seeds; band: least to greatest; dashed: where the rate of a seed is zero.";

    public const string Reconstructions = "Held-out images, and below each what the model makes of its own code for it.";

    public const string Curves =
        "What was trained, measured on training data held out from it. "
        + "Lines of different ρ have different objectives: compare models by the ELBO in the table.";

    public const string Table =
        "<span class=\"collapsed\">Underlined KLs</span> are below the collapse threshold. "
        + "A unit is active when its posterior mean varies over the data by more than 0.01. One whose width alone varies is not counted, "
        + "so a layer without active units may still say something of the data. Information is given as a range over all seeds, with the errors of measuring, where these are more than a fifth of it.";

    public const string NotEvaluated = "After <code>ornstein eval RUN</code> it also has what each layer adds, bounds on its information, and labels read from it.";

    public const string Evaluated = "What <code>ornstein eval</code> measured of information and verdicts stands in the place of what the run did: it takes more draws.";

    public const string Bounds =
        "Lower bounds on the log-likelihood log p(x), each of the model that stands above it. ELBO: from the KLs of the layers. "
        + "Joint-sample ELBO: from samples of all layers together; the number to set beside other systems' ELBO. "
        + "Importance-weighted: the same k samples weighed against each other, which rises towards log p(x) with k. "
        + "The smoothed generative model is the one that samples are drawn from.";

    public const string NoBound =
        "The smoothed objective is no bound where p was smoothed in the coordinates of q's Gaussian: "
        + "p then reads the code of the very image that it is to explain. An importance-weighted form of it would be none either.";

    public const string Meaning = """
        <h2>What this means</h2>
        <div class="columns">
        <section>
        <h3>Posterior collapse</h3>
        <p>A hierarchical variational autoencoder explains an image by a stack of latent layers
        z<sub>1</sub> (next to the image) to z<sub>L</sub> (the top).
        A layer's KL divergence is what the layer costs, in nats. Where q is not smoothed, the top layer's KL also bounds the information
        that it holds about the image; the KL of a layer below the top bounds nothing of the kind. In posterior collapse the upper layers'
        posterior falls back to their prior: they hold no information, and the depth is wasted.</p>
        </section>
        <section>
        <h3>Smoothing, and ρ</h3>
        <p>The networks between layers are averaged over noise with the Ornstein-Uhlenbeck operator: at ρ =
            1 nothing changes, at ρ = 0 only the mean is left,
        and in between the degree-k part of a function shrinks by ρ<sup>k</sup>.
        Pervez and Gavves (2021) argue that less variance in these functions helps against collapse, and that the top layer's KL
        drops sharply to zero at a critical ρ. Here the critical ρ of a layer is where its KL was located to reach zero as ρ rises;
        a layer may have none, and its KL need not fall sharply.</p>
        </section>
        <section>
        <h3>Which number is which</h3>
        <p>The <strong>smoothed objective</strong> is what was trained. At ρ below 1 it is in general <em>not</em> a bound on the likelihood.
        The <strong>ELBO of the unsmoothed model</strong> switches the smoothing off, and is a true lower bound: use it to compare models.
        The <strong>reconstruction</strong> is the part of the objective that the image itself costs, without the KLs.</p>
        </section>
        </div>

        """;
}
