import { execFileSync, spawnSync } from 'node:child_process';

/**
 * Puts this test file into a network namespace of its own, which goes away with it: the machine's own ruleset is never
 * touched. setns(2) holds for one thread, so the whole process starts again inside.
 */
export function enterNamespace(): void {
  if (process.env.DROPSET_NAMESPACE === 'entered') {
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    return;
  }
  if (process.getuid?.() !== 0) throw new Error('these tests make network namespaces: run them as root');
  const again = ['--net', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
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
