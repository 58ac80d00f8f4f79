/** Requests and responses of consumer groups (Kafka protocol guide). */
import type { Coded } from "./call.ts";

export interface CoordinatorAnswer extends Coded {
  readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number };
}

/** The identity of a member in one generation of its group; -1 and an empty name for a client that is no member. */
export interface MemberIdentity {
  readonly groupId: string;
  readonly groupGenerationId: number;
  readonly memberId: string;
}

export interface JoinRequest {
  readonly groupId: string;
  readonly sessionTimeout: number;
  readonly rebalanceTimeout: number;
  readonly memberId: string;
  readonly protocolType: "consumer";
  readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

export interface JoinAnswer extends Coded {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

export interface SyncRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
}

export interface CommitTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly offset: string;
    readonly metadata: string | null;
  }[];
}

export interface CommitAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly (Coded & { readonly partition: number })[];
  }[];
}

export interface OffsetFetchAnswer extends Coded {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly (Coded & {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
    })[];
  }[];
}
