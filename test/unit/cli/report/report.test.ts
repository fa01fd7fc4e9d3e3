import t from 'tap';
import { isReport } from '../../../../src/cli/report/report.js';
import { parseMarkup, textIn } from '../../../offenders.js';
import { startService } from '../../../service.js';
import { type } from '../../../terminal.js';

t.test('which formats are reports', async (t) => {
  for (const format of ['html', 'text']) t.ok(isReport(format, undefined), format);
  for (const format of ['json', 'csv']) t.same([isReport(format, undefined), isReport(format, '30d')], [false, true]);
  for (const format of ['plain', 'nft', 'toString']) t.notOk(isReport(format, '30d'), format);
});

t.test('of a service', async (t) => {
  const { socket, client } = await startService(t);
  await client.ban({ addresses: Array.from({ length: 9 }, (_, index) => `192.0.2.${index}`) });
  await client.unban(['192.0.2.3']);
  const report = async (...words: string[]) => (await type(['export', ...words, '--socket', socket])).stdout;
  t.match(textIn(parseMarkup(await report('--format', 'html', '--title', 'A & B'))), /A & B[\s\S]*192\.0\.2\.0\/24/);
  t.match(await report('--format', 'text'), /^# Wall of shame\n[\s\S]*\n192\.0\.2\.0\/24 +9 +9 .*8 of 9/);
  t.match(JSON.parse(await report('--since', '30d')), {
    title: 'Wall of shame',
    offenders: [{ offenders: 9, banned: 8 }],
  });
  t.equal((await report('--since', '30d', '--format', 'csv', '--no-fold')).split('\r\n').length, 11);
  t.equal((await report('--since', '30d', '--format', 'csv', '--no-fold', '--limit', '2')).split('\r\n').length, 4);
  t.equal((await report('--format', 'csv', '--since', '30d', '--jail', 'sshd')).split('\r\n').length, 2);
});

t.test('what makes no sense', async (t) => {
  const wrong = [
    ['--limit', '0'],
    ['--limit', '10001'],
    ['--limit', 'x'],
    ['--title', ''],
    ['--title', 'x'.repeat(201)],
  ];
  for (const words of wrong) t.match(await type(['export', '--format', 'html', ...words]), { code: 2, stdout: '' });
  t.match(await type(['export', '--title', 'x']), { code: 2, stderr: /--title is for offenders/ });
});
