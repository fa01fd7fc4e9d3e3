import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/**
 * Puts this test file into a network namespace of its own, which goes away with it: the machine's own ruleset is never
 * touched. setns(2) holds for one thread, so the whole process starts again inside.
 *
 * @param options with `bpf` into a mount namespace too, with a BPF file system of its own at /sys/fs/bpf.
 */
export function enterNamespace(options: { readonly bpf?: boolean } = {}): void {
  if (process.env.DROPSET_NAMESPACE === 'entered') {
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    if (options.bpf) execFileSync('mount', ['-t', 'bpf', 'bpf', '/sys/fs/bpf']);
    return;
  }
  if (process.getuid?.() !== 0) throw new Error('these tests make network namespaces: run them as root');
  const again = [
    '--net',
    ...(options.bpf ? ['--mount'] : []),
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ];
  const { status } = spawnSync('unshare', again, {
    stdio: 'inherit',
    env: { ...process.env, DROPSET_NAMESPACE: 'entered' },
  });
  process.exit(status ?? 1);
}

/** What nft prints, without what names the owner: the process differs from run to run. */
export const nftList = (...what: readonly string[]): string =>
  execFileSync('nft', ['list', ...(what.length > 0 ? what : ['ruleset'])], { encoding: 'utf8' })
    .replace(/ # progname .*$/gm, '')
    .replace(/^\tflags (?:owner|persist).*\n\n?/gm, '');

/** Has the kernel track connections in this namespace, as somebody's firewall does, and one be there. */
export async function track(): Promise<void> {
  const rule =
    'table inet firewall {\n chain input {\n type filter hook input priority 0\n ct state established accept\n }\n}';
  execFileSync('nft', ['-f', '-'], { input: rule });
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const arrived = once(socket, 'message');
  socket.send('x', socket.address().port, '127.0.0.1');
  await arrived;
  socket.close();
}
