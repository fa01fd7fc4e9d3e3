// xdp-filter of xdp-tools, which makes its users call it once for each address.
import { execFileSync } from 'node:child_process';

const COUNT = 1_000;

/** It pins what it loads into /sys/fs/bpf: a file system of this script's own, in a mount namespace that goes with it. */
const SCRIPT = `
set -e
mount -t bpf bpf /sys/fs/bpf
ip link add filter0 type veth peer name filter1
ip link set filter0 up
ip link set filter1 up
xdp-filter load --mode native filter0
start=$(date +%s%N)
i=0
while [ $i -lt ${COUNT} ]; do
  xdp-filter ip --mode src 198.18.$((i / 250)).$((i % 250))
  i=$((i + 1))
done
echo $(($(date +%s%N) - start))
xdp-filter status | grep -c '198\\.18\\.'
xdp-filter unload filter0
ip link delete filter0
`;

/** @returns milliseconds of a call of 1,000, on average, and what it calls itself. */
export function timeXdpFilter() {
  const output = execFileSync('unshare', ['--mount', 'sh', '-c', SCRIPT], { encoding: 'utf8' });
  const [nanoseconds, count] = output.trim().split('\n').map(Number);
  if (count !== COUNT) throw new Error(`xdp-filter has ${count} addresses`);
  const version = execFileSync('dpkg-query', ['--show', 'xdp-tools'], { encoding: 'utf8' }).trim().replace('\t', ' ');
  return { each: nanoseconds / COUNT / 1e6, version };
}
