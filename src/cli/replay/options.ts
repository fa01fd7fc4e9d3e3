import type { Config, JailConfig } from '../../config/config.js';
import { parseDuration } from '../../model/duration.js';
import { DropsetError } from '../../model/errors.js';
import type { ReplayOptions } from '../../replay/replay.js';
import { type Invocation, UsageError } from '../command.js';
import { timeOption } from '../list-filter.js';

/** What the command line says of a replay. */
export interface Given extends Omit<ReplayOptions, 'onNote'> {
  /** In place of what every jail has that counts failures. */
  readonly change: Partial<Pick<JailConfig, 'maxretry' | 'findtime' | 'bantime'>>;
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
    onlySuspects: options.suspects === true,
  };
}

function changeOf(options: Options): Given['change'] {
  const maxretry = text(options, 'maxretry');
  if (maxretry !== undefined && !/^[1-9]\d{0,3}$|^10000$/.test(maxretry)) {
    throw new UsageError(`--maxretry takes a whole number from 1 to 10000, not '${maxretry}'`);
  }
  const [findtime, bantime] = [span(options, 'findtime'), span(options, 'bantime')];
  if (findtime === null) throw new UsageError('--findtime takes a time such as 10m, not one without an end');
  return {
    ...(maxretry !== undefined && { maxretry: Number(maxretry) }),
    ...(findtime !== undefined && { findtime }),
    ...(bantime !== undefined && { bantime }),
  };
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
export function changed(config: Config, { jails: named, change }: Given): Config {
  const names = config.jails.map(({ name }) => name);
  const unknown = named.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? 'the configuration has none' : `there are ${names.join(', ')}`;
    throw new UsageError(`--jail: there is no jail '${unknown}'; ${known}`);
  }
  // What counts bans has limits of another kind, of days.
  return { ...config, jails: config.jails.map((jail) => (jail.recidive ? jail : { ...jail, ...change })) };
}
