import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { DropsetError } from '../model/errors.js';
import { LINE_FIELDS } from './journal-entry.js';

/** Which journals, and what of them. Where neither directory nor files are named: those of the machine. */
export interface JournalSelection {
  readonly directory?: string;
  /** Paths, in which journalctl resolves glob characters. */
  readonly files?: readonly string[];
  readonly namespace?: string;
  /** Only the system's journal, and not those of its users. */
  readonly isSystem?: boolean;
  /** As `matchArguments` makes them. */
  readonly matches: readonly string[];
}

/** Where reading begins: with an entry, or the one that follows it if it is gone; or at a time in milliseconds. */
export type JournalStart = { readonly cursor: string } | { readonly since: number };

/**
 * The words behind `journalctl`. Following implies the current boot since systemd 251, which would leave out what was
 * logged between our end and a reboot; only `--merge` has it read all boots, and remote journals, as fail2ban does.
 */
export function journalctlArguments(selection: JournalSelection, start: JournalStart): string[] {
  const { directory, files, namespace, isSystem, matches } = selection;
  return [
    '--follow',
    '--no-tail',
    '--merge',
    '--all', // without it, fields of more than 4,096 bytes are null
    '--output=json',
    `--output-fields=${LINE_FIELDS.join(',')}`,
    // Not --after-cursor, which leaves out an entry where that of the cursor was deleted (seen with 252).
    'cursor' in start ? `--cursor=${start.cursor}` : `--since=@${(start.since / 1000).toFixed(3)}`,
    ...(directory === undefined ? [] : [`--directory=${directory}`]),
    ...(files ?? []).map((file) => `--file=${file}`),
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...(isSystem ? ['--system'] : []),
    ...matches,
  ];
}

/** A journalctl that runs. `stdout` is not read ahead: the pipe fills, and journalctl waits. */
export interface JournalProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended, as a person would say it. */
  readonly ended: Promise<string>;
  kill(): void;
}

/** @throws DropsetError `unsupported` if there is no journalctl, and the error of fork or exec. */
export async function startJournalctl(words: readonly string[]): Promise<JournalProcess> {
  const child = spawn('journalctl', words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
  const ended = endOf(child);
  try {
    await once(child, 'spawn');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const wayOut = 'install systemd, or read the log files themselves (logpath)';
    throw new DropsetError('unsupported', `the journal is read through journalctl, which is not in PATH: ${wayOut}`);
  }
  const { stdout, stderr } = child;
  const kill = (): void => {
    // It has nothing to tidy up, and newer ones wait for the full pipe before they heed SIGTERM.
    child.kill('SIGKILL');
    stdout.destroy();
    stderr.destroy();
  };
  return { stdout, stderr, ended, kill };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ? `was killed (${signal})` : `ended with code ${code}`));
  });
}
