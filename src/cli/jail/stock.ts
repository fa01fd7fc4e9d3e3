import { parseDuration } from '../../model/duration.js';
import { PRESETS, type Preset } from '../../presets/presets.js';
import type { Style } from '../style.js';

/** Presets as `--json` has them: times in seconds, as those of jails. */
export const stockJson = (): readonly object[] =>
  PRESETS.map((preset) => ({ ...preset, findtime: seconds(preset.findtime), bantime: seconds(preset.bantime) }));

const seconds = (text: string): number | null => {
  const time = parseDuration(text);
  return time === null ? null : time / 1000;
};

/** Every preset: for what it bans, what it reads, and when it bans. */
export const stockLines = (style: Style): string[] => [
  ...PRESETS.flatMap((preset) => lines(preset, style)),
  'One line enables one: preset = "NAME" in a section [jail.NAME]. What else the section says goes before the preset.',
];

function lines(preset: Preset, { strong }: Style): string[] {
  const { name, summary, maxretry, findtime, bantime } = preset;
  return [
    `${strong(name)}: ${summary}`,
    ...sourcesOf(preset).map((source) => `  reads   ${source}`),
    `  bans    after ${maxretry} failure${maxretry === 1 ? '' : 's'} in ${findtime}, for ${bantime}`,
  ];
}

const sourcesOf = ({ logpath, journalmatch, btmp }: Preset): string[] => [
  ...logpath,
  ...(journalmatch ? ['the journal, where none of these is there'] : []),
  ...(btmp ? ['/var/log/btmp'] : []),
];
