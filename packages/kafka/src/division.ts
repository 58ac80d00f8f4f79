import { assign, type Claim } from "./assignment.ts";
import { MemberAssignment, MemberMetadata } from "./driver/kafkajs.ts";
import type { JoinAnswer } from "./driver/protocol.ts";
import type { PartitionOf } from "./offsets.ts";

/** By its name the members of a group know that all divide in the same way. */
export const DIVISION = "waybill-1";

/** What the members of a group divide among them. */
export interface Divided {
  /** Units, in classes that are divided each for itself; asked at every division. */
  readonly classes: () => readonly (readonly string[])[];
  readonly partitionsOf: (unit: string) => readonly PartitionOf[];
}

/** What a member says when it joins: the topics it wants, and what it holds. */
export function claimed(
  topics: readonly string[],
  claim: { readonly held: readonly string[]; readonly generation: number },
): Buffer {
  return MemberMetadata.encode({ version: 1, topics, userData: Buffer.from(JSON.stringify(claim)) });
}

/** What each member gets, as the leader of the group says it. */
export function divide(
  members: JoinAnswer["members"],
  { classes, partitionsOf }: Divided,
): readonly { readonly memberId: string; readonly memberAssignment: Buffer }[] {
  const claims = members.map(({ memberId, memberMetadata }) => claimOf(memberId, memberMetadata));
  // A claim from an older generation is of somebody who has slept through the last one.
  claims.sort((left, right) => right.generation - left.generation || (left.member < right.member ? -1 : 1));
  const shares = classes().map((units) => assign(units, claims));
  return members.map(({ memberId }) => {
    const units = shares.flatMap((share) => share.get(memberId) ?? []);
    const assignment: Record<string, number[]> = {};
    for (const unit of units)
      for (const { topic, partition } of partitionsOf(unit)) (assignment[topic] ??= []).push(partition);
    const userData = Buffer.from(JSON.stringify({ units }));
    return { memberId, memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData }) };
  });
}

/** What a member was given. */
export function unitsIn(assignment: Buffer): readonly string[] {
  if (assignment.length === 0) return [];
  const { units } = told(() => MemberAssignment.decode(assignment)?.userData);
  return Array.isArray(units) ? units.map(String) : [];
}

function claimOf(member: string, metadata: Buffer): Claim & { readonly generation: number } {
  const { held, generation } = told(() => MemberMetadata.decode(metadata).userData);
  return {
    member,
    held: Array.isArray(held) ? held.map(String) : [],
    generation: typeof generation === "number" ? generation : -1,
  };
}

/** What a member wrote; nothing where it cannot be read. */
function told(read: () => Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(String(read()));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
