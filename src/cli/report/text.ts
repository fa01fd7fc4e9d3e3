import { printable } from '../../model/printable.js';
import { table } from '../table.js';
import { count, minute, standing, summaryOf, type Titled, widthOf } from './words.js';

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The report as a table for a terminal. Its head is comments to `dropset import`. */
export function* textOf({ title, report }: Titled): Generator<string> {
  const { buckets, seconds } = report.timeline;
  yield `# ${printable(title)}\n# ${summaryOf(report)}\n`;
  yield `# bans, a character a ${widthOf(seconds)}: |${heights(buckets.map(({ bans }) => bans))}|\n`;
  const rows = report.offenders.map((one) => [
    one.address,
    count(one.offenders),
    count(one.bans),
    minute(one.first),
    minute(one.last),
    standing(one),
    printable(one.jails.join(',')),
  ]);
  const head = ['# ADDRESS', 'OFFENDERS', 'BANS', 'FIRST', 'LAST', 'BANNED', 'JAILS'];
  const sides = ['left', 'right', 'right', 'left', 'left', 'left', 'left'] as const;
  for (const line of table([head, ...rows], sides)) yield `${line}\n`;
}

/** A character for each number, as high as it is. */
export function heights(numbers: readonly number[]): string {
  const most = Math.max(1, ...numbers);
  return numbers.map((number) => BLOCKS[Math.ceil((number / most) * (BLOCKS.length - 1))]).join('');
}
