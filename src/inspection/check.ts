import { DateDetector } from '../dates/detector.js';
import { loadFilter } from '../fail2ban/filter.js';
import { filterNames, findFilter } from '../fail2ban/filter-files.js';
import { filterModes } from '../fail2ban/modes.js';
import { parseReference } from '../fail2ban/reference.js';
import { compileEach } from '../filters/compiled.js';
import type { Clock } from '../model/clock.js';
import type { FilterDefinition } from '../model/definition.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { referenceTo } from './choice.js';
import { type Finding, findingsOf } from './findings.js';

/** What was found in a filter. */
export interface Checked {
  readonly name: string;
  /** The path of its file; null where there is none. */
  readonly path: string | null;
  /** Those that it has tables for; it was checked in each of them, and without any. */
  readonly modes: readonly string[];
  /** Distinct expressions that can be used. */
  readonly expressions: number;
  readonly findings: readonly ModalFinding[];
}

export interface ModalFinding extends Finding {
  /** Where it does not hold in all: the modes in which it does, `default` where none is given. */
  readonly modes?: readonly string[];
}

export const isUsable = ({ findings }: Checked): boolean => findings.every(({ severity }) => severity !== 'fault');

/** Checks filters by their references; all that can be named where none is given. */
export function checkFilters(references: readonly string[], directories: readonly string[], now: Clock): Checked[] {
  const wanted = references.length > 0 ? references : filterNames(directories);
  return wanted.map((text) => checkFilter(referenceTo(text, directories), directories, now));
}

/** Checks a filter by its name or path, with and without options, in all its modes. What is wrong is a finding, never thrown. */
function checkFilter(reference: string, directories: readonly string[], now: Clock): Checked {
  const path = tried(() => findFilter(parseReference(reference).name, directories).origin);
  if (typeof path !== 'string') return { name: reference, path: null, modes: [], expressions: 0, findings: [path] };
  const modes = tried(() => filterModes(reference, directories));
  const all = 'severity' in modes ? [] : modes;
  const check = new Check(now);
  for (const mode of [undefined, ...all]) {
    const parameters = mode === undefined ? {} : { mode };
    const definition = tried(() => loadFilter(reference, { directories, logtype: 'file', parameters }));
    if ('severity' in definition) check.found(definition, mode);
    else check.definition(definition, mode);
  }
  return {
    name: reference,
    path,
    modes: all,
    expressions: check.expressions,
    findings: check.findings(all.length + 1),
  };
}

/** What a thrown fault says, as a finding. */
function tried<T extends object | string>(make: () => T): T | Finding {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof DropsetError)) throw error;
    return { severity: 'fault', sentence: error.message };
  }
}

const SEVERITIES = ['fault', 'warning', 'note'];

/** Modes share most of their expressions, and so their findings. */
class Check {
  readonly #now: Clock;
  readonly #findings = new Map<string, { finding: Finding; modes: string[] }>();
  readonly #pythons = new Set<string>();

  constructor(now: Clock) {
    this.#now = now;
  }

  get expressions(): number {
    return this.#pythons.size;
  }

  definition(definition: FilterDefinition, mode: string | undefined): void {
    const { compiled, faults } = compileEach(definition, true);
    for (const { message } of faults) this.found({ severity: 'fault', sentence: message }, mode);
    for (const one of compiled) {
      this.#pythons.add(one.python);
      for (const finding of findingsOf(one, definition.maxlines > 1)) this.found(finding, mode);
    }
    const fault = this.#dateFault(definition);
    if (fault) this.found(fault, mode);
  }

  found(finding: Finding, mode = 'default'): void {
    const known = this.#findings.get(finding.sentence) ?? { finding, modes: [] };
    this.#findings.set(finding.sentence, known);
    if (!known.modes.includes(mode)) known.modes.push(mode);
  }

  /** @param modes how many were checked. */
  findings(modes: number): ModalFinding[] {
    const order = ({ finding: { severity } }: { finding: Finding }): number => SEVERITIES.indexOf(severity);
    return [...this.#findings.values()]
      .sort((a, b) => order(a) - order(b))
      .map(({ finding, modes: held }) => ({ ...finding, ...(held.length < modes && { modes: held }) }));
  }

  #dateFault({ datepattern, origin }: FilterDefinition): Finding | undefined {
    if (datepattern === undefined) return undefined;
    try {
      new DateDetector({ datepattern, now: this.#now });
      return undefined;
    } catch (error) {
      if (!(error instanceof DropsetError)) throw error;
      return { severity: 'fault', sentence: `${origin}: datepattern: ${messageOf(error)}` };
    }
  }
}
