import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { compareFilters, type Question } from './fail2ban-filters.js';

/** Files of a `filter.d`, by name; `x/` begins a folder. */
export type Tree = Readonly<Record<string, string>>;

export interface Case {
  readonly files: Tree;
  /** Other than `f`. */
  readonly filter?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** True where both sides have to refuse. */
  readonly refused?: true;
}

export const lines = (...text: string[]): string => `${text.join('\n')}\n`;

/** `[Definition]` alone. */
export const definition = (...text: string[]): Tree => ({ 'f.conf': lines('[Definition]', ...text) });

/** Writes the files of a case below `directory`, the folder that `filter.d` is in. */
function write(directory: string, files: Tree): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, 'filter.d', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Loads every case with dropset and with fail2ban. */
export async function compareCases(t: Test, cases: Readonly<Record<string, Case>>): Promise<void> {
  const root = t.testdir();
  const named = Object.entries(cases);
  const questions = named.map(([, { files, filter = 'f', parameters = {} }], index): Question => {
    const directory = join(root, `${index}`);
    write(directory, files);
    return { filter, directory, parameters, logtype: 'file' };
  });
  for (const [index, comparison] of (await compareFilters(questions)).entries()) {
    const [name, { refused = false }] = named[index] as [string, Case];
    if (!comparison.same) t.same(comparison.ours, comparison.theirs, name);
    t.equal(comparison.refused, refused, refused ? `${name}: both refuse` : name);
  }
}
