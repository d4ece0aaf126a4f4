# Runs a Python program, given on standard input, in a file system of its own; see Sandbox.java. Is the first process of new mount, process,
# network, IPC and host name spaces, with root's powers over them.
# Arguments: an empty folder; the user id to become, or "" to stay; address space in bytes; processes; CPU seconds; scratch bytes; Python; folders to show.
set -eu
root=$1 user=$2 memory=$3 processes=$4 seconds=$5 scratch=$6 python=$7
shift 7

# Nothing of the machine is seen but what is shown, read-only.
show() {
  if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$(dirname "$root$1")"; : > "$root$1"; fi
  mount --bind "$1" "$root$1"
  mount -o "remount,bind,ro,nosuid,$2" "$root$1" 2> /dev/null || mount -o "remount,bind,ro,nosuid,noatime,$2" "$root$1"
}
mount -t tmpfs -o size=1m,mode=755 root "$root"
for folder in /bin /lib /lib64; do
  if [ -L "$folder" ]; then ln -s "$(readlink "$folder")" "$root$folder"; elif [ -d "$folder" ]; then show "$folder" nodev; fi
done
show /usr nodev
for folder in "$@"; do show "$folder" nodev; done
for device in null zero random urandom; do show "/dev/$device" noexec; done
mkdir "$root/scratch" "$root/old"
mount -t tmpfs -o "size=$scratch,mode=1777,nosuid,nodev" scratch "$root/scratch"

cd "$root"
pivot_root . old
cd /
ln -s old/proc /proc # umount reads it
umount -l /old
rm /proc
rmdir /old
mount -o remount,ro /
cd /scratch

# Not exec: this shell stays the first process, with whose end all others end. It holds the only powers; the program has none and can gain none.
if [ -n "$user" ]; then become="--reuid=$user --regid=$user --clear-groups"; else become=""; fi
env -i PATH=/usr/bin:/bin HOME=/scratch TMPDIR=/scratch LANG=C.UTF-8 \
  prlimit --as="$memory" --nproc="$processes" --cpu="$seconds" --fsize="$scratch" --nofile=64 --core=0 \
  setpriv $become --bounding-set=-all --inh-caps=-all --no-new-privs \
  "$python" -I -B -
