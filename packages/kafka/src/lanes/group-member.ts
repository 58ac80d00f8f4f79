import { describeThrown } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import { CODE, checkCode } from "../connection/protocol/codes.ts";
import type { MemberIdentity } from "../connection/protocol/group-messages.ts";
import { decodeAssignment } from "./group-protocol.ts";
import { GroupRequests, type GroupRequestsOptions } from "./group-requests.ts";

const PAUSE_MS = 100;

export interface GroupMemberOptions extends GroupRequestsOptions {
  readonly environment: Environment;
  readonly heartbeatMs: number;
  /** Called after every join, for each other service that has a member in the group. */
  readonly onOtherService: (service: string) => void;
  /** Called after every join with the units that this member may own. */
  readonly onAssigned: (units: ReadonlySet<string>) => void;
  /** Called when the group continues without this member: other members may own its units. */
  readonly onExpelled: () => void;
  /** Called when the coordinator has confirmed the membership. */
  readonly onAlive: () => void;
  /** Called when the coordinator refuses for good to let this member join again. */
  readonly onRefused: (error: unknown) => void;
}

/** A member of a consumer group: it joins, sends heartbeats, rejoins on a rebalance, and leaves. */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #requests: GroupRequests;
  #memberId = "";
  #generation = -1;
  #aliveAt = 0;
  #isOver = false;
  /** Settles the promise of {@link GroupMember.start}; absent once it is settled. */
  #firstJoin: { readonly joined: () => void; readonly refused: (error: unknown) => void } | undefined =
    undefined;
  #wantsJoin = false;
  /** The units that this member has assigned as the leader of the group, as a text; empty for other members. */
  #unitsAsLeader = "";
  #wake: () => void = () => undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#requests = new GroupRequests(options);
  }

  /** The identity that a commit has to present; absent while this client is no member. */
  get identity(): MemberIdentity | undefined {
    if (this.#generation < 0) return undefined;
    return {
      groupId: this.#options.groupId,
      groupGenerationId: this.#generation,
      memberId: this.#memberId,
    };
  }

  /** The purpose of the connections for heartbeats and commits. */
  get purpose(): string {
    return this.#requests.purpose;
  }

  /** Whether the coordinator has confirmed the membership within the last session. */
  get isInSession(): boolean {
    const { environment, sessionMs } = this.#options;
    return this.#generation >= 0 && environment.clock.now() - this.#aliveAt < sessionMs;
  }

  /** Resolves after the first join, and keeps the membership up until {@link GroupMember.leave}. @throws when the coordinator refuses the member */
  start(): Promise<void> {
    const firstJoin = new Promise<void>((joined, refused) => {
      this.#firstJoin = { joined, refused };
    });
    void this.#run();
    return firstJoin;
  }

  /** Joins again, to tell the group that this member's units have changed. */
  rejoin(): void {
    this.#wantsJoin = true;
    this.#wake();
  }

  /** Joins again if this member is the leader and the group has other units than at its last assignment. */
  rejoinIfUnitsChanged(): void {
    if (this.#unitsAsLeader !== "" && this.#unitsAsLeader !== this.#unitsText()) this.rejoin();
  }

  heartbeatNow(): void {
    this.#wake();
  }

  /** Called when the coordinator does not know this member any more. */
  expel(): void {
    if (this.#generation < 0) return;
    this.#generation = -1;
    this.#memberId = "";
    this.#options.onExpelled();
    this.rejoin();
  }

  /** Leaves the group. Resolves when the coordinator has answered or cannot be reached. */
  async leave(): Promise<void> {
    this.#isOver = true;
    this.#wake();
    const memberId = this.#memberId;
    this.#generation = -1;
    try {
      if (memberId !== "") await this.#requests.leave(memberId);
    } catch {
      // The coordinator removes the member when its session ends.
    }
    this.end();
  }

  /** Ends the membership without a request to the coordinator. */
  end(): void {
    this.#isOver = true;
    this.#generation = -1;
    this.#firstJoin?.refused(new Error("the subscription ended before it had joined its group"));
    this.#wake();
    this.#requests.close();
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#join();
        await this.#sendHeartbeats();
      } catch (error) {
        if (this.#isOver) return;
        if (this.#generation < 0 && isFinal(error)) {
          if (this.#firstJoin === undefined) this.#options.onRefused(error);
          else this.#firstJoin.refused(error);
        }
        this.#checkSession();
        await this.#pause(PAUSE_MS);
      }
    }
  }

  async #join(): Promise<void> {
    this.#wantsJoin = false;
    const join = this.#requests.join(this.#generation);
    let answer = await join(this.#memberId);
    if (answer.errorCode === CODE.memberIdRequired) {
      this.#memberId = answer.memberId;
      answer = await join(this.#memberId);
    }
    if (this.#isOver) return;
    this.#check(answer.errorCode);
    this.#memberId = answer.memberId;
    this.#unitsAsLeader = answer.leaderId === answer.memberId ? this.#unitsText() : "";
    const { errorCode, memberAssignment } = await this.#requests.sync(answer);
    if (this.#isOver) return;
    this.#check(errorCode);
    this.#generation = answer.generationId;
    this.#confirm();
    const { units, services } = decodeAssignment(memberAssignment);
    const { service, onAssigned, onOtherService } = this.#options;
    onAssigned(new Set(units));
    for (const each of services) if (each !== service) onOtherService(each);
    this.#firstJoin?.joined();
    this.#firstJoin = undefined;
  }

  /** Sends heartbeats until the group rebalances. */
  async #sendHeartbeats(): Promise<void> {
    while (!this.#isOver && !this.#wantsJoin) {
      await this.#pause(this.#options.heartbeatMs);
      const { identity } = this;
      if (identity === undefined || this.#isOver || this.#wantsJoin) return;
      try {
        const { errorCode } = await this.#requests.heartbeat(identity);
        if (this.identity?.groupGenerationId !== identity.groupGenerationId) return;
        if (errorCode === CODE.rebalanceInProgress) return this.#confirm();
        this.#check(errorCode);
      } catch (error) {
        this.#checkSession();
        if (this.#generation < 0) throw error;
        await this.#pause(PAUSE_MS);
      }
    }
  }

  #unitsText(): string {
    return JSON.stringify(this.#options.assignableUnits());
  }

  #confirm(): void {
    this.#aliveAt = this.#options.environment.clock.now();
    this.#options.onAlive();
  }

  /** Ends the membership after a session without an answer: the coordinator has then replaced this member. */
  #checkSession(): void {
    if (this.#generation >= 0 && !this.isInSession) this.expel();
  }

  /**
   * Updates the membership by an error code of the coordinator. `rebalanceInProgress` confirms the membership, because
   * only members get it. @throws KafkaRefusal unless the code means success
   */
  #check(code: number): void {
    const { cluster, groupId } = this.#options;
    if (code === CODE.none || code === CODE.rebalanceInProgress) this.#confirm();
    if (code === CODE.unknownMember || code === CODE.illegalGeneration) {
      this.#memberId = code === CODE.unknownMember ? "" : this.#memberId;
      this.expel();
    }
    if (code === CODE.notCoordinator || code === CODE.coordinatorNotAvailable)
      cluster.forgetCoordinator(groupId);
    checkCode(code, `group ${groupId}`);
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#options.environment;
    return new Promise((resolve) => {
      const cancel = clock.schedule(ms, () => resolve());
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Whether the coordinator would refuse every further attempt too. */
function isFinal(error: unknown): boolean {
  return /AUTHORIZATION_FAILED|INCONSISTENT_GROUP_PROTOCOL|INVALID_SESSION_TIMEOUT|INVALID_GROUP/.test(
    describeThrown(error),
  );
}
