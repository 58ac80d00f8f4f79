/**
 * Returns the owner of each lane. The shares of the members differ by at most one lane, and as few lanes as possible move.
 * @param owners the present owner of each lane
 * @param members all members, the oldest first
 */
export function assignLanes<Member>(
  owners: readonly (Member | undefined)[],
  members: readonly Member[],
): readonly (Member | undefined)[] {
  if (members.length === 0) return owners.map(() => undefined);
  const share = Math.floor(owners.length / members.length);
  let extra = owners.length % members.length;
  const count = new Map<Member, number>(members.map((member) => [member, 0]));
  const kept = owners.map((owner) => {
    const owned = owner === undefined ? undefined : count.get(owner);
    if (owner === undefined || owned === undefined) return undefined;
    if (owned >= share && (owned > share || extra === 0)) return undefined;
    if (owned === share) extra -= 1;
    count.set(owner, owned + 1);
    return owner;
  });
  return kept.map((owner) => owner ?? countLane(count));
}

/** Returns the member with the fewest lanes, and counts one more lane for it. */
function countLane<Member>(count: Map<Member, number>): Member | undefined {
  let least: Member | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [member, owned] of count) {
    if (owned >= fewest) continue;
    least = member;
    fewest = owned;
  }
  if (least !== undefined) count.set(least, fewest + 1);
  return least;
}
