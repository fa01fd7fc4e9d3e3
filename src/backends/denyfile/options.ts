import type { Clock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import type { FormatName } from './formats/formats.js';

export interface DenyfileOptions {
  /** Absolute path. Its directory must be there. */
  readonly path: string;
  readonly format: FormatName;
  /** A program and its words that judges the file when it is in place: another exit code than 0 brings the one before back. */
  readonly check?: readonly string[] | undefined;
  /** A program and its words that has the server read the file. */
  readonly reload?: readonly string[] | undefined;
  /** Milliseconds between two writings, at least, each with its check and its reload. */
  readonly interval: number;
  /** Elements that it holds at most. */
  readonly size?: number | undefined;
  /** Denied to nobody of these, whatever elements stand. */
  readonly allow: readonly Prefix[];
  /** Is told what an operator should know. */
  readonly say: (level: 'info' | 'warning', sentence: string) => void;
  readonly clock?: Clock;
}
