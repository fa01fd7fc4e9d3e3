import { messageOf } from '../model/errors.js';
import { native } from '../native.js';

/** The name under which the service manager stores the socket that owns the table. */
const NAME = 'nftables';

/** The first descriptor that is passed: SD_LISTEN_FDS_START. */
const FIRST = 3;

/** Descriptors that are looked at at most; no service has more. */
const MOST = 64;

/** Bytes of a status that are sent. */
const LONGEST = 1000;

export interface SystemdOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** This process's number. */
  readonly pid: number;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
}

/**
 * What systemd is told (man 3 sd_notify), and what it has kept for us (man 3 sd_listen_fds). Without systemd nothing is told and
 * nothing was kept.
 */
export class Systemd {
  /** The descriptor that an earlier run has left with `keep`; whoever takes it closes it. */
  readonly inherited: number | undefined;
  readonly #address: string | undefined;
  /** Milliseconds between two signs of life; undefined where nobody waits for them. */
  readonly #every: number | undefined;
  readonly #problem: (sentence: string) => void;
  #timer: NodeJS.Timeout | undefined;

  /** Takes its variables out of `environment`: children are not meant. */
  constructor({ environment, pid, problem }: SystemdOptions) {
    this.#problem = problem;
    this.#address = environment.NOTIFY_SOCKET || undefined;
    this.#every = watchdogOf(environment, pid);
    this.inherited = inheritedOf(environment, pid);
    for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES', 'WATCHDOG_USEC', 'WATCHDOG_PID', 'NOTIFY_SOCKET'])
      delete environment[name];
  }

  /** Starting is over; signs of life are given from here on. */
  ready(status: string): void {
    this.#tell(`READY=1\nSTATUS=${line(status)}`);
    if (this.#every !== undefined) this.#timer = setInterval(() => this.#tell('WATCHDOG=1'), this.#every).unref();
  }

  /** The configuration is being read anew; ends with `reloaded`. For Type=notify-reload (systemd 253), which waits for both. */
  reloading(): void {
    // CLOCK_MONOTONIC, as systemd's own: it tells this reload from one that was asked for before.
    this.#tell(`RELOADING=1\nMONOTONIC_USEC=${process.hrtime.bigint() / 1000n}\nSTATUS=reading the configuration anew`);
  }

  /** Whatever came of it: the service goes on. */
  reloaded(status: string): void {
    this.#tell(`READY=1\nSTATUS=${line(status)}`);
  }

  /** What `systemctl status` shows, in one line. */
  status(status: string): void {
    this.#tell(`STATUS=${line(status)}`);
  }

  stopping(): void {
    this.#tell('STOPPING=1\nSTATUS=stopping; bans go on dropping');
  }

  /**
   * Has a copy of the descriptor stored, for the next start: what it owns is nobody else's meanwhile. It is not watched (FDPOLL=0,
   * from systemd 246): a netlink socket that was overrun shows an error, and would be thrown away.
   *
   * @param descriptor undefined where there is none: then what an earlier run left is thrown away.
   */
  keep(descriptor: number | undefined): void {
    if (descriptor !== undefined) this.#tell(`FDSTORE=1\nFDNAME=${NAME}\nFDPOLL=0`, descriptor);
    else if (this.inherited !== undefined) this.forget();
  }

  /** Has what was stored thrown away. */
  forget(): void {
    this.#tell(`FDSTOREREMOVE=1\nFDNAME=${NAME}`);
  }

  /** Gives no more signs of life. */
  close(): void {
    clearInterval(this.#timer);
  }

  #tell(text: string, descriptor = -1): void {
    if (this.#address === undefined) return;
    try {
      native.notify(this.#address, text, descriptor);
    } catch (thrown) {
      const [what] = text.split('=', 1);
      this.#problem(`systemd was not told ${what}: ${messageOf(thrown)}; is NotifyAccess=main set?`);
    }
  }
}

const line = (text: string): string => Buffer.from(text.replace(/[\p{Cc}\s]+/gu, ' ')).toString('utf8', 0, LONGEST);

/** Half of what systemd waits for at most, in milliseconds. */
function watchdogOf({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv, pid: number): number | undefined {
  const microseconds = Number(WATCHDOG_USEC);
  if (!Number.isSafeInteger(microseconds) || microseconds <= 0) return undefined;
  if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== String(pid)) return undefined;
  return Math.max(1, Math.min(2 ** 31 - 1, Math.floor(microseconds / 2000)));
}

function inheritedOf({ LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES }: NodeJS.ProcessEnv, pid: number): number | undefined {
  const count = Number(LISTEN_FDS);
  if (LISTEN_PID !== String(pid) || !Number.isSafeInteger(count) || count <= 0 || count > MOST) return undefined;
  const index = (LISTEN_FDNAMES ?? '').split(':').indexOf(NAME);
  return index < 0 || index >= count ? undefined : FIRST + index;
}
