import { printableJson } from '../../model/printable.js';
import type { Titled } from './words.js';

/** The report as the service tells it (OffenderReport in docs/openapi.json), with its title; an offender a line. */
export function* jsonOf({ title, report }: Titled): Generator<string> {
  const { offenders, ...head } = report;
  yield `${printableJson({ title, ...head }).slice(0, -1)},"offenders":[`;
  for (const [index, one] of offenders.entries()) yield `${index === 0 ? '' : ','}\n${printableJson(one)}`;
  yield offenders.length === 0 ? ']}\n' : '\n]}\n';
}
