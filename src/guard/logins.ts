import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Prefix } from '../model/prefix.js';
import { UtmpDecoder } from '../sources/utmp-decoder.js';
import { USER_PROCESS, type UtmpRecord } from '../sources/utmp-record.js';

/** Somebody is logged in from elsewhere. */
export interface Login {
  readonly peer: Prefix;
  readonly user: string;
}

export interface LoginPlaces {
  /** Folder of systemd-logind's sessions, a file each. */
  readonly sessions: string;
  /** utmp(5). */
  readonly utmp: readonly string[];
  readonly processes: string;
}

const PLACES: LoginPlaces = {
  sessions: '/run/systemd/sessions',
  utmp: ['/run/utmp', '/var/run/utmp'],
  processes: '/proc',
};

/** Files of sessions that are looked at, and bytes of each, and of utmp. */
const MOST = 4_096;
const LONGEST = 64 * 1024;
const LONGEST_UTMP = 4 * 1024 * 1024;

/**
 * Who is logged in from another machine, as systemd-logind and utmp know it: sshd tells them when a password or key was right, never
 * before. Empty where neither is there. Never throws.
 */
export function listLogins(places: Partial<LoginPlaces> = {}): Login[] {
  const { sessions, utmp, processes } = { ...PLACES, ...places };
  const path = utmp.find((one) => statSync(one, { throwIfNoEntry: false }));
  return [...fromLogind(sessions), ...(path === undefined ? [] : fromUtmp(path, processes))];
}

/** Files of `KEY=value` lines; REMOTE_HOST is what the service said, an address unless sshd has UseDNS. */
function fromLogind(folder: string): Login[] {
  return namesIn(folder).flatMap((name) => {
    const text = textOf(join(folder, name));
    const peer = Prefix.tryParse(fieldOf(text, 'REMOTE_HOST').replace(/%.*/, ''));
    return peer?.isAddress && fieldOf(text, 'CLASS') !== 'manager' ? [{ peer, user: fieldOf(text, 'USER') }] : [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    // Beside each session there are pipes, `N.ref`.
    return readdirSync(folder)
      .filter((name) => /^[A-Za-z0-9]+$/.test(name))
      .slice(0, MOST);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= LONGEST ? readFileSync(path, 'utf8') : '';
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

const fieldOf = (text: string, key: string): string => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';

function fromUtmp(path: string, processes: string): Login[] {
  try {
    if (statSync(path).size > LONGEST_UTMP) return [];
    return new UtmpDecoder().push(readFileSync(path)).flatMap((record) => loginOf(record, processes));
  } catch {
    return [];
  }
}

/** A record outlives a session that was killed, but its process does not. */
function loginOf({ type, address, user, pid }: UtmpRecord, processes: string): Login[] {
  if (type !== USER_PROCESS || !address?.isAddress) return [];
  const lives = statSync(join(processes, String(pid)), { throwIfNoEntry: false }) !== undefined;
  return lives ? [{ peer: address, user: user.toString('utf8') }] : [];
}
