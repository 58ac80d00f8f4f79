/** How many words of a line are there before it becomes another one, and a little for what is right after that. */
export function likeness(wanted: string, seen: string): number {
  const [want, have] = [wanted.split(" "), seen.split(" ")];
  const parting = want.findIndex((word, at) => word !== have[at]);
  return (
    (parting < 0 ? want.length : parting) + shared(want, have) / (1 + Math.max(want.length, have.length))
  );
}

/** How many words two lines have in common, wherever they stand. */
function shared(one: readonly string[], other: readonly string[]): number {
  const left = [...other];
  return one.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
}
