import { loadSettings } from '../config/config.js';
import { resolveAll } from '../config/resolve.js';
import type { Config, JailConfig, Settings } from '../config/types.js';
import { DateDetector } from '../dates/detector.js';
import { compileEach } from '../filters/compiled.js';
import type { Clock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { presetNamed } from '../presets/presets.js';
import { type JailOverview, overviewOf } from './jails.js';
import { pointless } from './pointless.js';

/** What dropset would make of a configuration. */
export interface ConfigurationCheck {
  /** With any of them dropset run does not start. */
  readonly faults: readonly string[];
  /** It starts, and something that is meant does not work: an expression that is none, a log that is not there. */
  readonly warnings: readonly string[];
  /** What of a fail2ban tree is done otherwise, or not. */
  readonly notes: readonly string[];
  /** As in [backend]; null where the file itself has faults. */
  readonly backend: Config['backend']['kind'] | null;
  /** The jails that would run; without those that have faults. */
  readonly jails: readonly JailOverview[];
}

/** Reads a configuration and all that it names, as dropset run does, and goes on behind the first fault. */
export function checkConfiguration(path: string, now: Clock): ConfigurationCheck {
  const settings = settingsOf(path);
  if (settings instanceof DropsetError) {
    return { faults: settings.message.split('\n'), warnings: [], notes: [], backend: null, jails: [] };
  }
  const { config, faults } = resolveAll(settings);
  const jails = overviewOf(config);
  return {
    faults: faults.map(messageOf),
    warnings: [
      ...config.jails.flatMap((jail) => unusable(jail, now)),
      ...pointless(config),
      ...jails.flatMap((jail) => missingPreset(jail) ?? missing(jail)),
    ],
    notes: config.notes,
    backend: config.backend.kind,
    jails,
  };
}

function settingsOf(path: string): Settings | DropsetError {
  try {
    return loadSettings(path);
  } catch (thrown) {
    if (thrown instanceof DropsetError) return thrown;
    throw thrown;
  }
}

/** Expressions and date patterns that the service would leave out. */
function unusable({ name, filter }: JailConfig, now: Clock): string[] {
  const sentences = compileEach(filter, true).faults.map(messageOf);
  try {
    new DateDetector({ ...(filter.datepattern !== undefined && { datepattern: filter.datepattern }), now });
  } catch (thrown) {
    if (!(thrown instanceof DropsetError)) throw thrown;
    sentences.push(`datepattern: ${thrown.message}`);
  }
  return sentences.map((sentence) => `jail '${name}': ${sentence}`);
}

/**
 * A preset names the logs of several systems, of which one is enough.
 *
 * @returns undefined for a jail that says itself what it reads.
 */
function missingPreset({ name, preset, sources }: JailOverview): string[] | undefined {
  const logs = preset === undefined ? [] : (presetNamed(preset)?.logpath ?? []);
  if (logs.length === 0 || sources.some((source) => !logs.includes(source.name))) return undefined;
  if (sources.some(({ files }) => files !== 0)) return [];
  return [
    `jail '${name}': none of the logs of preset ${preset} is there now: ${logs.join(', ')}; name yours with logpath, or wait: ` +
      'they are read as soon as there are some',
  ];
}

const missing = ({ name, sources }: JailOverview): string[] =>
  sources
    .filter(({ files }) => files === 0)
    .map((source) => `jail '${name}': ${source.name}: no file now; it is read as soon as there is one`);
