import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isSame } from '../config/same.js';
import type { HookConfig } from '../config/types.js';
import type { Event } from '../model/events.js';
import type { HookReport } from '../model/hook-report.js';
import type { Delivery } from './delivery.js';
import { Hook, type HookOptions } from './hook.js';
import { Program } from './program.js';
import { Webhook } from './webhook.js';

/** Milliseconds that calls may take that are under way when the service stops, or a hook is no longer configured. */
const PATIENCE = 5_000;

export interface HooksOptions extends Pick<HookOptions, 'record' | 'problem' | 'note'> {
  /** Which events are meant by names of events and, unless that is `*`, of jails. */
  readonly wanted: (events: readonly string[], jails: readonly string[] | undefined) => (event: Event) => boolean;
  readonly version: string;
}

interface Entry {
  readonly config: HookConfig;
  readonly hook: Hook;
}

/** All hooks. They hear what has happened: nothing waits for them. */
export class Hooks {
  readonly #options: HooksOptions;
  readonly #stopping = new Set<Promise<void>>();
  #entries: readonly Entry[] = [];

  constructor(options: HooksOptions) {
    this.#options = options;
  }

  get reports(): readonly HookReport[] {
    return this.#entries.map(({ config, hook }) => ({ kind: config.target.kind, ...hook.report }));
  }

  hear(event: Event, time: number): void {
    for (const { hook } of this.#entries) hook.hear(event, time);
  }

  hearMany(events: readonly Event[], time: number): void {
    for (const { hook } of this.#entries) for (const event of events) hook.hear(event, time);
  }

  /** Those that stay the same go on with what waits for them; others tell what waits, within seconds, and end. */
  replace(configs: readonly HookConfig[]): void {
    const before = this.#entries;
    this.#entries = configs.map(
      (config) => before.find((entry) => isSame(entry.config, config)) ?? this.#entry(config),
    );
    for (const entry of before) if (!this.#entries.includes(entry)) this.#end(entry);
  }

  /** Resolves when nothing runs any more: within some seconds. */
  async stop(): Promise<void> {
    for (const entry of this.#entries) this.#end(entry);
    this.#entries = [];
    await Promise.all(this.#stopping);
  }

  #end({ hook }: Entry): void {
    const ended = hook.stop(PATIENCE).finally(() => this.#stopping.delete(ended));
    this.#stopping.add(ended);
  }

  #entry(config: HookConfig): Entry {
    const { wanted, record, problem, note } = this.#options;
    const { target, events, jails } = config;
    const hook = new Hook({
      ...{ config, record, problem, note, delivery: this.#delivery(config) },
      giveUp: target.kind === 'webhook' ? target.giveUp : 0,
      wants: wanted(events, jails.includes('*') ? undefined : jails),
      host: hostname(),
      now: () => performance.now(),
      random: Math.random,
      newId: randomUUID,
    });
    return { config, hook };
  }

  #delivery({ name, target, timeout }: HookConfig): Delivery {
    if (target.kind === 'program') return new Program({ name, target, timeout });
    return new Webhook({ target, timeout, version: this.#options.version, now: Date.now });
  }
}
