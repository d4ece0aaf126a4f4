"""Writes objectives.json: inputs of the alignment losses and what PyTorch makes of them, values and gradients. Made with torch 2.15.0.

The formulas are written out from the papers that the Java classes name, with torch's own primitives and autograd; the loops of GAE are those of the recursion in the paper.
"""

import itertools
import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(0)


def numbers(tensor):
    return tensor.detach().double().tolist()


def ranking():
    cases = []
    for ranks in ([1, 2], [1, 2, 3, 4], [2, 1, 2], [3, 1, 1, 2]):
        rewards = torch.randn(len(ranks), requires_grad=True)
        pairs = [(i, j) for i, j in itertools.product(range(len(ranks)), repeat=2) if ranks[i] < ranks[j]]
        loss = torch.stack([-F.logsigmoid(rewards[i] - rewards[j]) for i, j in pairs]).mean()
        loss.backward()
        cases.append({"ranks": ranks, "rewards": numbers(rewards), "loss": loss.item(), "gradient": numbers(rewards.grad)})
    return cases


def dpo():
    cases = []
    for beta, smoothing in ((0.1, 0.0), (0.5, 0.1)):
        policy = (-20 * torch.rand(2, 5)).requires_grad_()
        reference = -20 * torch.rand(2, 5)
        logits = (policy[0] - policy[1]) - (reference[0] - reference[1])
        losses = -F.logsigmoid(beta * logits) * (1 - smoothing) - F.logsigmoid(-beta * logits) * smoothing
        losses.mean().backward()
        cases.append({"beta": beta, "smoothing": smoothing, "policy": numbers(policy), "reference": numbers(reference),
                      "losses": numbers(losses), "gradient": numbers(policy.grad)})
    return cases


def gae():
    cases = []
    for length, gamma, lam in ((6, 1.0, 0.95), (9, 0.9, 0.8), (1, 1.0, 0.95)):
        rewards, values = torch.randn(length, dtype=torch.double), torch.randn(length, dtype=torch.double)
        deltas = rewards + gamma * torch.cat([values[1:], torch.zeros(1, dtype=torch.double)]) - values
        # Equation 16 of the paper, as a sum and not as the recursion.
        advantages = torch.stack([sum((gamma * lam) ** k * deltas[t + k] for k in range(length - t)) for t in range(length)])
        cases.append({"gamma": gamma, "lambda": lam, "rewards": numbers(rewards), "values": numbers(values),
                      "advantages": numbers(advantages), "returns": numbers(advantages + values)})
    return cases


def whitening():
    x = 3 * torch.randn(12, dtype=torch.double) + 5
    return {"numbers": numbers(x), "whitened": numbers((x - x.mean()) / x.std())}


def group():
    x = torch.randn(8, dtype=torch.double)
    return {"rewards": numbers(x), "scaled": numbers((x - x.mean()) / (x.std() + 1e-4)), "centred": numbers(x - x.mean())}


def kl():
    policy, reference = -3 * torch.rand(6, dtype=torch.double), -3 * torch.rand(6, dtype=torch.double)
    ratio = (reference - policy).exp()
    return {"policy": numbers(policy), "reference": numbers(reference), "k1": numbers(policy - reference), "k3": numbers(ratio - 1 - (ratio.log()))}


def ppo():
    log_probs = (-2 * torch.rand(40)).requires_grad_()
    old = log_probs.detach() + 0.4 * torch.randn(40)
    advantages = torch.randn(40)
    ratio = torch.exp(log_probs - old)
    policy = torch.max(-advantages * ratio, -advantages * torch.clamp(ratio, 0.8, 1.2))
    policy.mean().backward()
    values = torch.randn(40, requires_grad=True)
    old_values = values.detach() + 0.4 * torch.randn(40)
    returns = torch.randn(40)
    clipped = torch.clamp(values, old_values - 0.2, old_values + 0.2)
    value = 0.5 * torch.max((values - returns) ** 2, (clipped - returns) ** 2)
    value.mean().backward()
    return {"log_probs": numbers(log_probs), "old_log_probs": numbers(old), "advantages": numbers(advantages), "clip": 0.2,
            "policy_losses": numbers(policy), "policy_gradient": numbers(log_probs.grad), "values": numbers(values),
            "old_values": numbers(old_values), "returns": numbers(returns), "value_losses": numbers(value), "value_gradient": numbers(values.grad)}


def grpo():
    """Shao et al. 2024, equations 3 and 4, one group of four answers of different lengths."""
    lengths, clip, beta = [5, 2, 9, 4], 0.2, 0.04
    rewards = torch.randn(4)
    group = (rewards - rewards.mean()) / (rewards.std() + 1e-4)
    log_probs = [(-2 * torch.rand(n)).requires_grad_() for n in lengths]
    old = [x.detach() + 0.4 * torch.randn_like(x) for x in log_probs]
    reference = [x.detach() + 0.5 * torch.randn_like(x) for x in log_probs]
    answers = []
    for now, before, held, advantage in zip(log_probs, old, reference, group):
        ratio = torch.exp(now - before)
        gained = torch.min(ratio * advantage, torch.clamp(ratio, 1 - clip, 1 + clip) * advantage)
        divergence = torch.exp(held - now) - (held - now) - 1
        answers.append((gained - beta * divergence).mean())
    loss = -torch.stack(answers).mean()
    loss.backward()
    flat = lambda parts: numbers(torch.cat([part.detach() for part in parts]))
    return {"lengths": lengths, "clip": clip, "beta": beta, "rewards": numbers(rewards), "log_probs": flat(log_probs), "old_log_probs": flat(old),
            "reference": flat(reference), "loss": loss.item(), "gradient": flat([x.grad for x in log_probs])}


result = {"ranking": ranking(), "dpo": dpo(), "gae": gae(), "whitening": whitening(), "group": group(), "kl": kl(), "ppo": ppo(), "grpo": grpo()}
pathlib.Path(__file__).with_name("objectives.json").write_text(json.dumps(result, indent=1) + "\n")
