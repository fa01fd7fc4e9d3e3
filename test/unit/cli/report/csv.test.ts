import t from 'tap';
import { csvOf } from '../../../../src/cli/report/csv.js';
import { OFFENDER, REPORT } from '../../../offenders.js';

t.test('RFC 4180, and no field is a formula', async (t) => {
  const report = { ...REPORT, offenders: [...REPORT.offenders, { ...OFFENDER, jails: ['=HYPERLINK("x")', 'b'] }] };
  t.equal(
    [...csvOf({ title: 'x', report })].join(''),
    [
      'address,offenders,bans,jails,first,last,banned',
      '2001:db8::/48,40,1200,nginx sshd,2026-03-01T10:00:00.000Z,2026-03-18T13:30:00.000Z,3',
      '192.0.2.7,1,12,nginx sshd,2026-03-01T10:00:00.000Z,2026-03-18T13:30:00.000Z,1',
      `192.0.2.7,1,12,"'=HYPERLINK(""x"") b",2026-03-01T10:00:00.000Z,2026-03-18T13:30:00.000Z,1`,
      '',
    ].join('\r\n'),
  );
});
