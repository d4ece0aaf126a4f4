"""A model that Mynah trained, loaded by Hugging Face transformers: the same ids, log-likelihood, greedy tokens and log-probabilities.

    python conformance/transformers_logits.py runs/mine/model

Needs torch and transformers in the Python that runs this. Prints the greatest differences; exit code 1 where one is above 1e-4.
"""
import json
import os
import subprocess
import sys
import tempfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TEXTS = ["ROMEO:\nWhat light is this? 床前明月光, 🐦👨‍👩‍👧 naïve", "To be, or not to be, that is the question: 42!"]
TOP, STEPS = 20, 24


def mynah(*arguments):
    out = subprocess.run([os.path.join(ROOT, "mynah"), *arguments, "--json"], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(out.stdout.splitlines()[-1])


def main():
    folder = sys.argv[1]
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    worst = 0.0
    for text in TEXTS:
        ids = tokenizer(text)["input_ids"]
        ours = mynah("tokenizer", "encode", "-t", folder, text)["ids"]
        assert ids == ours, f"ids differ: {ids} {ours}"
        with torch.no_grad():
            log_probs = model(torch.tensor([ids])).logits[0].log_softmax(-1)
        expected = sum(log_probs[i, token].item() for i, token in enumerate(ids[1:]))
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            score = mynah("score", "-m", folder, "--file", file.name)["log_likelihood"]
        worst = max(worst, abs(score - expected) / len(ids))
        prompt = ids[:8]
        generated = mynah("generate", "-m", folder, "--prompt-ids", ",".join(map(str, prompt)), "--temperature", "0", "--max-tokens", str(STEPS), "--ignore-eos", "--logprobs", str(TOP))
        for step, token in enumerate(generated["tokens"]):
            with torch.no_grad():
                row = model(torch.tensor([prompt])).logits[0, -1].log_softmax(-1)
            assert token == row.argmax().item(), f"greedy token {step} differs: {token} {row.argmax().item()}"
            for candidate, log_prob in generated["logprobs"][step]["top"]:
                worst = max(worst, abs(row[candidate].item() - log_prob))
            prompt = prompt + [token]
        print(f"{len(ids)} ids equal, log-likelihood {score:.6f} against {expected:.6f}, {STEPS} greedy tokens equal")
    print(f"greatest difference of a log-probability: {worst:.2e}")
    sys.exit(worst > 1e-4)


main()
