/** What is looked for: each word by itself, whatever its case and accents. */
export function searchTerms(query: string): readonly string[] {
  return folded(query).split(/\s+/).filter(Boolean);
}

export function hasEveryTerm(text: string, terms: readonly string[]): boolean {
  const searched = folded(text);
  return terms.every((term) => searched.includes(term));
}

export function hasSomeTerm(text: string, terms: readonly string[]): boolean {
  const searched = folded(text);
  return terms.some((term) => searched.includes(term));
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}
