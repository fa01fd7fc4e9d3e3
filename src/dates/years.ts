/** The years that `%ExY` accepts; fail2ban widens them to whole decades, and so does `decadesOf`. */
export interface YearRange {
  readonly first: number;
  readonly last: number;
}

/** fail2ban's reach into the future: a service that runs for years goes on reading dates. */
const AHEAD = 3;

/** What fail2ban accepts when it is started in `year`: from 2000 (strptime.py counts from 2001, and one back) on. */
export const yearsAround = (year: number): YearRange => ({ first: Math.min(2000, year - 1), last: year + AHEAD });

/** The first three digits of every year in the range: `200`, `201`, `202`. */
export function decadesOf(years: YearRange): readonly string[] {
  const decades: string[] = [];
  for (let decade = Math.floor(years.first / 10); decade <= Math.floor(years.last / 10); decade++) {
    decades.push(String(decade).padStart(3, '0'));
  }
  return decades;
}
