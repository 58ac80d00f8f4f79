import type { JoinAnswer } from "../connection/protocol/group-messages.ts";
import { MemberAssignment, MemberMetadata } from "../connection/protocol/kafkajs.ts";
import type { TopicPartition } from "../topology/topic-partition.ts";
import { assign, type MemberUnits } from "./assignor.ts";

/** The name of the group protocol: all members with this name assign partitions by the same rules. */
export const PROTOCOL_NAME = "waybill-1";

/** How many services, and how much of a name, an assignment reports to the members. */
const MOST_SERVICES = 10;
const LONGEST_SERVICE = 100;

/** The units that the members of a group share. */
export interface GroupUnits {
  /**
   * Returns the units in classes. The members share each class evenly, independently of the other classes. Called at
   * every assignment.
   */
  readonly assignableUnits: () => readonly (readonly string[])[];
  readonly partitionsOf: (unit: string) => readonly TopicPartition[];
}

/** The state that a member reports when it joins. */
export interface Membership {
  /** The units that it owns, the busiest first. */
  readonly owned: readonly string[];
  readonly generation: number;
  readonly service: string;
}

/** Returns the metadata of a join: the topics that a member reads, and its state. */
export function encodeMembership(topics: readonly string[], membership: Membership): Buffer {
  return MemberMetadata.encode({ version: 1, topics, userData: Buffer.from(JSON.stringify(membership)) });
}

/** Returns the assignment of each member, for the leader of the group to send. */
export function encodeAssignments(
  members: JoinAnswer["members"],
  { assignableUnits, partitionsOf }: GroupUnits,
): readonly { readonly memberId: string; readonly memberAssignment: Buffer }[] {
  const states = members.map(({ memberId, memberMetadata }) => decodeMembership(memberId, memberMetadata));
  // A member that reports an older generation has missed the last rebalance, and its units may have new owners.
  states.sort((left, right) => right.generation - left.generation || (left.member < right.member ? -1 : 1));
  const services = [...new Set(states.flatMap(({ service }) => service ?? []))].slice(0, MOST_SERVICES);
  const shares = assignableUnits().map((units) => assign(units, states));
  return members.map(({ memberId }) => {
    const units = shares.flatMap((share) => share.get(memberId) ?? []);
    const assignment: Record<string, number[]> = {};
    for (const unit of units)
      for (const { topic, partition } of partitionsOf(unit)) (assignment[topic] ??= []).push(partition);
    const userData = Buffer.from(JSON.stringify({ units, services }));
    return { memberId, memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData }) };
  });
}

/** Returns the units assigned to a member, and the services of all members. The members of a queue should have one service. */
export function decodeAssignment(assignment: Buffer): {
  readonly units: readonly string[];
  readonly services: readonly string[];
} {
  if (assignment.length === 0) return { units: [], services: [] };
  const { units, services } = parsed(() => MemberAssignment.decode(assignment)?.userData);
  return { units: textsIn(units), services: textsIn(services) };
}

function textsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

interface MemberState extends MemberUnits {
  readonly generation: number;
  readonly service: string | undefined;
}

function decodeMembership(member: string, metadata: Buffer): MemberState {
  const { owned, generation, service } = parsed(() => MemberMetadata.decode(metadata).userData);
  return {
    member,
    owned: textsIn(owned),
    generation: typeof generation === "number" ? generation : -1,
    service: typeof service === "string" ? service.slice(0, LONGEST_SERVICE) : undefined,
  };
}

/** Returns the user data of a member; an empty object when it cannot be decoded. */
function parsed(read: () => Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(String(read()));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
