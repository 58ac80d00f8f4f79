import { assign, type Claim } from "./assignor.ts";
import { MemberAssignment, MemberMetadata } from "../connection/protocol/kafkajs.ts";
import type { JoinAnswer } from "../connection/protocol/protocol.ts";
import type { PartitionOf } from "../consume/offsets/committed-offsets.ts";

/** By its name the members of a group know that all divide in the same way. */
export const DIVISION = "waybill-1";

/** Of services that are named to all members. */
const MOST_SERVICES = 10;
const LONGEST_SERVICE = 100;

/** What the members of a group divide among them. */
export interface Divided {
  /** Units, in classes that are divided each for itself; asked at every division. */
  readonly classes: () => readonly (readonly string[])[];
  readonly partitionsOf: (unit: string) => readonly PartitionOf[];
}

/** What a member says when it joins: the topics it wants, and what it holds. */
export function claimed(
  topics: readonly string[],
  claim: { readonly held: readonly string[]; readonly generation: number; readonly service: string },
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
  const services = [...new Set(claims.flatMap(({ service }) => service ?? []))].slice(0, MOST_SERVICES);
  const shares = classes().map((units) => assign(units, claims));
  return members.map(({ memberId }) => {
    const units = shares.flatMap((share) => share.get(memberId) ?? []);
    const assignment: Record<string, number[]> = {};
    for (const unit of units)
      for (const { topic, partition } of partitionsOf(unit)) (assignment[topic] ??= []).push(partition);
    const userData = Buffer.from(JSON.stringify({ units, services }));
    return { memberId, memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData }) };
  });
}

/** What a member was given, and the services of all members: a queue's should be one. */
export function givenIn(assignment: Buffer): {
  readonly units: readonly string[];
  readonly services: readonly string[];
} {
  if (assignment.length === 0) return { units: [], services: [] };
  const { units, services } = told(() => MemberAssignment.decode(assignment)?.userData);
  return { units: textsIn(units), services: textsIn(services) };
}

function textsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

interface Told extends Claim {
  readonly generation: number;
  readonly service: string | undefined;
}

function claimOf(member: string, metadata: Buffer): Told {
  const { held, generation, service } = told(() => MemberMetadata.decode(metadata).userData);
  return {
    member,
    held: textsIn(held),
    generation: typeof generation === "number" ? generation : -1,
    service: typeof service === "string" ? service.slice(0, LONGEST_SERVICE) : undefined,
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
