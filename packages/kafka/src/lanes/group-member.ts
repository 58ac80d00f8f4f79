import { describeThrown } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import { CODE, checkCode } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { DIVISION, claimed, divide, givenIn, type Divided } from "./group-protocol.ts";
import type { JoinAnswer } from "../connection/protocol/protocol.ts";

const PAUSE_MS = 100;
/**
 * How many sessions long the members may take to divide the group. It must differ from one session. When a leader dies before
 * it has divided the group, the coordinator starts two timers of these lengths at the same moment: one for the assignment, one for
 * each member. Kafka before 4.0 lets both end in threads of their own; if they end together, it removes the members that
 * wait for the assignment.
 */
const SESSIONS_TO_DIVIDE = 2;

export interface GroupMemberOptions extends Divided {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** The service of this member. */
  readonly service: string;
  /** Another service has a member in the group: called after every join. */
  readonly onOther: (service: string) => void;
  readonly heartbeatMs: number;
  readonly sessionMs: number;
  /** What this member holds at the moment, with what it is busy with first. */
  readonly held: () => readonly string[];
  /** Told after every join what this member may hold. */
  readonly onAssigned: (units: ReadonlySet<string>) => void;
  /** The group goes on without this member: what it held may be in other hands. */
  readonly onExpelled: () => void;
  /** The coordinator has answered that this member is one. */
  readonly onAlive: () => void;
  /** It has lost its place, and may not have it again. */
  readonly onRefused: (error: unknown) => void;
}

