import { strip } from './whitespace.js';

/** Words of a list as fail2ban writes them: between commas, spaces and line ends. */
export const splitWords = (text: string): string[] =>
  text
    .split(/[ ,\n]+/)
    .map(strip)
    .filter((word) => word !== '');
