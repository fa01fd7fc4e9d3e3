/** Longer words are no slips of the finger, and the comparison costs the product of the lengths. */
const LONGEST_WORD = 40;

/** The known word that was probably meant: other case or separators, or a third of the letters wrong at most. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const plain = bare(word);
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceOf(plain, bare(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(plain.length / 3)) ? best.candidate : undefined;
}

const bare = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '');

/** Letters to insert, delete or replace (Levenshtein), one row of the table at a time. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
