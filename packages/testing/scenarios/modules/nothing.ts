/** A module that exports no application. */
export const shop = 1;
