import type { Config } from '../config/config.js';
import { type Difference, differenceOf } from '../config/difference.js';
import { isSame } from '../config/same.js';
import { gidOf } from '../control/group.js';
import type { ControlServer } from '../control/server.js';
import type { Hooks } from '../hooks/hooks.js';
import { withBuiltIn } from '../jails/never.js';
import type { Ledger } from '../ledger/ledger.js';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import type { ReloadReport } from '../model/reload-report.js';
import type { Audit } from './audit.js';
import type { Detection } from './detection.js';
import type { Enforcement } from './enforcement.js';
import type { Healing } from './healing.js';
import type { Protection } from './protection.js';
import type { Scoping } from './scoping.js';
import type { Secondaries } from './secondaries.js';
import { spare } from './spare.js';

/** What a configuration is put into. */
export interface Parts {
  readonly protection: Pick<Protection, 'never' | 'rulesWith' | 'replace' | 'isHeld'>;
  readonly detection: Pick<Detection, 'prepare' | 'replace'>;
  readonly healing: Pick<Healing, 'allow'>;
  readonly ledger: Pick<Ledger, 'bans' | 'remember'>;
  readonly enforcement: Pick<Enforcement, 'enforce' | 'rewrite'>;
  readonly audit: Pick<Audit, 'start' | 'stop'>;
  readonly scoping: Pick<Scoping, 'turn'>;
  readonly secondaries: Pick<Secondaries, 'pace'>;
  /** Bans are shared out among backends in another way: all are written again. */
  readonly reshare: () => Promise<unknown>;
  readonly hooks: Pick<Hooks, 'replace'>;
  readonly server: () => Pick<ControlServer, 'admit'> | undefined;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
}

/** Keys that hold at once. All others are what something that runs was made with. */
const LIVE = [
  'service.group',
  'service.history',
  'service.audit',
  'service.mode',
  'never.files',
  'never.refresh',
  'never.users',
];

const isLive = (key: string): boolean => LIVE.includes(key) || key.startsWith('hook.');

/** The configuration that is in force. Another one takes its place as a whole, or not at all. */
export class Configured {
  readonly #parts: Parts;
  #config: Config;
  #isStopping = false;

  constructor(config: Config, parts: Parts) {
    this.#config = config;
    this.#parts = parts;
  }

  /** As it is applied: what needs a restart stands in it as it was at the start. */
  get config(): Config {
    return this.#config;
  }

  /** No other one is taken up from here on; one that has begun to be is, to its end. */
  stop(): void {
    this.#isStopping = true;
  }

  /**
   * Puts the differences to another configuration in force. Up to the moment when the kernel has taken the never-rules, everything is
   * tried first, and nothing has changed if that fails.
   *
   * @throws DropsetError `config` with every fault, one a line; `kernel`; `busy` while the service stops.
   */
  async apply(next: Config): Promise<ReloadReport> {
    const difference = differenceOf(this.#config, next);
    const isReshared = !isSame(sharesOf(this.#config), sharesOf(next));
    const { group } = next.service;
    const gid = group === undefined ? undefined : gidOf(group);
    await this.#try(next, difference);
    await this.#allow(next, difference);
    this.#config = merged(this.#config, next);
    const { protection } = this.#parts;
    protection.never.replace(protection.rulesWith(next.never));
    await this.#parts.detection.replace();
    this.#lenient(() => this.#parts.hooks.replace(next.hooks));
    this.#set(difference.keys, gid);
    const lifted = await this.#spare(difference);
    protection.replace(next.never);
    if (isReshared) await this.#parts.reshare().catch((thrown) => this.#parts.problem(messageOf(thrown)));
    const turned = await this.#parts.scoping.turn();
    return reportOf(difference, { lifted, turned });
  }

  async #try(next: Config, { faults }: Difference): Promise<void> {
    this.#refuseToStop();
    const wanted = { jails: next.jails, never: this.#sparedBy(next) };
    const all = [...faults, ...(await this.#parts.detection.prepare(wanted))];
    if (all.length > 0) throw new DropsetError('config', all.join('\n'));
    this.#refuseToStop();
  }

  #refuseToStop(): void {
    if (this.#isStopping)
      throw new DropsetError('busy', 'the service is stopping: the configuration is read at its next start');
  }

  #sparedBy({ never }: Pick<Config, 'never'>): readonly Prefix[] {
    return this.#parts.protection.rulesWith(never).map(({ prefix }) => prefix);
  }

  async #allow({ never }: Config, { never: { added, removed } }: Difference): Promise<void> {
    if (added.length + removed.length === 0) return;
    await this.#parts.healing.allow(withBuiltIn(this.#sparedBy({ never })));
  }

  #set(keys: readonly string[], gid: number | undefined): void {
    const { audit, secondaries, ledger, server } = this.#parts;
    const { service } = this.#config;
    const set: Readonly<Record<string, () => void>> = {
      'service.audit': () => {
        audit.stop();
        audit.start(service.audit);
        secondaries.pace(service.audit);
      },
      'service.history': () => ledger.remember(service.history),
      'service.group': () => server()?.admit(gid),
    };
    for (const key of keys) this.#lenient(() => set[key]?.());
  }

  /** Answers how many bans were lifted. */
  async #spare({ never }: Difference): Promise<number> {
    const { ledger, enforcement, problem } = this.#parts;
    let sum = 0;
    const lifted = (count: number): void => {
      sum += count;
    };
    // What is lifted is gone, and a trial may be undone: its never-rules let packets through all the same.
    const added = this.#parts.protection.isHeld ? [] : never.added;
    await spare({ ...never, added }, { ledger, enforcement, lifted }).catch((thrown) => problem(messageOf(thrown)));
    return sum;
  }

  /** There is no way back by then, and the other parts do not depend on it. */
  #lenient(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#parts.problem(messageOf(thrown));
    }
  }
}

/** Which jails name the backends that their bans go to. */
const sharesOf = ({ jails }: Config): unknown =>
  jails.flatMap(({ name, backends }) => (backends ? [[name, [...backends].sort()]] : [])).sort();

function merged(before: Config, { never, jails, hooks, notes, service, file }: Config): Config {
  const { group, history, audit, mode } = service;
  return {
    ...before,
    never,
    jails,
    hooks,
    notes,
    service: { ...before.service, group, history, audit, mode },
    ...(file && { file }),
  };
}

function reportOf(
  { jails, never, keys, notes }: Difference,
  counts: Pick<ReloadReport, 'lifted' | 'turned'>,
): ReloadReport {
  const texts = (prefixes: Difference['never']['added']): string[] => prefixes.map(({ text }) => text);
  return {
    jails: { ...jails, unchanged: jails.unchanged.length },
    never: { added: texts(never.added), removed: texts(never.removed) },
    ...counts,
    until: null,
    settings: keys.filter(isLive),
    restart: keys.filter((key) => !isLive(key)),
    notes,
  };
}
