import { describeThrown, type Ground } from "@waybill/core/transport";
import { assign, type Claim } from "./assignment.ts";
import { CODE, checkCode } from "./driver/codes.ts";
import type { Cluster } from "./driver/cluster.ts";
import { MemberAssignment, MemberMetadata } from "./driver/kafkajs.ts";
import type { JoinAnswer } from "./driver/protocol.ts";

const PAUSE_MS = 100;
/** All members of a group divide in the same way. */
const PROTOCOL = "waybill-1";

export interface MembershipOptions {
  readonly cluster: Cluster;
  readonly ground: Ground;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** What is divided, in classes that are divided each for itself. */
  readonly classes: readonly (readonly string[])[];
  readonly partitionsOf: (unit: string) => readonly { readonly topic: string; readonly partition: number }[];
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
  /** The first join has failed for good. */
  readonly onRefused: (error: unknown) => void;
}

/** A place in a consumer group: joins, says that it lives, joins again when the group changes, and leaves. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #line: string;
  readonly #joinLine: string;
  #member = "";
  #generation = -1;
  #aliveAt = 0;
  #isOver = false;
  #wantsJoin = false;
  #wake: () => void = () => undefined;

  constructor(options: MembershipOptions) {
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
    const { ground, sessionMs } = this.#options;
    return this.#generation >= 0 && ground.clock.now() - this.#aliveAt < sessionMs;
  }

  start(): void {
    void this.#run();
  }

  /** What this member holds has changed, and the others should know. */
  rejoin(): void {
    this.#wantsJoin = true;
    this.#wake();
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
        if (this.#generation < 0 && isFinal(error)) this.#options.onRefused(error);
        this.#checkSession();
        await this.#pause(PAUSE_MS);
      }
    }
  }

  async #join(): Promise<void> {
    const { cluster, groupId, sessionMs, topics, held } = this.#options;
    this.#wantsJoin = false;
    const metadata = MemberMetadata.encode({
      version: 1,
      topics,
      userData: Buffer.from(JSON.stringify({ held: held(), generation: this.#generation })),
    });
    const ask = (): Promise<JoinAnswer> =>
      cluster.toCoordinator(
        groupId,
        [
          "JoinGroup",
          {
            groupId,
            sessionTimeout: sessionMs,
            rebalanceTimeout: sessionMs,
            memberId: this.#member,
            protocolType: "consumer",
            groupProtocols: [{ name: PROTOCOL, metadata }],
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
    const { errorCode, memberAssignment } = await cluster.toCoordinator(
      groupId,
      [
        "SyncGroup",
        {
          groupId,
          generationId,
          memberId,
          groupAssignment: leaderId === memberId ? this.#divide(members) : [],
        },
      ],
      this.#joinLine,
    );
    if (this.#isOver) return;
    this.#judge(errorCode);
    this.#generation = generationId;
    this.#alive();
    this.#options.onAssigned(new Set(unitsIn(memberAssignment)));
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
        if (errorCode === CODE.rebalanceInProgress) {
          this.#alive();
          return;
        }
        this.#judge(errorCode);
        this.#alive();
      } catch (error) {
        this.#checkSession();
        if (this.#generation < 0) throw error;
        await this.#pause(PAUSE_MS);
      }
    }
  }

  #alive(): void {
    this.#aliveAt = this.#options.ground.clock.now();
    this.#options.onAlive();
  }

  /** Who was not heard of for as long as that has been replaced. */
  #checkSession(): void {
    if (this.#generation >= 0 && !this.isSure) this.expelled();
  }

  #judge(code: number): void {
    const { cluster, groupId } = this.#options;
    if (code === CODE.unknownMember || code === CODE.illegalGeneration) {
      this.#member = code === CODE.unknownMember ? "" : this.#member;
      this.expelled();
    }
    if (code === CODE.notCoordinator || code === CODE.coordinatorNotAvailable)
      cluster.forgetCoordinator(groupId);
    checkCode(code, `group ${groupId}`);
  }

  #divide(
    members: JoinAnswer["members"],
  ): readonly { readonly memberId: string; readonly memberAssignment: Buffer }[] {
    const { classes, partitionsOf } = this.#options;
    const claims = members.map(({ memberId, memberMetadata }) => claimOf(memberId, memberMetadata));
    // A claim from an older generation is of somebody who has slept through the last one.
    claims.sort((left, right) => right.generation - left.generation || (left.member < right.member ? -1 : 1));
    const shares = classes.map((units) => assign(units, claims));
    return members.map(({ memberId }) => {
      const units = shares.flatMap((share) => share.get(memberId) ?? []);
      const assignment: Record<string, number[]> = {};
      for (const unit of units)
        for (const { topic, partition } of partitionsOf(unit)) (assignment[topic] ??= []).push(partition);
      const userData = Buffer.from(JSON.stringify({ units }));
      return { memberId, memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData }) };
    });
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#options.ground;
    return new Promise((resolve) => {
      const cancel = clock.schedule(ms, () => resolve());
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

function claimOf(member: string, metadata: Buffer): Claim & { readonly generation: number } {
  const { held, generation } = told(() => MemberMetadata.decode(metadata).userData);
  return {
    member,
    held: Array.isArray(held) ? held.map(String) : [],
    generation: typeof generation === "number" ? generation : -1,
  };
}

function unitsIn(assignment: Buffer): readonly string[] {
  if (assignment.length === 0) return [];
  const { units } = told(() => MemberAssignment.decode(assignment)?.userData);
  return Array.isArray(units) ? units.map(String) : [];
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

function isFinal(error: unknown): boolean {
  return /AUTHORIZATION_FAILED|INCONSISTENT_GROUP_PROTOCOL|INVALID_SESSION_TIMEOUT|INVALID_GROUP/.test(
    describeThrown(error),
  );
}
