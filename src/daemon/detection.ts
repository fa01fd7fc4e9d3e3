import { resolve } from 'node:path';
import type { JailConfig } from '../config/config.js';
import type { JailStatus } from '../control/api.js';
import { compileFilter, type Filter } from '../filters/filter.js';
import { loadFilter } from '../filters/search.js';
import { Jail } from '../jails/jail.js';
import type { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { BanVerdict, Line } from '../model/street.js';
import type { Chunk } from '../sources/chunk.js';
import type { SourceEvent } from '../sources/event.js';
import { followFiles } from '../sources/files.js';
import type { FilePattern } from '../sources/pattern.js';

export interface DetectionOptions {
  readonly never: Never;
  readonly clock: Clock;
  /** Where verdicts go. The next lines are read when it resolves: a flood slows reading, not writing. */
  readonly enforce: (verdicts: readonly BanVerdict[]) => Promise<unknown>;
  /** Told what an operator should know. */
  readonly report: (sentence: string) => void;
}

/** One jail at work: lines in, verdicts out. */
export class Detection {
  readonly #config: JailConfig;
  readonly #options: DetectionOptions;
  readonly #filter: Filter;
  readonly #jail: Jail;
  #lines = 0;

  /** @throws DropsetError `filter` */
  constructor(config: JailConfig, options: DetectionOptions) {
    this.#config = config;
    this.#options = options;
    this.#filter = filterOf(config, options.clock);
    this.#jail = new Jail(config, options.never, options.clock);
  }

  get status(): JailStatus {
    return {
      name: this.#config.name,
      filter: this.#filter.name,
      logpaths: this.#config.logpaths,
      lines: this.#lines,
      failures: this.#jail.failures,
      bans: this.#jail.bans,
      never: this.#jail.ignored,
      outdated: this.#jail.outdated,
      evicted: this.#jail.evicted,
      unresolved: this.#filter.unresolved,
      invalid: this.#filter.invalid,
      ignored: this.#filter.ignored,
    };
  }

  /** Follows the jail's logs, from the ends that they have now, until `signal`. */
  start(signal: AbortSignal): void {
    const patterns = this.#config.logpaths.map((pattern) => ({ pattern: resolve(pattern), start: 'end' as const }));
    this.#consume(patterns, signal).catch((thrown) => {
      this.#report(`its logs are not followed any more: ${messageOf(thrown)}`);
    });
  }

  #heard(event: SourceEvent): void {
    if (event.kind !== 'opened' && event.kind !== 'rotated') this.#report(event.message);
  }

  #report(sentence: string): void {
    this.#options.report(`jail ${this.#config.name}: ${sentence}`);
  }

  async #consume(patterns: readonly FilePattern[], signal: AbortSignal): Promise<void> {
    for await (const chunk of followFiles(patterns, { signal, onEvent: (event) => this.#heard(event) })) {
      const verdicts = this.#judge(linesOf(chunk));
      if (verdicts.length > 0) await this.#options.enforce(verdicts);
    }
  }

  #judge(lines: readonly Line[]): BanVerdict[] {
    this.#lines += lines.length;
    const verdicts: BanVerdict[] = [];
    for (const line of lines) {
      const failure = this.#filter.match(line);
      const verdict = failure && this.#jail.consider(failure);
      if (verdict) verdicts.push(verdict);
    }
    return verdicts;
  }
}

function filterOf({ name, filter }: JailConfig, clock: Clock): Filter {
  const definition = typeof filter === 'string' ? loadFilter(filter) : { name, origin: `jail ${name}`, ...filter };
  return compileFilter(definition, { clock });
}

function linesOf({ source, bytes, offset }: Chunk): Line[] {
  const lines: Line[] = [];
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
    lines.push({ text: bytes.toString('utf8', start, end).replace(/\r$/, ''), source, position: offset + start });
  }
  return lines;
}
