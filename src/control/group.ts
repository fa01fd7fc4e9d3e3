import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DropsetError } from '../model/errors.js';

/** Milliseconds: directories of users answer over a network. */
const PATIENCE = 5_000;

/**
 * The number of a group: from /etc/group (man group(5)), else from wherever the system looks groups up (man getent(1)).
 *
 * @throws DropsetError `config` if there is none of that name.
 */
export function gidOf(name: string): number {
  const belongs = (line: string): boolean => line.split(':', 1)[0] === name;
  const line = linesOfFile().find(belongs) ?? linesOfSystem(name).find(belongs);
  const gid = Number(line?.split(':')[2] || Number.NaN);
  if (Number.isInteger(gid)) return gid;
  throw new DropsetError(
    'config',
    `there is no group '${name}': make it (groupadd ${name}), or name another in [service]`,
  );
}

function linesOfFile(): string[] {
  try {
    return readFileSync('/etc/group', 'utf8').split('\n');
  } catch {
    return [];
  }
}

function linesOfSystem(name: string): string[] {
  try {
    return execFileSync('getent', ['group', '--', name], {
      encoding: 'utf8',
      timeout: PATIENCE,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split('\n');
  } catch {
    return [];
  }
}
