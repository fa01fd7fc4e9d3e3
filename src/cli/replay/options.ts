import type { Config, JailConfig } from '../../config/config.js';
import { parseDuration } from '../../model/duration.js';
import { DropsetError } from '../../model/errors.js';
import { USUAL_SIEGE } from '../../model/siege.js';
import type { ReplayOptions } from '../../replay/replay.js';
import { type Invocation, UsageError } from '../command.js';
import { timeOption } from '../list-filter.js';

/** What the command line says of a replay. */
export interface Given extends Omit<ReplayOptions, 'onNote'> {
  /** In place of what every jail has that counts failures. */
  readonly change: Partial<Pick<JailConfig, 'maxretry' | 'findtime' | 'bantime'>>;
  /** Offenders that are no siege yet, in place of what every such jail has; 0 for no siege at all. */
  readonly siege: number | undefined;
  readonly onlySuspects: boolean;
}

type Options = Invocation['options'];

const text = (options: Options, name: string): string | undefined => options[name] as string | undefined;

/** @param now milliseconds since the epoch. @throws UsageError */
export function optionsOf(options: Options, now: number): Given {
  const time = (name: string): number | undefined => {
    const value = text(options, name);
    return value === undefined ? undefined : timeOption(name, value, now);
  };
  const [since, until, reference = now] = [time('since'), time('until'), time('now')];
  if (since !== undefined && until !== undefined && since > until) {
    throw new UsageError('--since is later than --until: no line is between them');
  }
  return {
    jails: [...new Set((text(options, 'jail') ?? '').split(',').filter((name) => name !== ''))],
    ...{ since, until, success: text(options, 'success'), reference: () => reference },
    change: changeOf(options),
    siege: wholeOption(options, 'siege', 0, 10_000),
    onlySuspects: options.suspects === true,
  };
}

function changeOf(options: Options): Given['change'] {
  const maxretry = wholeOption(options, 'maxretry', 1, 10_000);
  const [findtime, bantime] = [span(options, 'findtime'), span(options, 'bantime')];
  if (findtime === null) throw new UsageError('--findtime takes a time such as 10m, not one without an end');
  return {
    ...(maxretry !== undefined && { maxretry }),
    ...(findtime !== undefined && { findtime }),
    ...(bantime !== undefined && { bantime }),
  };
}

function wholeOption(options: Options, name: string, least: number, most: number): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  if (/^(?:0|[1-9]\d{0,4})$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not '${value}'`);
}

function span(options: Options, name: string): number | null | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  try {
    return parseDuration(value);
  } catch (thrown) {
    if (thrown instanceof DropsetError) throw new UsageError(`--${name}: ${thrown.message}`);
    throw thrown;
  }
}

/** The configuration, with what is to be tried in its place. @throws UsageError, for a jail that it does not have. */
export function changed(config: Config, { jails: named, change, siege }: Given): Config {
  const names = config.jails.map(({ name }) => name);
  const unknown = named.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? 'the configuration has none' : `there are ${names.join(', ')}`;
    throw new UsageError(`--jail: there is no jail '${unknown}'; ${known}`);
  }
  // What counts bans has limits of another kind, of days.
  const reading = (jail: JailConfig): JailConfig => ({ ...besieged(jail, siege), ...change });
  return { ...config, jails: config.jails.map((jail) => (jail.recidive ? jail : reading(jail))) };
}

function besieged({ siege, ...jail }: JailConfig, offenders: number | undefined): JailConfig {
  if (offenders === 0) return jail;
  const terms = offenders === undefined ? siege : { ...(siege ?? USUAL_SIEGE), offenders };
  return { ...jail, ...(terms && { siege: terms }) };
}
