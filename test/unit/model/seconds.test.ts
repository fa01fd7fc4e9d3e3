import t from 'tap';
import { parseSeconds } from '../../../src/model/seconds.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const MONTH = 30.4375 * DAY;

t.test('what people write', async (t) => {
  const table: [text: string, seconds: number][] = [
    ['600', 600],
    [' 600 ', 600],
    ['0', 0],
    ['00', 0],
    ['-1', -1],
    ['+5', 5],
    ['1.5', 1.5],
    ['01.5', 1.5],
    ['1.', 1],
    ['.5h', 1800],
    ['1e+2', 100],
    ['1d12h', 1.5 * DAY],
    ['1h 30m', 1.5 * HOUR],
    ['1h30', HOUR + 30],
    ['1d 2', DAY + 2],
    ['1d - 2h', 22 * HOUR],
    ['10 -60', -50],
    ['- 1d 2h', -22 * HOUR],
    ['-(1d 2h)', -26 * HOUR],
    ['10*60', 600],
    ['10 20 30', 60],
    ['1d 2h*2', 28 * HOUR],
    ['10/2h', 5 * HOUR],
    ['1/2 d', DAY / 2],
    ['(2) d', 2 * DAY],
    ['5 m s', 300],
    ['3*-2', -6],
    ['3+-+2', 1],
    ['1M', 60],
    ['1mo', MONTH],
    ['1 Year', 12 * MONTH],
    ['2ww 1wee', 21 * DAY],
    ['2*.5y+1*1mo-3*1/3w', 13 * MONTH - 7 * DAY],
    ['1y6mo30w15d12h35m25s', 18 * MONTH + 30 * 7 * DAY + 15 * DAY + 12 * HOUR + 35 * 60 + 25],
  ];
  for (const [text, seconds] of table) t.equal(parseSeconds(text), seconds, text);
});

t.test('every spelling of every unit', async (t) => {
  const table: [spellings: string, seconds: number][] = [
    ['s ss se sec second seconds', 1],
    ['m mm mi min minute minutes', 60],
    ['h hh ho hou hour hours', HOUR],
    ['d dd da day days', DAY],
    ['w ww we wee week weeks', 7 * DAY],
    ['mo mon month months', MONTH],
    ['y yy ye yea year years', 12 * MONTH],
  ];
  for (const [spellings, seconds] of table) {
    for (const unit of spellings.split(' ')) t.equal(parseSeconds(`1${unit}`), seconds, unit);
  }
});

t.test('what is no time, and where', async (t) => {
  const table: [text: string, message: string][] = [
    ['', 'something is missing at its end'],
    ['1d -', 'something is missing at its end'],
    ['(5', 'something is missing at its end'],
    ['permanent', "'permanent' is not understood there"],
    ['10 parsecs', "'parsecs' is not understood there"],
    ['5mins', "'mins' is not understood there"],
    ['1e3', "'e3' is not understood there"],
    ['01d', "'01d' is not understood there"],
    ['1h08m', "'08m' is not understood there"],
    ['5.h', "'h' is not understood there"],
    ['5 .5', "'.5' is not understood there"],
    ['1d.5h', "'.5h' is not understood there"],
    ['1. 2', "'2' is not understood there"],
    ['1 2 3', "'3' is not understood there"],
    ['5)', "')' is not understood there"],
    ['2(3)', "'(3)' is not understood there"],
    ['(1d)2h', "'2h' is not understood there"],
    ['()', "')' is not understood there"],
    ['1*d', "'d' is not understood there"],
    ['1 _', "'_' is not understood there"],
    ['__import__("os")', `'__import__("os")' is not understood there`],
    ['٣', "'٣' is not understood there"],
  ];
  for (const [text, where] of table) {
    const message = `'${text}' is no time: ${where}; write 600 (seconds), 10m, 1h 30m or 1d - 2h`;
    t.throws(() => parseSeconds(text), { code: 'config', message }, text);
  }
});

t.test('bounds', async (t) => {
  t.throws(() => parseSeconds('1/0'), {
    code: 'config',
    message: "'1/0' is no time: it divides by zero, or is endless",
  });
  t.throws(() => parseSeconds(`${'9'.repeat(200)} ${'d '.repeat(25)}*${'1y'}`), { code: 'config' });
  t.throws(() => parseSeconds(`1${' '.repeat(256)}`), { message: 'a time has at most 256 characters' });
  t.equal(parseSeconds(`${'('.repeat(32)}1${')'.repeat(32)}`), 1);
  t.throws(() => parseSeconds(`${'('.repeat(33)}1${')'.repeat(33)}`), { message: /at most 32 signs and parentheses/ });
  t.throws(() => parseSeconds(`${'-'.repeat(33)}1`), { message: /at most 32 signs and parentheses/ });
});
