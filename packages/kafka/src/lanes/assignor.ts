/** The units that a member owns when it joins, the busiest first. */
export interface MemberUnits {
  readonly member: string;
  readonly owned: readonly string[];
}

/** A unit that a member owns, and how busy the member is with it. */
export interface UnitLoad {
  readonly unit: string;
  readonly inFlight: number;
  readonly isLeaving: boolean;
}

/**
 * Returns the units of a member in the order in which it should keep them: the busiest first, and last those that it is
 * releasing, which may be free before the leader assigns. If those came first, the leader would leave the member with them
 * and take the others.
 */
export function keepOrder(units: readonly UnitLoad[]): readonly string[] {
  return units
    .toSorted(
      (left, right) => Number(left.isLeaving) - Number(right.isLeaving) || right.inFlight - left.inFlight,
    )
    .map(({ unit }) => unit);
}

/**
 * Returns the units of each member, as the leader of the group assigns them: sticky and incremental, as in KIP-429, which
 * kafkajs does not support. No unit is assigned while another member owns it. A member with more than its share is assigned
 * fewer units; it finishes its messages, releases the rest and joins again, and then they are free. Shares differ by one at
 * most, and as few units move as possible.
 */
export function assign(
  units: readonly string[],
  members: readonly MemberUnits[],
): ReadonlyMap<string, readonly string[]> {
  const owners = ownersOf(units, members);
  const kept = new Map(members.map(({ member }) => [member, [] as string[]]));
  for (const { member, owned } of members)
    for (const unit of owned) if (owners.get(unit) === member) kept.get(member)?.push(unit);
  const shares = sharesOf(units.length, kept);
  const assigned = new Map<string, string[]>();
  for (const [member, mine] of kept) assigned.set(member, mine.slice(0, shares.get(member) ?? 0));
  const free = units.filter((unit) => !owners.has(unit));
  for (const [member, mine] of assigned)
    while (mine.length < (shares.get(member) ?? 0)) {
      const unit = free.shift();
      if (unit === undefined) break;
      mine.push(unit);
    }
  return assigned;
}

/** Returns the owner of each owned unit. Of two members that report the same unit, the first one counts. */
function ownersOf(units: readonly string[], members: readonly MemberUnits[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const known = new Set(units);
  for (const { member, owned } of members)
    for (const unit of owned) if (known.has(unit) && !owners.has(unit)) owners.set(unit, member);
  return owners;
}

/** Returns the share of each member. The remainder goes to the members that own most. */
function sharesOf(count: number, kept: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const members = [...kept.keys()].toSorted(
    (left, right) =>
      (kept.get(right)?.length ?? 0) - (kept.get(left)?.length ?? 0) || (left < right ? -1 : 1),
  );
  const least = Math.floor(count / Math.max(1, members.length));
  const more = count % Math.max(1, members.length);
  return new Map(members.map((member, at) => [member, at < more ? least + 1 : least]));
}
