import type { Surroundings } from './command.js';

/** Dresses text for a terminal. */
export type Paint = (text: string) => string;

export interface Style {
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubtful: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** Select Graphic Rendition (ECMA-48). */
const painted =
  (code: number): Paint =>
  (text) =>
    `\u001b[${code}m${text}\u001b[0m`;

const plain: Paint = (text) => text;

/** Colours where standard output is a terminal, unless NO_COLOR (no-color.org) is set and not empty. */
export function styleOf({ stdout, environment }: Surroundings): Style {
  if (!stdout.isTTY || environment.NO_COLOR) {
    return { good: plain, bad: plain, doubtful: plain, faint: plain, strong: plain };
  }
  return { good: painted(32), bad: painted(31), doubtful: painted(33), faint: painted(2), strong: painted(1) };
}
