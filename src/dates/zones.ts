import { DropsetError } from '../model/errors.js';
import { numberOf } from './digits.js';

/**
 * Zone abbreviations and their offsets from UTC in minutes, as fail2ban takes them (server/strptime.py). The offsets are fixed:
 * CET is one hour in summer too. Where an abbreviation means several zones, this is the one that fail2ban chose. The single
 * letters are those of the military zones.
 */
const ABBREVIATIONS: readonly (readonly [minutes: number, names: string])[] = [
  [0, 'EGST GMT UTC WET WT Z'],
  [60, 'A CET DFT WAT WEDT WEST'],
  [120, 'B CAT CEDT CEST EET SAST WAST'],
  [180, 'C EAT EEDT EEST IDT MSK'],
  [210, 'IRST'],
  [240, 'AMT AZT D GET GST KUYT MSD MUT RET SAMT SCT'],
  [270, 'AFT IRDT'],
  [300, 'AMST AQTT AZST E HMT MAWT MVT PKT TFT TJT TMT UZT YEKT'],
  [330, 'SLT'],
  [345, 'NPT'],
  [360, 'ALMT BIOT BTT F IOT KGT NOVT OMST YEKST'],
  [390, 'CCT MMT'],
  [420, 'CXT DAVT G HOVT ICT KRAT NOVST OMSST THA WIB'],
  [480, 'ACT AWST BDT BNT CAST H HKT IRKT KRAST MYT PHT SGT ULAT WITA WST'],
  [540, 'AWDT I IRKST JST KST PWT TLT WDT WIT YAKT'],
  [570, 'ACST'],
  [600, 'AEST ChST K PGT VLAT YAKST YAPT'],
  [630, 'ACDT LHST'],
  [660, 'AEDT L LHDT MAGT NCT PONT SBT VLAST VUT'],
  [690, 'NFT'],
  [720, 'ANAST ANAT FJT GILT M MAGST MHT NZST PETST PETT TVT WFT'],
  [780, 'FJST NZDT'],
  [-60, 'AZOT CVT EGT N'],
  [-120, 'BRST FNT O PMDT UYST WGST'],
  [-150, 'HAT NDT'],
  [-180, 'ADT ART BRT CLST FKST GFT HAA P PMST PYST SRT UYT WGT'],
  [-210, 'HNT NST NT'],
  [-240, 'AST BOT CLT COST EDT FKT GYT HAE HNA PYT Q'],
  [-270, 'HLV VET'],
  [-300, 'CDT COT EASST ECT EST ET HAC HNE PET R'],
  [-360, 'CST EAST GALT HAR HNC MDT S'],
  [-420, 'HAP HNR MST PDT T'],
  [-480, 'AKDT CIST HAY HNP PST PT U'],
  [-540, 'AKST GAMT GIT HADT HNY V'],
  [-570, 'MART MIT'],
  [-600, 'CKT HAST HST TAHT TKT W'],
  [-660, 'NUT SST X'],
  [-720, 'Y'],
];

const MINUTES: ReadonlyMap<string, number> = new Map(
  ABBREVIATIONS.flatMap(([minutes, names]) => names.split(' ').map((name) => [name, minutes] as const)),
);

const ZONE = /^([A-Z](?:[A-Z]{2,4})?)?(?:([+-])([01]\p{Nd})(?::?(\p{Nd}{2}))?)?$/u;

/**
 * Reads `CET`, `UTC+0200`, `+02:00`, `-05`: a name's offset and a number's are added.
 *
 * @returns minutes east of UTC; undefined for what fail2ban does not know.
 */
export function zoneMinutes(text: string): number | undefined {
  const [matched, name, sign, hours, minutes] = ZONE.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const base = name === undefined ? 0 : MINUTES.get(name);
  if (base === undefined || sign === undefined) return base;
  const offset = numberOf(hours as string) * 60 + numberOf(minutes ?? '0');
  return base + (sign === '-' ? -offset : offset);
}

/**
 * Reads the zone of `logtimezone`.
 *
 * @throws DropsetError `config`.
 */
export function readLogTimeZone(text: string): number {
  const minutes = zoneMinutes(text);
  if (minutes !== undefined) return minutes;
  throw new DropsetError(
    'config',
    `logtimezone '${text}' is no fixed time zone; write an offset such as UTC+0200, or leave it out for the machine's own zone`,
  );
}
