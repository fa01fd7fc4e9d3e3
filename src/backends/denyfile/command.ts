import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../model/errors.js';
import { printable } from '../../model/printable.js';

/** A server that checks its whole configuration takes a second or two; one that hangs must not keep the file for ever. */
const LONGEST = 30_000;

/** Bytes of what a command says that are kept: its first lines say what is wrong. */
const KEPT = 2_000;

/** Milliseconds for what was said last: a program that went on in the background may keep the pipe open. */
const TAIL = 200;

/**
 * Runs a program, without a shell, with nothing of our environment but where programs are.
 *
 * @param command the program and its words.
 * @returns why it failed, as a sentence with its first words; undefined if it ended with 0.
 */
export async function run(command: readonly string[], longest = LONGEST): Promise<string | undefined> {
  const [program, ...words] = command as [string, ...string[]];
  const environment = { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
    cwd: '/',
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      if (said.length < KEPT) said += bytes.toString('utf8', 0, KEPT);
    });
  }
  const closed = new Promise((resolve) => child.once('close', resolve));
  const timer = setTimeout(() => end(child.pid), longest);
  const ending = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('exit', (code, signal) => resolve(endingOf(code, signal, longest)));
  });
  clearTimeout(timer);
  await Promise.race([closed, sleep(TAIL)]);
  child.stdout.destroy();
  child.stderr.destroy();
  if (ending === undefined) return undefined;
  const shown = printable(
    said
      .trim()
      .slice(0, KEPT)
      .replace(/\s*\n\s*/g, ' / '),
  );
  return `${printable(command.join(' '))}: ${ending}${shown === '' ? '' : `: ${shown}`}`;
}

/** Its whole process group: what it started belongs to it. */
function end(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function endingOf(code: number | null, signal: NodeJS.Signals | null, longest: number): string | undefined {
  if (code === 0) return undefined;
  if (signal === 'SIGKILL') return `it had not ended after ${longest / 1000} s, or was killed`;
  return signal ? `it was ended by ${signal}` : `it ended with ${code}`;
}
