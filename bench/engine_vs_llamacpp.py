"""Decode and prefill speed, and peak memory, of Mynah against llama.cpp on the same GGUF files, one run after the other.

    python bench/engine_vs_llamacpp.py PEER FILE.gguf... [--rounds N] [--threads N]

PEER is a folder with node-llama-cpp in its node_modules. Every round runs both programs on each file, in turns; the ratio of a round is what
counts, since machines are noisy. Decoding is also timed from outside: the processes run with two lengths, and the difference of the two is tokens
without start-up. The roofline is the memory's speed, measured by summing an array, over the bytes of the file, all of which a token reads.
Needs numpy, Node, and a machine that does nothing else.
"""
import argparse
import json
import os
import statistics
import subprocess
import threading
import time

import numpy

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROMPT, SHORT, LONG = 512, 32, 160

PEER = """
import {getLlama} from "node-llama-cpp";
const [file, prompt, gen, threads] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const llama = await getLlama({gpu: false, build: "never", maxThreads: threads, logLevel: "error"});
const model = await llama.loadModel({modelPath: file});
const context = await model.createContext({contextSize: 1024, threads, sequences: 1, batchSize: prompt});
const sequence = context.getSequence();
const ids = Array.from({length: prompt}, (_, i) => 300 + i);
let prefill = 0;
for (let round = 0; round < 3; round++) {
  await sequence.clearHistory();
  const start = performance.now();
  await sequence.evaluateWithoutGeneratingNewTokens(ids);
  prefill = Math.max(prefill, prompt / ((performance.now() - start) / 1000));
}
let decode = 0;
for (let round = 0; round < 2; round++) {
  await sequence.clearHistory();
  let count = 0, start = 0;
  for await (const token of sequence.evaluate(ids.slice(0, 8), {temperature: 0})) {
    if (count === 0) start = performance.now();
    if (++count > gen) break;
  }
  decode = gen / ((performance.now() - start) / 1000);
}
console.log(JSON.stringify({prefill_tok_s: prefill, decode_tok_s: decode}));
process.exit(0);
"""


def run(command, folder):
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    result = json.loads(output.strip().splitlines()[-1])
    return result | {"seconds": time.perf_counter() - start, "memory": usage.ru_maxrss / 1024}


def mynah(file, gen, threads):
    return run(
        ["./mynah", "bench", "-m", file, "--prompt", str(PROMPT), "--gen", str(gen), "--threads", str(threads), "--json"], ROOT
    )


def llamacpp(script, file, gen, threads):
    return run(["node", script, file, str(PROMPT), str(gen), str(threads)], os.path.dirname(script))


def measure(program):
    """Both programs generate twice in a process: the difference of two lengths is twice that many tokens."""
    short, long = program(SHORT), program(LONG)
    outside = 2 * (LONG - SHORT) / (long["seconds"] - short["seconds"])
    return long["prefill_tok_s"], long["decode_tok_s"], outside, long["memory"]


def bandwidth(threads):
    """Bytes a second that the memory gives to so many threads; the best of several tries."""
    arrays = [numpy.ones(1 << 27, dtype=numpy.float32) for _ in range(threads)]
    best = 0
    for _ in range(5):
        workers = [threading.Thread(target=array.max) for array in arrays]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        best = max(best, sum(array.nbytes for array in arrays) / (time.perf_counter() - start))
    return best


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    script = os.path.join(os.path.abspath(arguments.peer), "mynah-peer.mjs")
    with open(script, "w") as out:
        out.write(PEER)
    print("| file | | Mynah | llama.cpp | ratio |\n|---|---|---|---|---|")
    for file in map(os.path.abspath, arguments.files):
        ours, theirs = [], []
        for _ in range(arguments.rounds):
            ours.append(measure(lambda gen: mynah(file, gen, arguments.threads)))
            theirs.append(measure(lambda gen: llamacpp(script, file, gen, arguments.threads)))
        name = os.path.basename(file)
        for row, title in enumerate(["prefill, tokens/s", "decode, tokens/s", "decode from outside, tokens/s", "peak memory, MB"]):
            us, them = [result[row] for result in ours], [result[row] for result in theirs]
            ratios = [a / b for a, b in zip(us, them)]
            print(f"| {name} | {title} | {spread(us, 0)} | {spread(them, 0)} | {spread(ratios)} |")
    # Last, since a child's peak memory counts what its parent held when it was started.
    speed = bandwidth(arguments.threads)
    for file in arguments.files:
        size = os.path.getsize(file)
        print(f"| {os.path.basename(file)} | roofline, tokens/s | {speed / size:.0f} | {speed / 1e9:.0f} GB/s | {size / 1e6:.0f} MB a token |")


if __name__ == "__main__":
    main()
