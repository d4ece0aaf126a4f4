"""Accuracy of a reward model trained by Mynah against one trained in PyTorch, on people's real preferences.

    python bench/reward_vs_pytorch.py BASE FILE.jsonl.gz... [--seeds N]

BASE is a model folder with a chat template, such as `train sft` leaves. The files hold pairs: `messages`, `chosen`, `rejected`. Every tenth prompt is held out. Both sides begin with BASE and a new head, and pass
once over the same pairs that fit in the context, with the same loss, batch, learning rate and schedule; what is compared is the share of held-out pairs in the people's order. Needs torch and transformers.
"""
import argparse
import gzip
import hashlib
import json
import math
import os
import subprocess
import tempfile

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BATCH, RATE, WARMUP = 16, 2e-4, 10


def pairs(files, tokenizer, context):
    """Training and held-out pairs: records, and the tokens of both conversations."""
    train, held = [], []
    for file in files:
        with gzip.open(file, "rt") as lines:
            for record in map(json.loads, lines):
                sides = [tokens(tokenizer, record["messages"], record[side]) for side in ("chosen", "rejected")]
                if record["chosen"] != record["rejected"] and all(record[s].strip() for s in ("chosen", "rejected")) and max(map(len, sides)) <= context:
                    prompt = json.dumps(record["messages"])
                    part = held if int(hashlib.sha256(prompt.encode()).hexdigest(), 16) % 10 == 0 else train
                    part.append(({k: record[k] for k in ("messages", "chosen", "rejected")}, sides))
    return train, held


def tokens(tokenizer, messages, answer):
    """The conversation up to the token that ends the answer."""
    ids = tokenizer.apply_chat_template(messages + [{"role": "assistant", "content": answer}], return_dict=False)
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    return ids[: len(ids) - ids[::-1].index(end)]


def rewards(model, rows):
    """At the last token of each row."""
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    last = torch.tensor([len(row) - 1 for row in rows])
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.model(input_ids=ids).last_hidden_state
    return model.score(hidden[torch.arange(len(rows)), last].float()).squeeze(-1)


def pytorch(base, train, held, seed):
    torch.manual_seed(seed)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=1, dtype=torch.float32)
    groups = [{"params": [p for p in model.parameters() if p.dim() >= 2], "weight_decay": 0.1}, {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.95))
    steps = len(train) // BATCH
    order = torch.randperm(len(train)).tolist()
    for step in range(steps):
        done = (step + 1 - WARMUP) / (steps - WARMUP)
        rate = RATE * ((step + 1) / WARMUP if step < WARMUP else 0.1 + 0.45 * (1 + math.cos(math.pi * done)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        batch = [train[i][1] for i in order[step * BATCH : (step + 1) * BATCH]]
        for part in (batch[:8], batch[8:]):
            values = rewards(model, [row for sides in part for row in sides]).view(-1, 2)
            (-torch.nn.functional.logsigmoid(values[:, 0] - values[:, 1]).sum() / BATCH).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    with torch.no_grad():
        return sum((lambda v: float(v[0] > v[1]))(rewards(model, sides)) for _, sides in held)


def mynah(base, folder, train, held, seed):
    for name, part in (("train", train), ("held", held)):
        with open(f"{folder}/{name}.jsonl", "w") as lines:
            lines.writelines(json.dumps(record) + "\n" for record, _ in part)
    steps = len(train) // BATCH
    with open(f"{folder}/reward.yaml", "w") as config:
        config.write(
            f"seed: {seed}\ndata: {{paths: ['{folder}/train.jsonl'], validation: 0, validation_paths: ['{folder}/held.jsonl']}}\nmodel: {{path: '{base}'}}\n"
            f"train: {{steps: {steps}, batch: {BATCH}, micro_batch: 8, learning_rate: {RATE}, warmup_steps: {WARMUP}, eval_every: {steps}, checkpoint_every: 0, peak_tflops: 1}}\n"
        )
    out = f"{folder}/reward-{seed}"
    subprocess.run(["./mynah", "train", "reward", "--config", f"{folder}/reward.yaml", "--out", out], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with open(f"{out}/metrics.jsonl") as lines:
        return [line["pair_accuracy"] for line in map(json.loads, lines) if "pair_accuracy" in line][-1] * len(held)


def wilson(right, count):
    share, z = right / count, 1.96
    middle, half = share + z * z / (2 * count), z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return f"{100 * share:.1f}% ({100 * (middle - half) / (1 + z * z / count):.1f} to {100 * (middle + half) / (1 + z * z / count):.1f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    base = os.path.abspath(arguments.base)
    tokenizer = AutoTokenizer.from_pretrained(base)
    with open(os.path.join(base, "config.json")) as config:
        context = json.load(config)["max_position_embeddings"]
    train, held = pairs(arguments.files, tokenizer, context)
    print(f"{len(train)} pairs to learn from, {len(held)} held out", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, arguments.seeds + 1):
            ours, theirs = mynah(base, folder, train, held, seed), pytorch(base, train, held, seed)
            print(f"seed {seed}: Mynah {wilson(ours, len(held))}, PyTorch {wilson(theirs, len(held))}", flush=True)


main()
