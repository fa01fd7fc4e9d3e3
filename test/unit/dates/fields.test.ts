import t from 'tap';
import { Fields, readFields } from '../../../src/dates/fields.js';

const read = (groups: Record<string, string | undefined>): Fields | undefined =>
  readFields(groups, Object.keys(groups));

const fields = (some: Partial<Fields>): Fields => Object.assign(new Fields(), some);

t.test('what each group says', async (t) => {
  const table: [groups: Record<string, string | undefined>, fields: Partial<Fields>][] = [
    [{ y: '26' }, { year: 2026 }],
    [{ y: '2000' }, { year: 4000 }],
    [{ y: '2026' }, { year: 2026 }],
    [{ Y: '1999' }, { year: 1999 }],
    [{ Y: '26' }, { year: 26 }],
    [{ m: '01' }, { month: 1 }],
    [{ b: 'NOV' }, { month: 11 }],
    [{ B: 'November' }, { month: 11 }],
    [{ d: ' 5' }, { day: 5 }],
    [
      { H: '05', M: '48', S: '17' },
      { hour: 5, minute: 48, second: 17 },
    ],
    [{ I: '12' }, { hour: 0 }],
    [{ I: '5' }, { hour: 5 }],
    [{ I: '12', p: 'AM' }, { hour: 0 }],
    [{ I: '12', p: 'pm' }, { hour: 12 }],
    [{ I: '5', p: 'PM' }, { hour: 17 }],
    [{ I: '5', p: 'Am' }, { hour: 5 }],
    [{ I: '12', p: 'noon' }, { hour: 12 }],
    [{ a: 'Sat' }, { weekday: 5 }],
    [{ A: 'sunday' }, { weekday: 6 }],
    [{ w: '0' }, { weekday: 6 }],
    [{ w: '1' }, { weekday: 0 }],
    [{ j: '060' }, { yearday: 60 }],
    [{ U: '53' }, { week: { number: 53, isFromMonday: false } }],
    [{ W: '00' }, { week: { number: 0, isFromMonday: true } }],
    [{ z: '+0130' }, { zone: 90 }],
    [{ Z: 'CET' }, { zone: 60 }],
    [{ z: 'UTC', Z: 'CET' }, { zone: 60 }],
    [{ Z: 'CET', z: 'UTC' }, { zone: 0 }],
    [{ y: '26', Y: '2025' }, { year: 2025 }],
    [{ y: '26', Y: undefined }, { year: 2026 }],
    [{ f: '123', G: '2026', u: '1', V: '5', _sep: '-', constructor: 'x' }, {}],
    [{}, {}],
  ];
  for (const [groups, expected] of table) t.strictSame(read(groups), fields(expected), JSON.stringify(groups));
});

t.test('what means nothing', async (t) => {
  for (const groups of [
    { d: 'x' },
    { d: '1.5' },
    { b: 'ſep' },
    { b: 'november' },
    { B: 'nov' },
    { Z: 'XYZ' },
    { I: 'x' },
  ]) {
    t.equal(read(groups), undefined, JSON.stringify(groups));
  }
  t.equal(read({ I: '5', p: undefined }), undefined, 'a half day that took no part');
});
