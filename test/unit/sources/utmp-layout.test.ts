import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import {
  detectLayout,
  isPlausible,
  LAYOUTS,
  readInteger,
  readShort,
  readTime,
} from '../../../src/sources/utmp-layout.js';
import { loginRecord, SECONDS } from '../../login-records.js';

t.test('the compiler of this machine agrees', async (t) => {
  const program = join(t.testdir(), 'layout');
  const input = `#include <stddef.h>
#include <stdio.h>
#include <utmp.h>
#define AT(field) offsetof(struct utmp, field)
int main(void) {
	printf("[%zu,%zu,%zu,%zu]", sizeof(struct utmp), AT(ut_tv.tv_sec), AT(ut_tv.tv_usec), AT(ut_addr_v6));
	printf(" [%zu,%zu,%zu,%zu,%zu]", AT(ut_type), AT(ut_pid), AT(ut_line), AT(ut_user), AT(ut_host));
}`;
  t.equal(spawnSync('gcc', ['-x', 'c', '-o', program, '-'], { input }).status, 0);
  const [own, common] = spawnSync(program, { encoding: 'utf8' }).stdout.split(' ');
  const all = Object.values(LAYOUTS).map((l) => JSON.stringify([l.size, l.seconds, l.microseconds, l.address]));
  t.ok(all.includes(own ?? ''), `${own} is one of ${all.join(' ')}`);
  t.equal(common, '[0,4,8,44,76]');
});

t.test('integers', async (t) => {
  const record = loginRecord({ type: 7, pid: 12, seconds: SECONDS, microseconds: 999_999 });
  t.equal(readShort(record, 0), 7);
  t.equal(readInteger(record, 4), 12);
  t.equal(readTime(record, LAYOUTS['x86-64'].seconds, LAYOUTS['x86-64']), SECONDS);
  const wide = loginRecord({ seconds: SECONDS }, 'arm64');
  t.equal(readTime(wide, LAYOUTS.arm64.seconds, LAYOUTS.arm64), SECONDS);
});

t.test('one record tells its layout', async (t) => {
  for (const name of ['x86-64', 'arm64'] as const) {
    for (const address of ['c6336407', '', 'ffffffff', '20010db8000000000000000000000007']) {
      for (const microseconds of [0, 999_999]) {
        const record = loginRecord({ address, microseconds }, name);
        const other = name === 'arm64' ? 'x86-64' : 'arm64';
        t.ok(isPlausible(record, 0, LAYOUTS[name]));
        t.notOk(record.length >= LAYOUTS[other].size && isPlausible(record, 0, LAYOUTS[other]));
        t.equal(detectLayout(record), LAYOUTS[name], `${name} ${address} ${microseconds}`);
        t.equal(detectLayout(Buffer.concat(Array(20).fill(record))), LAYOUTS[name]);
      }
    }
  }
});

t.test('what tells nothing', async (t) => {
  t.equal(detectLayout(Buffer.alloc(0)), undefined);
  t.equal(detectLayout(loginRecord().subarray(0, 383)), undefined);
  t.equal(detectLayout(Buffer.alloc(399)), undefined);
  const own = process.arch === 'arm64' ? LAYOUTS.arm64 : LAYOUTS['x86-64'];
  t.equal(detectLayout(Buffer.alloc(400)), own);
  t.equal(detectLayout(Buffer.alloc(100_000, 0xff)), own);
});

t.test('a damaged record does not outvote the others', async (t) => {
  for (const name of ['x86-64', 'arm64'] as const) {
    const records = [Buffer.alloc(LAYOUTS[name].size, 0xff), loginRecord({}, name), loginRecord({}, name)];
    t.equal(detectLayout(Buffer.concat(records)), LAYOUTS[name]);
  }
});

t.test('times before 2000 and beyond 32 bits, and parts of a second beyond one', async (t) => {
  const plausible = (seconds: number, microseconds = 0): boolean =>
    isPlausible(loginRecord({ seconds, microseconds }, 'arm64'), 0, LAYOUTS.arm64);
  t.ok(plausible(SECONDS));
  t.ok(plausible(2 ** 31), 'behind 2038');
  for (const seconds of [0, -1, 946_684_799, 2 ** 32, Number.MAX_SAFE_INTEGER])
    t.notOk(plausible(seconds), `${seconds}`);
  for (const microseconds of [-1, 1_000_000]) t.notOk(plausible(SECONDS, microseconds), `${microseconds}`);
});
