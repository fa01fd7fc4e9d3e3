import { readFileSync } from 'node:fs';
import { Prefix } from '../model/prefix.js';

/** Processes that are looked at on the way up: a shell, sudo, perhaps a pager or a terminal multiplexer. */
const GENERATIONS = 10;

export interface OriginPlaces {
  readonly processes?: string;
  readonly pid?: number;
}

/**
 * The address that who runs this command is logged in from, as sshd has told their shell (SSH_CONNECTION, man ssh); behind sudo, which
 * takes that variable away, as one of the processes above has it. A hint: undefined where nobody says.
 */
export function originOf(environment: NodeJS.ProcessEnv, places: OriginPlaces = {}): string | undefined {
  const own = peerOf(environment.SSH_CONNECTION);
  if (own !== undefined || environment.SUDO_USER === undefined) return own;
  const { processes = '/proc', pid = process.ppid } = places;
  let next: number | undefined = pid;
  for (let generation = 0; generation < GENERATIONS && next !== undefined && next > 1; generation++) {
    const found = /(?:^|\0)SSH_CONNECTION=([^\0]*)/.exec(textOf(`${processes}/${next}/environ`))?.[1];
    const peer = peerOf(found);
    if (peer !== undefined) return peer;
    next = parentOf(textOf(`${processes}/${next}/status`));
  }
  return undefined;
}

/** `203.0.113.9 51234 192.0.2.1 22` */
const peerOf = (connection: string | undefined): string | undefined =>
  Prefix.tryParse((connection ?? '').split(' ', 1)[0]?.replace(/%.*/, '') ?? '')?.text;

function parentOf(status: string): number | undefined {
  const found = /^PPid:\s*(\d+)$/m.exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
