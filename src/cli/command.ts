import type { ParseArgsConfig } from 'node:util';
import type { Client } from '../control/client.js';

/** Exit codes, the same for every command. */
export const DONE = 0;
export const FAILED = 1;
export const USAGE = 2;
/** Of commands whose 1 says something else: a filter or a log cannot be used. */
export const UNUSABLE = 3;

/** What a command may touch: tests hand in their own. */
export interface Surroundings {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  readonly stdout: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly environment: NodeJS.ProcessEnv;
}

export interface Invocation extends Surroundings {
  /** Words that are no options. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** The socket that --socket or DROPSET_SOCKET names, if any. */
  readonly socket: string | undefined;
  /** Talks to the service on that socket, or on the default one. */
  readonly client: Client;
  /** Every command there is. */
  readonly commands: Loaders;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `dropset NAME`. */
  readonly usage: string;
  /** Options and examples, as --help prints them. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Answers the exit code. @throws DropsetError, UsageError */
  run(invocation: Invocation): Promise<number>;
}

/** A word that other commands follow: `filter test`. */
export interface Group {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly commands: Loaders;
}

/** Commands by name. They are loaded when called: `dropset ban` should not wait for what only `run` needs. */
export type Loaders = Readonly<Record<string, () => Promise<{ readonly default: Command | Group }>>>;

/** The command line makes no sense: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Every command but run takes --json. */
export const JSON_OPTION = { json: { type: 'boolean' } } as const;

export const print = (invocation: Surroundings, text: string): void => {
  invocation.stdout.write(`${text}\n`);
};

export const complain = (invocation: Surroundings, text: string): void => {
  invocation.stderr.write(`dropset: ${text}\n`);
};
