"""
What is trained. Every function leaves its gradient in the model's parameters and returns the loss, nats, mean over the batch, and its terms:
the reconstruction and what every layer costs beside it, z1 first, without weights.
"""

import math

import torch

from model import kl_of_units, kl_of_units_from_standard


def elbo(model, x, normal=None, kl_weight=1.0, free_bits=None):
    """A KL of every layer; with free bits a unit's, mean over the batch, costs so many nats at least."""
    layers = model.infer(x, normal=normal)
    units = [kl_of_units(q, p) for q, p in zip(layers.q, layers.p)] + [kl_of_units_from_standard(layers.q[-1])]
    if free_bits is None:
        costs = kls = [kl.sum() / len(x) for kl in units]
    else:
        means = [kl.mean(0) for kl in units]
        costs, kls = [mean.clamp(min=free_bits).sum() for mean in means], [mean.detach().sum() for mean in means]
    reconstruction = model.reconstruction(x, layers.z).sum() / len(x)
    loss = reconstruction + (sum(costs) if kl_weight == 1 else kl_weight * sum(costs))
    loss.backward()
    return loss, [reconstruction, *kls]


def bound(terms):
    """The importance-weighted bound (Burda et al. 2016), and log-weights, [samples, batch]."""
    log_weights = -sum(terms)
    return (log_weights.logsumexp(0) - math.log(len(log_weights))).mean(), log_weights


def importance_weighted(model, x, samples, normal=None):
    layers = model.infer(x, samples, normal)
    terms = [model.reconstruction(x, layers.z), *model.log_ratios(layers)]
    loss = -bound(terms)[0]
    loss.backward()
    return loss, terms


def doubly_reparameterized(model, x, samples, normal=None):
    """
    The same with the doubly reparameterized gradient (Tucker et al. 2019): of q's parameters by the samples alone, weighted once more. Networks
    read leaf copies of samples. What reaches these is weighted, and goes on from each, the top first, through the graph that drew it.
    """
    drawn, copies = [], []

    def read(z):
        drawn.append(z)
        copies.append(z.detach().requires_grad_())
        return copies[-1]

    layers = model.infer(x, samples, normal, read)
    layers = layers._replace(eps=[(z - mean) / deviation for z, (mean, deviation) in zip(layers.z, layers.q)])
    terms = [model.reconstruction(x, layers.z), *model.log_ratios(layers)]
    value, log_weights = bound(terms)
    loss = -value
    loss.backward(inputs=[*copies, *model.p.parameters(), *model.decoder.parameters()], retain_graph=True)
    weights = log_weights.detach().softmax(0).unsqueeze(-1)
    for copy in copies:
        copy.grad.mul_(weights)
    for z, copy in zip(reversed(drawn), reversed(copies)):
        z.backward(copy.grad)
    return loss, terms