/** A place in a consumer group: joins, says that it lives, joins again when the group changes, and leaves. */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #line: string;
  readonly #joinLine: string;
  #member = "";
  #generation = -1;
  #aliveAt = 0;
  #isOver = false;
  /** What is waited for is the first place. */
  #first: { readonly given: () => void; readonly refused: (error: unknown) => void } | undefined = undefined;
  #wantsJoin = false;
  /** The units that this member has divided, as the leader of its group; empty for who is not. */
  #divided = "";
  #wake: () => void = () => undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#line = options.cluster.newLine("member");
    // A join is answered when all have joined: nothing else may wait behind it.
    this.#joinLine = options.cluster.newLine("join");
  }

  /** What a commit has to show; absent for who is no member. */
  get present():
    | { readonly groupId: string; readonly groupGenerationId: number; readonly memberId: string }
    | undefined {
    if (this.#generation < 0) return undefined;
    return {
      groupId: this.#options.groupId,
      groupGenerationId: this.#generation,
      memberId: this.#member,
    };
  }

  get line(): string {
    return this.#line;
  }

  /** Whether the coordinator has heard of this member lately enough to keep its place. */
  get isSure(): boolean {
    const { environment, sessionMs } = this.#options;
    return this.#generation >= 0 && environment.clock.now() - this.#aliveAt < sessionMs;
  }

  /** Resolves when it has its first place in the group, rejects when it may not have one, and goes on for as long as it is wanted. */
  start(): Promise<void> {
    const first = new Promise<void>((given, refused) => {
      this.#first = { given, refused };
    });
    void this.#run();
    return first;
  }

  /** What this member holds has changed, and the others should know. */
  rejoin(): void {
    this.#wantsJoin = true;
    this.#wake();
  }

  /** There may be other units than before: the leader of the group divides them anew. */
  divideAnew(): void {
    if (this.#divided !== "" && this.#divided !== this.#units()) this.rejoin();
  }

  /** Says that it lives, without waiting for the next time. */
  hurry(): void {
    this.#wake();
  }

  /** The coordinator does not know this member any more. */
  expelled(): void {
    if (this.#generation < 0) return;
    this.#generation = -1;
    this.#member = "";
    this.#options.onExpelled();
    this.rejoin();
  }

  /** Gives the place up. Resolves when the coordinator knows, or cannot be told. */
  async leave(): Promise<void> {
    this.#isOver = true;
    this.#wake();
    const { cluster, groupId } = this.#options;
    const memberId = this.#member;
    this.#generation = -1;
    try {
      if (memberId !== "")
        await cluster.toCoordinator(groupId, ["LeaveGroup", { groupId, memberId }], this.#line);
    } catch {
      // Its session ends by itself.
    }
    this.end();
  }

  /** Without a word. */
  end(): void {
    this.#isOver = true;
    this.#generation = -1;
    this.#first?.refused(new Error("it was left before it had a place"));
    this.#wake();
    this.#options.cluster.closeLine(this.#line);
    this.#options.cluster.closeLine(this.#joinLine);
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#join();
        await this.#live();
      } catch (error) {
        if (this.#isOver) return;
        if (this.#generation < 0 && isFinal(error)) {
          if (this.#first === undefined) this.#options.onRefused(error);
          else this.#first.refused(error);
        }
        this.#checkSession();
        await this.#pause(PAUSE_MS);
      }
    }
  }

  async #join(): Promise<void> {
    const { cluster, groupId, service, sessionMs, topics, held } = this.#options;
    this.#wantsJoin = false;
    const metadata = claimed(topics, { held: held(), generation: this.#generation, service });
    const ask = (): Promise<JoinAnswer> =>
      cluster.toCoordinator(
        groupId,
        [
          "JoinGroup",
          {
            groupId,
            sessionTimeout: sessionMs,
            rebalanceTimeout: SESSIONS_TO_DIVIDE * sessionMs,
            memberId: this.#member,
            protocolType: "consumer",
            groupProtocols: [{ name: DIVISION, metadata }],
          },
        ],
        this.#joinLine,
      );
    let answer = await ask();
    if (answer.errorCode === CODE.memberIdRequired) {
      this.#member = answer.memberId;
      answer = await ask();
    }
    if (this.#isOver) return;
    this.#judge(answer.errorCode);
    const { generationId, memberId, leaderId, members } = answer;
    this.#member = memberId;
    this.#divided = leaderId === memberId ? this.#units() : "";
    const { errorCode, memberAssignment } = await cluster.toCoordinator(
      groupId,
      [
        "SyncGroup",
        {
          groupId,
          generationId,
          memberId,
          groupAssignment: leaderId === memberId ? divide(members, this.#options) : [],
        },
      ],
      this.#joinLine,
    );
    if (this.#isOver) return;
    this.#judge(errorCode);
    this.#generation = generationId;
    this.#alive();
    const { units, services } = givenIn(memberAssignment);
    this.#options.onAssigned(new Set(units));
    for (const each of services) if (each !== this.#options.service) this.#options.onOther(each);
    this.#first?.given();
    this.#first = undefined;
  }

  /** Beats until the group changes. */
  async #live(): Promise<void> {
    const { cluster, groupId, heartbeatMs } = this.#options;
    while (!this.#isOver && !this.#wantsJoin) {
      await this.#pause(heartbeatMs);
      const { present } = this;
      if (present === undefined || this.#isOver || this.#wantsJoin) return;
      try {
        const { errorCode } = await cluster.toCoordinator(groupId, ["Heartbeat", present], this.#line);
        if (this.present?.groupGenerationId !== present.groupGenerationId) return;
        if (errorCode === CODE.rebalanceInProgress) return this.#alive();
        this.#judge(errorCode);
      } catch (error) {
        this.#checkSession();
        if (this.#generation < 0) throw error;
        await this.#pause(PAUSE_MS);
      }
    }
  }

  #units(): string {
    return JSON.stringify(this.#options.classes());
  }

  #alive(): void {
    this.#aliveAt = this.#options.environment.clock.now();
    this.#options.onAlive();
  }

  /** Who was not heard of for as long as that has been replaced. */
  #checkSession(): void {
    if (this.#generation >= 0 && !this.isSure) this.expelled();
  }

  /** What is answered to a member as such shows that the coordinator counts it, even where it is to ask once more. */
  #judge(code: number): void {
    const { cluster, groupId } = this.#options;
    if (code === CODE.none || code === CODE.rebalanceInProgress) this.#alive();
    if (code === CODE.unknownMember || code === CODE.illegalGeneration) {
      this.#member = code === CODE.unknownMember ? "" : this.#member;
      this.expelled();
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

function isFinal(error: unknown): boolean {
  return /AUTHORIZATION_FAILED|INCONSISTENT_GROUP_PROTOCOL|INVALID_SESSION_TIMEOUT|INVALID_GROUP/.test(
    describeThrown(error),
  );
}
