// Tables, and how they are filled.
import { allowOnly } from '../../../dist/bpf/allow.js';
import { loadProgram } from '../../../dist/bpf/program.js';
import { ADD, Records } from '../../../dist/bpf/records.js';
import { planOf, Tables } from '../../../dist/bpf/tables.js';

export const ADDRESSES = 1_000_000;
export const PREFIXES = 100_000;

/** Room for what the benchmark has, and little more. IPv6 prefixes of /64 live among the addresses. */
export const SIZES = { addresses: ADDRESSES + 25_000, prefixes: PREFIXES + 25_000, counting: true };

/** Records that go down in one call: what the backend takes as one batch. */
const SLICE = 4096;
const HOUR = 3_600_000;

/** The program with empty tables. */
export function openTables(sizes = SIZES) {
  const program = loadProgram({ sizes: planOf(sizes) });
  const tables = Tables.create(program, sizes);
  return {
    program,
    tables,
    allow(prefixes) {
      allowOnly(program.maps, prefixes);
      tables.allow(prefixes);
    },
    close() {
      tables.close();
      program.close();
    },
  };
}

/** Bans for an hour: prefixes into records, records into the tables. */
export function ban(tables, prefixes, records = new Records()) {
  for (let start = 0; start < prefixes.length; start += SLICE) {
    const end = Math.min(prefixes.length, start + SLICE);
    records.reset(end - start);
    for (let index = start; index < end; index++) records.add(prefixes[index], ADD, HOUR);
    if (!tables.apply(records.bytes)) throw new Error('a table is full');
  }
}
