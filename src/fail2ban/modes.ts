import { Files } from './file.js';
import { configurationOf } from './file-set.js';
import { findFilter } from './filter-files.js';
import { parseReference } from './reference.js';

/** `<mdre-<mode>>` or `<mdre-<mode>-other>`: what stands before the mode and behind it. */
const TABLE = /<([\p{L}\p{N}_-]+)<mode>([\p{L}\p{N}_-]*)>/gu;

/**
 * The modes that a filter has tables for: with `<mdre-<mode>>` in one of its values, each option `mdre-NAME` is one.
 *
 * @throws DropsetError `filter` for a filter that is not there, `config` for files that cannot be read.
 */
export function filterModes(reference: string, directories: readonly string[]): string[] {
  const files = new Files();
  const configuration = configurationOf(findFilter(parseReference(reference).name, directories).paths, files);
  const values = ['Definition', 'Init'].flatMap((section) => [...configuration.values(section)]);
  const tables = values.flatMap(([, { text }]) => [...text.matchAll(TABLE)]);
  // The longest ending first: mdre-ddos-other is of the mode ddos, and there is no mode ddos-other.
  const affixes = tables
    .map(([, before = '', behind = '']): Affixes => [before.toLowerCase(), behind.toLowerCase()])
    .sort(([, a], [, b]) => b.length - a.length);
  return [...new Set(values.flatMap(([option]) => modeOf(option, affixes) ?? []))].sort();
}

type Affixes = readonly [before: string, behind: string];

function modeOf(option: string, affixes: readonly Affixes[]): string | undefined {
  const found = affixes.find(
    ([before, behind]) =>
      option.startsWith(before) && option.endsWith(behind) && option.length > before.length + behind.length,
  );
  return found && option.slice(found[0].length, option.length - found[1].length);
}
