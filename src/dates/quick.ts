import { firstWord } from './characters.js';
import { CLF_DATE, ISO_DATE, SYSLOG_DATE } from './defaults.js';
import type { Fields } from './fields.js';
import { DateMatch } from './match.js';
import { type Setting, timeOf } from './moment.js';
import { type Scan, scanClf, scanIso, scanSyslog } from './scan.js';
import type { DateTemplate } from './template.js';
import type { YearRange } from './years.js';

/** The form of ISO 8601 that filters of 1.0.2 write out. */
const ISO_WITH_CLASS = ISO_DATE.replace('(?:T|  ?)', '[T ]');

/** Where a date begins, or -1, and what it looks like. */
interface Form {
  readonly scan: Scan;
  readonly begin: (line: string) => number;
}

const atBracket = (line: string): number => line.indexOf('[') + 1 || -1;

/** The patterns that nearly all logs are read by. What a scan reads depends on the pattern's text alone. */
const FORMS: ReadonlyMap<string, Form> = new Map([
  [`{^LN-BEG}${SYSLOG_DATE}`, { scan: scanSyslog, begin: firstWord }],
  [`{^LN-BEG}${ISO_DATE}`, { scan: scanIso, begin: firstWord }],
  [`{^LN-BEG}${ISO_WITH_CLASS}`, { scan: scanIso, begin: firstWord }],
  [`{^LN-BEG}${CLF_DATE}`, { scan: scanClf, begin: firstWord }],
  [`^[^\\[]*\\[(${CLF_DATE})`, { scan: scanClf, begin: atBracket }],
]);

/** How many characters behind a date decide that it ends there: a space, a sign, and no digit. */
const BEHIND = 3;

/**
 * Finds the dates of one template by their character codes, ten times as fast as its regular expression, and the same. Most lines
 * have the same second as the line before: it is remembered.
 */
export class Quick {
  readonly #template: DateTemplate;
  readonly #form: Form;
  readonly #setting: Setting;
  readonly #years: YearRange;
  /** The last date, and what stood behind it. */
  #text = '';
  #match: DateMatch | undefined;

  private constructor(template: DateTemplate, form: Form, setting: Setting, years: YearRange) {
    this.#template = template;
    this.#form = form;
    this.#setting = setting;
    this.#years = years;
  }

  /** Undefined for a template whose dates nobody can scan. */
  static of(template: DateTemplate, setting: Setting, years: YearRange): Quick | undefined {
    const form = FORMS.get(template.pattern ?? '');
    return form && new Quick(template, form, setting, years);
  }

  /** Undefined where there is no date, and also where only the regular expression can tell. */
  find(line: string): DateMatch | undefined {
    const begin = this.#form.begin(line);
    if (begin < 0) return undefined;
    const last = this.#match;
    if (!last || !line.startsWith(this.#text, begin)) return this.#scan(line, begin);
    if (begin !== last.start) this.#match = last.movedTo(begin);
    return this.#match;
  }

  #scan(line: string, begin: number): DateMatch | undefined {
    const scanned = this.#form.scan(line, begin, this.#years);
    if (!scanned) return undefined;
    const match = new DateMatch(begin, scanned.end, this.#template, remembered(scanned.fields, this.#setting));
    const isDecided = line.length >= scanned.end + BEHIND;
    this.#match = isDecided ? match : undefined;
    this.#text = line.slice(begin, scanned.end + BEHIND);
    return match;
  }
}

/** A date's time, computed once; of one without a year, once a second: last year's date may become this year's. */
function remembered(fields: Fields, setting: Setting): () => number | undefined {
  let asked = Number.NaN;
  let time: number | undefined;
  return () => {
    const second = fields.year === undefined ? Math.floor(setting.now() / 1000) : 0;
    if (second !== asked) time = timeOf(fields, setting);
    asked = second;
    return time;
  };
}
