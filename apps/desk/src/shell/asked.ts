/** Long enough to be a telephone or an ID number. */
export function isNumber(text: string): boolean {
  return /^[+\d][\d\s-]{9,}[\dXx]$/.test(text.normalize('NFKC').trim());
}
