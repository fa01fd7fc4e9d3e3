import { closeSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../backends/backend.js';
import { MemoryBackend } from '../backends/memory/backend.js';
import type { BackendChoice, Config } from '../config/config.js';
import { gidOf } from '../control/group.js';
import { makeWay } from '../control/server.js';
import { Ledger } from '../ledger/ledger.js';
import { type Share, WHOLE } from '../ledger/share.js';
import type { OnFault } from '../ledger/store.js';
import { type Clock, systemClock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import { backendOf, unlogged } from './backends.js';
import { Events, type Listener } from './events.js';
import { Problems } from './problems.js';
import { Protection } from './protection.js';
import { Shares } from './shares.js';
import { Systemd } from './systemd.js';
import { WholeMark } from './whole-mark.js';

export interface OpeningOptions {
  readonly config: Config;
  /** Judge and say, but drop nothing and keep nothing. */
  readonly dryRun: boolean;
  /** Hears what happens, beside the stream of events and what `status` shows. */
  readonly log: Listener;
  readonly clock?: Clock;
  /** What systemd's variables are taken from; none where absent. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** What has to be open before anything runs. */
export interface Opened {
  readonly events: Events;
  readonly problems: Problems;
  readonly systemd: Systemd;
  readonly protection: Protection;
  /** The first that the configuration names, or one in memory for a dry run. */
  readonly backend: Backend;
  /** The others, not open yet. */
  readonly others: readonly Chosen[];
  readonly shares: Shares;
  /** The first one's. */
  readonly share: Share;
  readonly ledger: Ledger;
  readonly mark: WholeMark;
}

/** A backend that the configuration names. */
export interface Chosen {
  readonly choice: BackendChoice;
  readonly backend: Backend;
}

/** Whether it is the kind whose table is owned by a descriptor. */
export const hasOwner = ({ choice }: Chosen): boolean => choice.kind === 'nftables';

/**
 * Opens the kernel and the ledger.
 *
 * @param onFault is told of faults of the ledger that it lives through, now and later.
 * @throws DropsetError with a sentence that an operator can act on. Nothing is left open then.
 */
export async function open(options: OpeningOptions, onFault: OnFault): Promise<Opened> {
  const { config, dryRun, log, clock = systemClock } = options;
  await makeWay(config.service.socket);
  if (config.service.group !== undefined) gidOf(config.service.group);
  const events = new Events(clock);
  events.listen(log);
  const problems = new Problems();
  events.listen(problems);
  const problem = (sentence: string): void => events.problem(sentence);
  const note = (message: string): void => events.tell({ kind: 'note', level: 'info', message });
  const protection = new Protection({ config, dryRun, clock, problem, note });
  await protection.start();
  const { never } = protection;
  const systemd = new Systemd({ environment: options.environment ?? {}, pid: process.pid, problem });
  const say = (level: 'info' | 'warning', message: string): void =>
    level === 'info' ? note(message) : problem(message);
  const { inherited } = systemd;
  // It belongs to nftables, and takes its table with it where that is not wanted any more.
  const isWanted = config.backends.some(({ kind }) => kind === 'nftables');
  if (inherited !== undefined && !isWanted && !dryRun) closeSync(inherited);
  const around = { allow: never.prefixes, say, clock, inherited, logging: config.log };
  const [first, ...others] = config.backends.map((choice) => ({
    choice,
    backend: backendOf(choice, config.backend, around),
  })) as [Chosen, ...Chosen[]];
  for (const sentence of dryRun ? [] : unlogged(config.backends, config.log)) problem(sentence);
  const backend: Backend = dryRun ? new MemoryBackend({ clock }) : first.backend;
  const shares = new Shares(config.jails);
  const share = dryRun ? WHOLE : shares.of(first.choice.name);
  const opened = { events, problems, systemd, protection, backend, others: dryRun ? [] : others, shares, share };
  try {
    await backend.open();
    // Nobody else has such a descriptor; where nftables is another than the first, it is kept when that one is open.
    if (!opened.others.some(hasOwner)) systemd.keep(backend.kept?.());
    const refusal = (prefix: Prefix): string | undefined => never.refusal(prefix);
    const { state, history } = config.service;
    const ledgerOptions = { refusal, share, history, clock };
    const told: OnFault = (fault) => {
      problem(fault.sentence);
      onFault(fault);
    };
    const mark = new WholeMark(dryRun ? undefined : state);
    const ledger = dryRun
      ? Ledger.open(':memory:', ledgerOptions)
      : Ledger.lenient(join(state, 'ledger.db'), told, ledgerOptions);
    if (mark.isMissing) {
      const sentence = 'the last run could not write down all bans: those that only the kernel knows are looked for';
      note(sentence);
      onFault({ sentence, isLoss: true });
    }
    return { ...opened, ledger, mark };
  } catch (thrown) {
    await close(opened, thrown);
    throw thrown;
  }
}

/** Closes what is open after a start that failed; bans stand. @param thrown what it failed by. */
export async function close(
  { systemd, ledger, backend, protection }: Pick<Opened, 'systemd' | 'backend'> & Partial<Opened>,
  thrown: unknown,
): Promise<void> {
  systemd.status(messageOf(thrown));
  systemd.close();
  await protection?.stop();
  ledger?.close();
  await backend.close({ keep: true });
}
