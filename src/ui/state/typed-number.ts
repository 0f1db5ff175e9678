/**
 * Undefined for nothing typed, NaN for what is no number. A separator may be a point or a comma; between 1 to 9 and exactly
 * three digits it could be one of thousands as well, so that is taken for neither.
 */
export function numberOf(text: string): number | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  return /[1-9]\d*[.,]\d{3}$/.test(typed) ? NaN : Number(typed.replace(',', '.'));
}
