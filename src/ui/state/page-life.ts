/** As long as the document: it never aborts, since whoever is at the other end learns of the document's death by itself. */
export const pageLife: AbortSignal = new AbortController().signal;
