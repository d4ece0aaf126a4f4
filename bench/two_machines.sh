#!/usr/bin/env bash
# Trains with two ranks in two network namespaces, which reach each other as two machines do, and shares the run's folder. Needs root and iproute2.
#
#     bench/two_machines.sh CONFIG.yaml OUT [--set KEY=VALUE]...
set -eu
config=$1 out=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)
first=mynah-$$-0 second=mynah-$$-1

finish() {
  ip netns del "$first" 2>/dev/null || true
  ip netns del "$second" 2>/dev/null || true
}
trap finish EXIT

ip netns add "$first"
ip netns add "$second"
ip link add veth0 netns "$first" type veth peer name veth1 netns "$second"
ip -n "$first" addr add 10.99.0.1/24 dev veth0
ip -n "$second" addr add 10.99.0.2/24 dev veth1
ip -n "$first" link set lo up
ip -n "$second" link set lo up
ip -n "$first" link set veth0 up
ip -n "$second" link set veth1 up

machine() {
  ip netns exec "mynah-$$-$1" "$root/mynah" launch --nproc 1 --nnodes 2 --node-rank "$1" --master-addr 10.99.0.1 --master-port 29500 \
    train pretrain --config "$config" --out "$out" "${@:2}"
}
machine 1 "$@" &
machine 0 "$@"
wait $!
