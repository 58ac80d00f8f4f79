/** A member of a group as it joins: what it holds already, with what it is busy with first. */
export interface Claim {
  readonly member: string;
  readonly held: readonly string[];
}

/** A unit that a member holds. */
export interface HeldUnit {
  readonly unit: string;
  readonly running: number;
  readonly isLeaving: boolean;
}

/**
 * In which order a member claims what it holds: the busiest first, and last what it is letting go, which may be gone before
 * the leader has decided. Were it first, the member would be left with that, and let go of the other.
 */
export function claimed(held: readonly HeldUnit[]): readonly string[] {
  return held
    .toSorted(
      (left, right) => Number(left.isLeaving) - Number(right.isLeaving) || right.running - left.running,
    )
    .map(({ unit }) => unit);
}

/**
 * Who of a group owns what, as its leader decides it. Nobody is given what another one still holds: who holds more than
 * its share is left with less, finishes what it has begun, lets go and joins again, and then it is free (the idea of
 * KIP-429, which kafkajs does not have). All shares differ by one at most, and as little moves as can be.
 */
export function assign(
  units: readonly string[],
  claims: readonly Claim[],
): ReadonlyMap<string, readonly string[]> {
  const owners = ownersOf(units, claims);
  const held = new Map(claims.map(({ member }) => [member, [] as string[]]));
  for (const { member, held: claimed } of claims)
    for (const unit of claimed) if (owners.get(unit) === member) held.get(member)?.push(unit);
  const shares = sharesOf(units.length, held);
  const given = new Map<string, string[]>();
  for (const [member, mine] of held) given.set(member, mine.slice(0, shares.get(member) ?? 0));
  const free = units.filter((unit) => !owners.has(unit));
  for (const [member, mine] of given)
    while (mine.length < (shares.get(member) ?? 0)) {
      const unit = free.shift();
      if (unit === undefined) break;
      mine.push(unit);
    }
  return given;
}

/** The first claim counts. */
function ownersOf(units: readonly string[], claims: readonly Claim[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const known = new Set(units);
  for (const { member, held } of claims)
    for (const unit of held) if (known.has(unit) && !owners.has(unit)) owners.set(unit, member);
  return owners;
}

/** One more for those that hold most. */
function sharesOf(count: number, held: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const members = [...held.keys()].toSorted(
    (left, right) =>
      (held.get(right)?.length ?? 0) - (held.get(left)?.length ?? 0) || (left < right ? -1 : 1),
  );
  const least = Math.floor(count / Math.max(1, members.length));
  const more = count % Math.max(1, members.length);
  return new Map(members.map((member, at) => [member, at < more ? least + 1 : least]));
}
