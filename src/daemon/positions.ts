import type { PositionNews } from '../detection/messages.js';

/** What the ledger remembers of how far sources have been read. What cannot be read is forgotten: the source is begun anew. */
export function readPositions(remembered: ReadonlyMap<string, string>): readonly PositionNews[] {
  return [...remembered].flatMap(([source, json]) => {
    try {
      return { source, position: JSON.parse(json) };
    } catch {
      return [];
    }
  });
}
