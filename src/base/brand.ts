declare const brand: unique symbol;

/** A type that only its own parse function hands out, so that an unchecked string cannot pass for it. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
