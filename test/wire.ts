import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as p from '../src/backends/nftables/protocol.js';
import { walk } from '../src/netlink/attributes.js';
import { messages } from '../src/netlink/messages.js';
import { align, NLA_F_NESTED } from '../src/netlink/protocol.js';

/** Names of attributes by type, and what is nested in them. */
interface Names {
  readonly [type: number]: string | readonly [string, Names];
}

const value: Names = { 1: 'VALUE', 2: ['VERDICT', { 1: 'CODE', 2: 'CHAIN' }] };
const counter: Names = { 1: 'BYTES', 2: 'PACKETS' };
const element: Names = {
  1: ['KEY', value],
  3: 'FLAGS',
  4: 'TIMEOUT',
  5: 'EXPIRATION',
  7: ['EXPR', { 1: 'NAME', 2: ['DATA', counter] }],
};
const elements: Names = { 1: 'TABLE', 2: 'SET', 3: ['ELEMENTS', { 1: ['ELEM', element] }] };
const table: Names = { 1: 'NAME', 2: 'FLAGS' };
const set: Names = {
  1: 'TABLE',
  2: 'NAME',
  3: 'FLAGS',
  4: 'KEY_TYPE',
  5: 'KEY_LEN',
  9: ['DESC', { 1: 'SIZE' }],
  10: 'ID',
  12: 'GC_INTERVAL',
  17: ['EXPR', { 1: 'NAME', 2: ['DATA', counter] }],
};
const chain: Names = { 1: 'TABLE', 3: 'NAME', 4: ['HOOK', { 1: 'NUM', 2: 'PRIORITY' }], 5: 'POLICY', 7: 'TYPE' };
const operands: Names = {
  1: 'operand 1',
  2: ['operand 2', value],
  3: ['operand 3', value],
  4: ['operand 4', value],
  5: ['operand 5', value],
};
const rule: Names = {
  1: 'TABLE',
  2: 'CHAIN',
  4: ['EXPRESSIONS', { 1: ['ELEM', { 1: 'NAME', 2: ['DATA', operands] }] }],
};
const object: Names = { 1: 'TABLE', 2: 'NAME', 3: 'TYPE', 4: 'DATA' };

const MESSAGES: Readonly<Record<number, readonly [string, Names]>> = {
  [p.NFNL_MSG_BATCH_BEGIN]: ['BATCH_BEGIN', {}],
  [p.NFNL_MSG_BATCH_END]: ['BATCH_END', {}],
  [p.messageType(p.NEWTABLE)]: ['NEWTABLE', table],
  [p.messageType(p.DELTABLE)]: ['DELTABLE', table],
  [p.messageType(p.NEWCHAIN)]: ['NEWCHAIN', chain],
  [p.messageType(p.DELCHAIN)]: ['DELCHAIN', chain],
  [p.messageType(p.NEWRULE)]: ['NEWRULE', rule],
  [p.messageType(p.DELRULE)]: ['DELRULE', rule],
  [p.messageType(p.NEWSET)]: ['NEWSET', set],
  [p.messageType(p.NEWOBJ)]: ['NEWOBJ', object],
  [p.messageType(p.NEWSETELEM)]: ['NEWSETELEM', elements],
  [p.messageType(p.DELSETELEM)]: ['DELSETELEM', elements],
  [p.messageType(p.DESTROYSETELEM)]: ['DESTROYSETELEM', elements],
};

const hex = (bytes: Buffer): string => bytes.toString('hex').replace(/..(?=.)/g, '$& ');

/** Four bytes a row, the first with its name. */
function rows(name: string, bytes: Buffer, depth: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < align(bytes.length); at += 4) {
    const label = at === 0 ? `${'  '.repeat(depth)}${name}` : '';
    lines.push(`${hex(bytes.subarray(at, at + 4)).padEnd(12)} ${label}`.trimEnd());
  }
  return lines;
}

function attributeRows(bytes: Buffer, names: Names, depth: number): string[] {
  return [...walk(bytes)].flatMap(({ type, offset, payload }) => {
    const named = names[type] ?? `attribute ${type}`;
    const [name, inside] = typeof named === 'string' ? [named, undefined] : named;
    const nested = (bytes.readUInt16LE(offset + 2) & NLA_F_NESTED) !== 0;
    const head = rows(
      `${name}, ${payload.length} bytes${nested ? ', nested' : ''}`,
      bytes.subarray(offset, offset + 4),
      depth,
    );
    const text = /^[a-z_][a-z0-9_]+\0$/i.test(payload.toString('latin1'))
      ? payload.toString('latin1').slice(0, -1)
      : '';
    return [...head, ...(nested ? attributeRows(payload, inside ?? {}, depth + 1) : rows(text, payload, depth + 1))];
  });
}

/** A netlink request as a person reads it. */
export function printWire(request: Buffer): string {
  const lines: string[] = [];
  let at = 0;
  for (const { type, flags, payload } of messages(request)) {
    const [name, names] = MESSAGES[type] ?? [`message ${type}`, {}];
    lines.push('', `# ${name}, flags 0x${flags.toString(16)}`);
    lines.push(
      ...rows('length', request.subarray(at, at + 4), 0),
      ...rows('type, flags', request.subarray(at + 4, at + 8), 0),
    );
    lines.push(
      ...rows('sequence', request.subarray(at + 8, at + 12), 0),
      ...rows('port', request.subarray(at + 12, at + 16), 0),
    );
    lines.push(...rows('family, version, resource', payload.subarray(0, 4), 0));
    lines.push(...attributeRows(payload.subarray(4), names, 0));
    at += align(request.readUInt32LE(at));
  }
  return `${lines.join('\n').trim()}\n`;
}

/** Compares with test/golden/NAME.txt; DROPSET_GOLDEN=write writes it instead, for a person to read and commit. */
export function matchesGolden(name: string, request: Buffer): void {
  const path = fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url));
  const printed = printWire(request);
  if (process.env.DROPSET_GOLDEN === 'write') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, printed);
  }
  assert.equal(printed, readFileSync(path, 'utf8'));
}
