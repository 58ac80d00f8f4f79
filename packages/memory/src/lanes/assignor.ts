/**
 * Who should own which lane: as even as can be, moving as few lanes as possible. Pure.
 * @param owners the present owner of each lane
 * @param members all members, oldest first
 */
export function spread<Member>(
  owners: readonly (Member | undefined)[],
  members: readonly Member[],
): readonly (Member | undefined)[] {
  if (members.length === 0) return owners.map(() => undefined);
  const share = Math.floor(owners.length / members.length);
  let extra = owners.length % members.length;
  const count = new Map<Member, number>(members.map((member) => [member, 0]));
  const kept = owners.map((owner) => {
    const held = owner === undefined ? undefined : count.get(owner);
    if (owner === undefined || held === undefined) return undefined;
    if (held >= share && (held > share || extra === 0)) return undefined;
    if (held === share) extra -= 1;
    count.set(owner, held + 1);
    return owner;
  });
  return kept.map((owner) => owner ?? leastLoaded(count));
}

function leastLoaded<Member>(count: Map<Member, number>): Member | undefined {
  let least: Member | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [member, held] of count) {
    if (held >= fewest) continue;
    least = member;
    fewest = held;
  }
  if (least !== undefined) count.set(least, fewest + 1);
  return least;
}
