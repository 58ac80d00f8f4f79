/** Returns the number of equal words at the start of both lines, plus less than 1 for equal words elsewhere. */
export function similarity(wanted: string, observed: string): number {
  const [want, have] = [wanted.split(" "), observed.split(" ")];
  const firstDifference = want.findIndex((word, at) => word !== have[at]);
  const prefix = firstDifference < 0 ? want.length : firstDifference;
  return prefix + commonWords(want, have) / (1 + Math.max(want.length, have.length));
}

/** Returns how many words two lines have in common, at any position. */
function commonWords(one: readonly string[], other: readonly string[]): number {
  const unmatched = [...other];
  return one.filter((word) => {
    const at = unmatched.indexOf(word);
    if (at >= 0) unmatched.splice(at, 1);
    return at >= 0;
  }).length;
}
