import type { Cluster } from "../connection/protocol/cluster.ts";
import type { JoinAnswer, MemberIdentity } from "../connection/protocol/group-messages.ts";
import type { Api } from "../connection/protocol/protocol.ts";
import { PROTOCOL_NAME, encodeAssignments, encodeMembership, type GroupUnits } from "./group-protocol.ts";

/**
 * How many sessions the members may take to rejoin. It must differ from one session. When a leader dies before it has
 * assigned the partitions, the coordinator starts two timers of these lengths at the same moment: one for the
 * assignment, one for each member. Kafka before 4.0 runs them in threads of their own; if they end together, it removes
 * the members that wait for the assignment.
 */
const SESSIONS_TO_REJOIN = 2;

export interface GroupRequestsOptions extends GroupUnits {
  readonly cluster: Cluster;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** The service of this member. */
  readonly service: string;
  readonly sessionMs: number;
  /** Returns the units that this member owns at the moment, the busiest first. */
  readonly ownedUnits: () => readonly string[];
}

/** The requests of one member to the coordinator of its group. Error codes are part of the answers. */
export class GroupRequests {
  /** The purpose of the connections for heartbeats and commits. */
  readonly purpose: string;
  readonly #options: GroupRequestsOptions;
  readonly #joinPurpose: string;

  constructor(options: GroupRequestsOptions) {
    this.#options = options;
    this.purpose = options.cluster.newPurpose("member");
    // The coordinator answers a join when all members have joined, and requests of one connection are answered in order.
    this.#joinPurpose = options.cluster.newPurpose("join");
  }

  /** Returns a function that sends the join, under the member id that it is given: an empty one asks for a new id. */
  join(generation: number): (memberId: string) => Promise<JoinAnswer> {
    const { cluster, groupId, topics, service, sessionMs, ownedUnits } = this.#options;
    const metadata = encodeMembership(topics, { owned: ownedUnits(), generation, service });
    return (memberId) =>
      cluster.toCoordinator(
        groupId,
        [
          "JoinGroup",
          {
            groupId,
            sessionTimeout: sessionMs,
            rebalanceTimeout: SESSIONS_TO_REJOIN * sessionMs,
            memberId,
            protocolType: "consumer",
            groupProtocols: [{ name: PROTOCOL_NAME, metadata }],
          },
        ],
        this.#joinPurpose,
      );
  }

  /** Asks for the assignment of this member; the leader sends the assignments of all members. */
  sync({ generationId, memberId, leaderId, members }: JoinAnswer): Promise<Api["SyncGroup"]["answer"]> {
    const { cluster, groupId } = this.#options;
    const groupAssignment = leaderId === memberId ? encodeAssignments(members, this.#options) : [];
    return cluster.toCoordinator(
      groupId,
      ["SyncGroup", { groupId, generationId, memberId, groupAssignment }],
      this.#joinPurpose,
    );
  }

  heartbeat(identity: MemberIdentity): Promise<Api["Heartbeat"]["answer"]> {
    const { cluster, groupId } = this.#options;
    return cluster.toCoordinator(groupId, ["Heartbeat", identity], this.purpose);
  }

  leave(memberId: string): Promise<Api["LeaveGroup"]["answer"]> {
    const { cluster, groupId } = this.#options;
    return cluster.toCoordinator(groupId, ["LeaveGroup", { groupId, memberId }], this.purpose);
  }

  close(): void {
    this.#options.cluster.closePurpose(this.purpose);
    this.#options.cluster.closePurpose(this.#joinPurpose);
  }
}
