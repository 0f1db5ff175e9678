/**
 * In place of the messaging library's own in the script that every page loads (wxt.config.ts): of an error from the other side nobody here reads
 * more than that there was one, and of one from here its message will do.
 */
export function serializeError(error: unknown): { readonly message: string } {
  return { message: String(error) };
}

export function deserializeError(error: { readonly message: string }): Error {
  return new Error(error.message);
}
