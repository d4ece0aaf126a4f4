"""The peer of `./mynah train pretrain --config bench/pretrain-13.8m.yaml`: the same network, step and numbers in eager PyTorch.

    python bench/pretrain_pytorch.py STEPS [products|sdpa]

Trains on random tokens, which costs the same as real ones. Prints the seconds that the steps took and the peak memory; bench/pretrain_vs_pytorch.py
runs both sides and subtracts runs of different length.
"""
import resource
import sys
import time

import torch
import torch.nn.functional as F

LAYERS, WIDTH, HEADS, VOCAB, BATCH, TIME = 6, 384, 6, 4096, 16, 256
HIDDEN, HEAD = 1024, WIDTH // HEADS
BF16 = torch.bfloat16


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = torch.nn.RMSNorm(WIDTH, eps=1e-5)
        self.norm2 = torch.nn.RMSNorm(WIDTH, eps=1e-5)
        self.q, self.k, self.v, self.o = (torch.nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))
        self.gate = torch.nn.Linear(WIDTH, HIDDEN, bias=False)
        self.up = torch.nn.Linear(WIDTH, HIDDEN, bias=False)
        self.down = torch.nn.Linear(HIDDEN, WIDTH, bias=False)

    def forward(self, x, cos, sin, mask):
        n = norm(self.norm1, x)
        q, k, v = (linear(p, n).view(BATCH, TIME, HEADS, HEAD).transpose(1, 2) for p in (self.q, self.k, self.v))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if mask is None:
            a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            a = ((q * HEAD**-0.5) @ k.transpose(-2, -1) + mask).softmax(-1) @ v
        x = x + linear(self.o, a.transpose(1, 2).reshape(BATCH, TIME, WIDTH))
        n = norm(self.norm2, x)
        return x + linear(self.down, F.silu(linear(self.gate, n)) * linear(self.up, n))


def linear(layer, x):
    return F.linear(x, layer.weight.to(BF16))


def norm(layer, x):
    return F.rms_norm(x, (WIDTH,), layer.weight.to(BF16), layer.eps)


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat((-b, a), -1) * sin


def main():
    steps = int(sys.argv[1])
    products = sys.argv[2:] != ["sdpa"]
    torch.manual_seed(1)
    embedding = torch.nn.Embedding(VOCAB, WIDTH)
    blocks = torch.nn.ModuleList(Block() for _ in range(LAYERS))
    final = torch.nn.RMSNorm(WIDTH, eps=1e-5)
    head = torch.nn.Linear(WIDTH, VOCAB, bias=False)
    model = torch.nn.ModuleList([embedding, blocks, final, head])
    mask = torch.full((TIME, TIME), float("-inf")).triu(1).to(BF16) if products else None
    angles = torch.arange(TIME)[:, None] * 10000.0 ** (-(torch.arange(HEAD) % (HEAD // 2)) / (HEAD // 2))
    cos, sin = angles.cos().to(BF16), angles.sin().to(BF16)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    start = time.perf_counter()
    for _ in range(steps):
        ids = torch.randint(VOCAB, (BATCH, TIME + 1))
        x = embedding(ids[:, :-1]).to(BF16)
        for block in blocks:
            x = block(x, cos, sin, mask)
        logits = linear(head, norm(final, x)).float()
        loss = F.cross_entropy(logits.view(-1, VOCAB), ids[:, 1:].reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
    print(f"{time.perf_counter() - start:.3f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


main()
