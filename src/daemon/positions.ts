import type { PositionNews, Progress as ProgressNews } from '../detection/messages.js';
import type { Progress } from '../ledger/progress.js';

/** What the ledger remembers of how far sources have been read. What makes no sense is forgotten: the source is begun anew. */
export function readPositions(remembered: ReadonlyMap<string, string>): readonly PositionNews[] {
  return [...remembered].flatMap(([source, json]) => {
    const position = parsed(json);
    return isPosition(position) ? [{ source, position }] : [];
  });
}

/** Progress as the ledger writes it down. */
export const progressOf = ({ positions, counts }: ProgressNews): Progress => ({
  positions: positions.map(({ source, position }) => [source, JSON.stringify(position)]),
  ...(counts && { counts }),
});

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isPosition(value: unknown): value is PositionNews['position'] {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, cursor, path, device, inode, hash, offset, hashed } = value as Record<string, unknown>;
  if (kind === 'journal') return typeof cursor === 'string';
  const isNamed = [path, device, inode, hash].every((text) => typeof text === 'string');
  return kind === 'file' && isNamed && [offset, hashed].every(isCount);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
