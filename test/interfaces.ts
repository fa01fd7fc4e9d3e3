import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';

/** Runs `ip` with these words, in the namespace that the test file is in. */
export const ip = (words: string): string => execFileSync('ip', words.split(' '), { encoding: 'utf8' });

/** An XDP program that lets everything pass, as an object file in this folder: for `ip link set dev X xdp obj FILE sec xdp`. */
export function passObject(folder: string): string {
  const source = `${folder}/pass.c`;
  writeFileSync(
    source,
    [
      '__attribute__((section("xdp"), used)) int pass(void *packet) { return 2; }',
      'char _license[] __attribute__((section("license"), used)) = "GPL";',
    ].join('\n'),
  );
  const object = `${folder}/pass.o`;
  execFileSync('clang', ['-target', 'bpf', '-O2', '-c', source, '-o', object]);
  return object;
}

export interface Elsewhere {
  /** For `ip link set dev X netns PID`. */
  readonly pid: number;
  end(): void;
}

/** A second network namespace, which is there until `end`. */
export async function elsewhere(): Promise<Elsewhere> {
  const child = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 300'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return { pid: child.pid as number, end: () => child.kill() };
}
