/**
 * The automaton of Aho and Corasick (Efficient string matching, CACM 18(6), 1975) over bytes, with every failure link
 * resolved: one table look-up a byte, however many literals there are. It does not tell `A` from `a`.
 *
 * A state is the offset of its row in `table`, so that the next one is `table[state + classes[byte]]`. States from
 * `found` on have something to say: those that end literals first, then `newline`, then `foreign` (a byte beyond ASCII).
 */
export interface Automaton {
  /** The column of each byte. Bytes that no literal has share one. */
  readonly classes: Uint8Array;
  readonly table: Int32Array;
  /** Columns of a row. */
  readonly width: number;
  readonly found: number;
  readonly newline: number;
  readonly foreign: number;
  /** Literals, by their numbers, that end at row `found / width + i`. */
  readonly outputs: readonly (readonly number[])[];
}

const OTHER = 0;
const NEWLINE = 1;
const FOREIGN = 2;

interface Trie {
  /** By node, by column: the child. */
  readonly children: Map<number, number>[];
  /** By node: literals that end there. */
  readonly ends: number[][];
}

/** @param literals printable ASCII, none empty. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const classes = classesOf(literals);
  const width = Math.max(FOREIGN, ...classes) + 1;
  const trie = trieOf(literals, classes);
  const rows = resolved(trie, width);
  return { classes, width, ...laidOut(rows, trie.ends, width) };
}

function classesOf(literals: readonly string[]): Uint8Array {
  const classes = new Uint8Array(256).fill(OTHER).fill(FOREIGN, 0x80);
  classes[0x0a] = NEWLINE;
  const letters = new Set(literals.join('').toLowerCase());
  Array.from(letters).forEach((letter, index) => {
    classes[letter.charCodeAt(0)] = FOREIGN + 1 + index;
    classes[letter.toUpperCase().charCodeAt(0)] = FOREIGN + 1 + index;
  });
  return classes;
}

function trieOf(literals: readonly string[], classes: Uint8Array): Trie {
  const trie: Trie = { children: [new Map()], ends: [[]] };
  literals.forEach((literal, number) => {
    let node = 0;
    for (const byte of Buffer.from(literal, 'latin1')) node = childOf(trie, node, classes[byte] as number);
    (trie.ends[node] as number[]).push(number);
  });
  return trie;
}

function childOf({ children, ends }: Trie, node: number, column: number): number {
  const row = children[node] as Map<number, number>;
  const child = row.get(column) ?? children.length;
  if (child === children.length) {
    row.set(column, child);
    children.push(new Map());
    ends.push([]);
  }
  return child;
}

/** Each node's full row, breadth first: where the node has no child, its longest proper suffix in the trie decides. */
function resolved({ children, ends }: Trie, width: number): Int32Array[] {
  const rows: Int32Array[] = children.map(() => new Int32Array(width));
  const suffix = new Int32Array(children.length);
  const queue = [0];
  for (const node of queue) {
    const row = rows[node] as Int32Array;
    if (node > 0) row.set(rows[suffix[node] as number] as Int32Array);
    for (const [column, child] of children[node] as Map<number, number>) {
      // Before the child takes the place, the row says where the suffix would have gone.
      suffix[child] = row[column] as number;
      row[column] = child;
      (ends[child] as number[]).push(...(ends[suffix[child] as number] as number[]));
      queue.push(child);
    }
  }
  return rows;
}

type Layout = Pick<Automaton, 'table' | 'found' | 'newline' | 'foreign' | 'outputs'>;

/** Silent states first, so that the loop over the bytes has one comparison to make. */
function laidOut(rows: readonly Int32Array[], ends: readonly number[][], width: number): Layout {
  const nodes = rows.map((_, node) => node);
  const silent = nodes.filter((node) => (ends[node] as number[]).length === 0);
  const speaking = nodes.filter((node) => (ends[node] as number[]).length > 0);
  const place = new Int32Array(nodes.length);
  [...silent, ...speaking].forEach((node, index) => {
    place[node] = index * width;
  });
  const newline = nodes.length * width;
  const foreign = newline + width;
  const table = new Int32Array(foreign + width);
  const lay = (at: number, row: Int32Array): void => {
    for (let column = 0; column < width; column++) table[at + column] = place[row[column] as number] as number;
    table[at + NEWLINE] = newline;
    table[at + FOREIGN] = foreign;
  };
  for (const node of nodes) lay(place[node] as number, rows[node] as Int32Array);
  // Behind a newline, and behind a byte that no literal has, everything begins anew.
  lay(newline, rows[0] as Int32Array);
  lay(foreign, rows[0] as Int32Array);
  const outputs = speaking.map((node) => ends[node] as number[]);
  return { table, found: silent.length * width, newline, foreign, outputs };
}
