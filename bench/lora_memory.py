"""Peak memory of LoRA against full fine-tuning on a Llama shape of 0.4 billion parameters.

    python bench/lora_memory.py [STEPS]

Makes the model with random weights through transformers (bf16, in a temporary folder), then runs `./mynah train sft` both ways and prints what each process needed at most. Needs 10 GB of memory.
"""
import json
import os
import subprocess
import sys
import tempfile

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHAPE = dict(vocab_size=32000, hidden_size=1024, intermediate_size=2816, num_hidden_layers=26, num_attention_heads=16, num_key_value_heads=16)


def base(folder):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(["the snow and the moon"], trainer)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=special[0], bos_token=special[0]).save_pretrained(folder)
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(**SHAPE, max_position_embeddings=512)).to(torch.bfloat16)
    model.save_pretrained(folder)
    return sum(parameter.numel() for parameter in model.parameters())


def peak(folder, name, steps, lora):
    command = ["./mynah", "train", "sft", "--config", os.path.join(folder, "sft.yaml"), "--out", os.path.join(folder, name), "--set", f"train.steps={steps}"]
    if lora:
        command += ["--set", "sft.lora.rank=16"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return usage.ru_maxrss / 1024


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model")
        count = base(model)
        data = os.path.join(folder, "data.jsonl")
        with open(data, "w") as lines:
            for i in range(64):
                turns = [{"role": "user", "content": f"question {i} " * 8}, {"role": "assistant", "content": f"answer {i} " * 8}]
                lines.write(json.dumps({"messages": turns}) + "\n")
        with open(os.path.join(folder, "sft.yaml"), "w") as config:
            config.write(
                f"data: {{paths: ['{data}'], validation: 0}}\nmodel: {{path: '{model}', context: 512}}\n"
                "train: {batch: 1, eval_every: 0, sample_every: 0, checkpoint_every: 0, peak_tflops: 1}\n"
            )
        full = peak(folder, "full", steps, False)
        lora = peak(folder, "lora", steps, True)
        print(f"{count / 1e6:.0f}M parameters: full {full:.0f} MB, LoRA {lora:.0f} MB, {lora / full:.2f} of it")


main()
