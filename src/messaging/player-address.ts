/** In the player's address where the token of a film goes (after the `#`), as long as it is only loaded ahead of a click. */
export const NO_TOKEN_YET = 'ahead';
