import { loadFilter } from '../fail2ban/filter.js';
import { filterNames, findFilter } from '../fail2ban/filter-files.js';
import { compileEach } from '../filters/compiled.js';
import type { FilterDefinition } from '../model/definition.js';
import { DropsetError } from '../model/errors.js';
import type { Engine } from '../regex/plan.js';
import type { Risk } from '../regex/risk.js';

/** A filter that can be named. */
export interface Listed {
  readonly name: string;
  readonly path: string;
  readonly failregex: number;
  /** How many of all its expressions each engine searches for. */
  readonly engines: Readonly<Partial<Record<Engine, number>>>;
  /** The worst of all its expressions. */
  readonly risk: Risk;
  /** Why it cannot be used; null where it can. */
  readonly fault: string | null;
}

/** All filters of some directories that can be named, without options, in the order of their names. */
export function* listFilters(directories: readonly string[]): Generator<Listed> {
  for (const name of filterNames(directories)) yield listed(name, directories);
}

function listed(name: string, directories: readonly string[]): Listed {
  const path = findFilter(name, directories).origin;
  try {
    return { name, path, ...traits(loadFilter(name, { directories, logtype: 'file' })) };
  } catch (error) {
    if (!(error instanceof DropsetError)) throw error;
    return { name, path, failregex: 0, engines: {}, risk: 'none', fault: error.message };
  }
}

const RISKS: readonly Risk[] = ['none', 'polynomial', 'exponential'];

function traits(definition: FilterDefinition): Omit<Listed, 'name' | 'path'> {
  const { compiled, faults } = compileEach(definition, true);
  const engines: Partial<Record<Engine, number>> = {};
  let worst = 0;
  for (const { pattern } of compiled) {
    engines[pattern.engine] = (engines[pattern.engine] ?? 0) + 1;
    worst = Math.max(worst, RISKS.indexOf(pattern.risk));
  }
  const fault = faults[0]?.message ?? null;
  return { failregex: definition.failregex.length, engines, risk: RISKS[worst] as Risk, fault };
}
