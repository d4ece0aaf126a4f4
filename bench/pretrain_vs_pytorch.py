"""Training speed and memory of Mynah against eager PyTorch on the same shape, timed from outside.

    python bench/pretrain_vs_pytorch.py [ROUNDS]

Every round runs both programs with 10 and with 40 steps; the difference of the two is 30 steps without start-up. Needs PyTorch in the Python that
runs this, and a machine that does nothing else.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHORT, LONG, TOKENS = 10, 40, 16 * 256


def timed(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def mynah(steps, out):
    for name in os.listdir(out):
        # The tokenizer and the shards stay, so that only training is timed.
        if name not in ("tokenizer", "shards"):
            path = os.path.join(out, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    return timed(["./mynah", "train", "pretrain", "--config", "bench/pretrain-13.8m.yaml", "--out", out, "--set", f"train.steps={steps}"])


def pytorch(steps, attention):
    return timed([sys.executable, "bench/pretrain_pytorch.py", str(steps), attention])


def measure(run):
    short, _ = run(SHORT)
    long, memory = run(LONG)
    return (LONG - SHORT) * TOKENS / (long - short), memory


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ratios, memories = [], []
    with tempfile.TemporaryDirectory() as out:
        mynah(2 * 5, out)
        for number in range(1, rounds + 1):
            ours, our_memory = measure(lambda steps: mynah(steps, out))
            theirs, their_memory = measure(lambda steps: pytorch(steps, "products"))
            ratios.append(ours / theirs)
            memories.append(our_memory / their_memory)
            print(
                f"round {number}: Mynah {ours:.0f} tok/s {our_memory:.0f} MB, PyTorch {theirs:.0f} tok/s {their_memory:.0f} MB, "
                f"speed {ratios[-1]:.2f}, memory {memories[-1]:.2f}",
                flush=True,
            )
    print(
        f"median: speed {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), "
        f"memory {statistics.median(memories):.2f} ({min(memories):.2f} to {max(memories):.2f})"
    )


main()
