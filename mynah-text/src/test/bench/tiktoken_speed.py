"""tiktoken's side of TokenizerBenchmark.encode: one thread, the documents of a file, the vocabulary of a tokenizer.json.

Run: python tiktoken_speed.py FOLDER FILE [ROUNDS]. Prints tokens and milliseconds a round, with tiktoken's own form of
the cl100k pattern and with the original one. Needs tiktoken.
"""

import json
import sys
import time

import tiktoken

ORIGINAL = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
POSSESSIVE = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]"
    r"|\s+(?!\S)|\s"
)


def byte_of_letter():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in printable]
    return {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(others)}


def encoding(folder, pattern):
    """The vocabulary as tiktoken knows it: the rank of a token is its id, which is the order of the merges."""
    file = json.load(open(folder + "/tokenizer.json", encoding="utf-8"))
    letters = byte_of_letter()
    ranks = {bytes(letters[c] for c in token): i for token, i in file["model"]["vocab"].items()}
    return tiktoken.Encoding("bench", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


if __name__ == "__main__":
    documents = open(sys.argv[2], encoding="utf-8", newline="").read().split("\n\n")
    size = sum(len(d.encode()) for d in documents)
    for name, pattern in ("possessive", POSSESSIVE), ("original", ORIGINAL):
        encoder = encoding(sys.argv[1], pattern)
        for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 5):
            start = time.perf_counter()
            tokens = sum(len(encoder.encode_ordinary(d)) for d in documents)
            seconds = time.perf_counter() - start
            print(f"{name}: {tokens} tokens, {seconds * 1000:.0f} ms, {size / seconds / 1e6:.1f} MB/s", flush=True)
