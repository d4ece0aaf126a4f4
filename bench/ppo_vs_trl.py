"""Speed of PPO against TRL on the same shapes and lengths, timed from outside.

    python bench/ppo_vs_trl.py [ROUNDS]

Policy, reference, value and reward model are Llama shapes of 13.8 million parameters with random weights, made through transformers. A step is 64 prompts of about 40 tokens, answers of 64 tokens, and two
passes over them in two minibatches. Every round runs both programs with 1 and with 3 steps; the difference of the two is 2 steps without start-up. TRL computes in fp32 and in bf16, the faster counts. Needs
torch, transformers, datasets and trl (1.12.0, the last that has PPO) in the Python that runs this, and a machine that does nothing else.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHORT, LONG, PROMPTS, ANSWER, EPOCHS, MINIBATCHES, MICRO = 1, 3, 64, 64, 2, 2, 16
SHAPE = dict(vocab_size=4096, hidden_size=384, intermediate_size=1024, num_hidden_layers=6, num_attention_heads=6, num_key_value_heads=6, max_position_embeddings=256)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make(folder):
    """Models, tokenizer, prompts and Mynah's configuration."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, LlamaForSequenceClassification, PreTrainedTokenizerFast

    questions = [f"question {i} about the snow and the moon" for i in range(2048)]
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(questions, trainers.BpeTrainer(vocab_size=300, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="<|im_end|>", bos_token=SPECIAL[0], pad_token=SPECIAL[0], chat_template=TEMPLATE)
    ids = dict(bos_token_id=0, eos_token_id=2, pad_token_id=0)
    torch.manual_seed(0)
    for name, kind, extra in (("policy", LlamaForCausalLM, {}), ("reward", LlamaForSequenceClassification, {"num_labels": 1})):
        model = kind(LlamaConfig(**SHAPE, **ids, **extra))
        model.save_pretrained(os.path.join(folder, name))
        tokenizer.save_pretrained(os.path.join(folder, name))
    with open(os.path.join(folder, "prompts.jsonl"), "w") as lines:
        lines.writelines(json.dumps({"prompt": question}) + "\n" for question in questions)
    with open(os.path.join(folder, "ppo.yaml"), "w") as config:
        config.write(
            f"data: {{paths: ['{folder}/prompts.jsonl'], validation: 0}}\n"
            f"model: {{path: '{folder}/policy'}}\n"
            f"train: {{batch: {PROMPTS}, micro_batch: {MICRO}, learning_rate: 1.0e-6, eval_every: 0, checkpoint_every: 0, peak_tflops: 1}}\n"
            f"ppo: {{reward: {{path: '{folder}/reward', weight: 1}}, max_tokens: {ANSWER}, epochs: {EPOCHS}, minibatches: {MINIBATCHES}, max_update_kl: 0}}\n"
        )


def trl(folder, steps, precision):
    """What the peer's process does."""
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer
    from trl.experimental.ppo import PPOConfig, PPOTrainer

    torch.set_num_threads(os.cpu_count())
    policy_folder, reward_folder = os.path.join(folder, "policy"), os.path.join(folder, "reward")
    tokenizer = AutoTokenizer.from_pretrained(policy_folder, padding_side="left")
    with open(os.path.join(folder, "prompts.jsonl")) as lines:
        turns = [[{"role": "user", "content": json.loads(line)["prompt"]}] for line in lines]
    prompts = [tokenizer.apply_chat_template(turn, add_generation_prompt=True, return_dict=False) for turn in turns]
    policy = lambda: AutoModelForCausalLM.from_pretrained(policy_folder, dtype=torch.float32)
    scalar = lambda: AutoModelForSequenceClassification.from_pretrained(reward_folder, num_labels=1, dtype=torch.float32)
    arguments = PPOConfig(
        output_dir=os.path.join(folder, "trl"),
        per_device_train_batch_size=MICRO,
        gradient_accumulation_steps=PROMPTS // MICRO,
        num_mini_batches=MINIBATCHES,
        num_ppo_epochs=EPOCHS,
        local_rollout_forward_batch_size=PROMPTS,
        response_length=ANSWER,
        total_episodes=PROMPTS * steps,
        learning_rate=1e-6,
        num_sample_generations=0,
        save_strategy="no",
        report_to="none",
        use_cpu=True,
        bf16=precision == "bf16",
        gradient_checkpointing=False,
    )
    PPOTrainer(
        args=arguments,
        processing_class=tokenizer,
        model=policy(),
        ref_model=policy(),
        reward_model=scalar(),
        value_model=scalar(),
        train_dataset=Dataset.from_dict({"input_ids": prompts}),
        eval_dataset=Dataset.from_dict({"input_ids": prompts[:PROMPTS]}),
    ).train()


def timed(command):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stdout[-4000:]}")
    return time.perf_counter() - start


def speed(command):
    """Samples a second, of a command that takes the number of steps."""
    return (LONG - SHORT) * PROMPTS / (timed(command(LONG)) - timed(command(SHORT)))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        make(folder)
        runs = iter(range(1 << 20))
        ours = lambda steps: ["./mynah", "train", "ppo", "--config", f"{folder}/ppo.yaml", "--out", f"{folder}/mynah-{next(runs)}", "--set", f"train.steps={steps}"]
        theirs = lambda precision: lambda steps: [sys.executable, os.path.abspath(__file__), "--trl", folder, str(steps), precision]
        ratios = []
        for number in range(1, rounds + 1):
            mine, fp32, bf16 = speed(ours), speed(theirs("fp32")), speed(theirs("bf16"))
            ratios.append(mine / max(fp32, bf16))
            print(f"round {number}: Mynah {mine:.2f} samples/s, TRL {fp32:.2f} in fp32 and {bf16:.2f} in bf16, ratio {ratios[-1]:.2f}", flush=True)
    print(f"median: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if sys.argv[1:2] == ["--trl"]:
    trl(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    main()
