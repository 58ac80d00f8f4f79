import type { RawHeader } from "./records/raw-header.ts";

/**
 * The requests that are used, and the answers as they are on the wire: every one with its own error codes, none thrown
 * (Kafka protocol guide; field names as in kafkajs). Offsets are decimal texts there, but in records.
 */
export interface Api {
  readonly Metadata: Call<
    { readonly topics: readonly string[] | null; readonly allowAutoTopicCreation: false },
    MetadataAnswer
  >;
  readonly Produce: Call<ProduceRequest, ProduceAnswer>;
  readonly Fetch: Call<FetchRequest, FetchAnswer>;
  readonly ListOffsets: Call<ListOffsetsRequest, ListOffsetsAnswer>;
  readonly GroupCoordinator: Call<
    { readonly groupId: string; readonly coordinatorType: 0 },
    CoordinatorAnswer
  >;
  readonly JoinGroup: Call<JoinRequest, JoinAnswer>;
  readonly SyncGroup: Call<SyncRequest, Coded & { readonly memberAssignment: Buffer }>;
  readonly Heartbeat: Call<GroupMember, Coded>;
  readonly LeaveGroup: Call<{ readonly groupId: string; readonly memberId: string }, Coded>;
  readonly OffsetCommit: Call<GroupMember & { readonly topics: readonly CommitTopic[] }, CommitAnswer>;
  readonly OffsetFetch: Call<
    { readonly groupId: string; readonly topics: readonly PartitionsOf[] },
    OffsetFetchAnswer
  >;
  readonly CreateTopics: Call<
    { readonly topics: readonly NewTopic[]; readonly validateOnly: false; readonly timeout: number },
    CreateTopicsAnswer
  >;
  readonly CreatePartitions: Call<
    {
      readonly topicPartitions: readonly { readonly topic: string; readonly count: number }[];
      readonly validateOnly: false;
      readonly timeout: number;
    },
    CreateTopicsAnswer
  >;
  readonly DescribeConfigs: Call<DescribeConfigsRequest, DescribeConfigsAnswer>;
  readonly InitProducerId: Call<
    { readonly transactionalId: null; readonly transactionTimeout: number },
    Coded & { readonly producerId: string; readonly producerEpoch: number }
  >;
  readonly DeleteRecords: Call<
    { readonly topics: readonly DeleteTopic[]; readonly timeout: number },
    unknown
  >;
}

export interface Call<Request, Answer> {
  readonly request: Request;
  readonly answer: Answer;
}

export type ApiName = keyof Api;

export interface Coded {
  readonly errorCode: number;
}

interface PartitionsOf {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number }[];
}

export interface MetadataAnswer {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly controllerId: number;
  readonly topicMetadata: readonly TopicMetadata[];
}

export interface TopicMetadata {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
}

/** A record to write. Header values are texts or bytes. */
export interface NewRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number;
}

export interface ProduceRequest {
  readonly acks: -1;
  readonly timeout: number;
  readonly compression: 0;
  readonly transactionalId: null;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly NewRecord[];
      /** By gzip. */
      readonly isCompressed?: boolean;
    }[];
  }[];
}

export interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly (Coded & { readonly partition: number })[];
  }[];
}

export interface FetchRequest {
  readonly replicaId: -1;
  readonly isolationLevel: 1;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly rackId: string;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: string;
      readonly maxBytes: number;
    }[];
  }[];
}

/** A record as it was read. */
export interface RawRecord {
  readonly offset: number;
  /** Milliseconds since the Unix epoch; -1 where there is none. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Of those that are there several times the last one counts (as for Java's lastHeader). */
  readonly headers: readonly RawHeader[];
  /** Why its batch cannot be read: the value is the whole batch, as it is stored. */
  readonly unreadable?: string;
}

/** What a fetch brought of one partition. */
export interface RecordSet {
  /** Ascending, without control records and what aborted transactions wrote. */
  readonly records: readonly RawRecord[];
  /** Where to go on; absent when nothing whole was there. */
  readonly next: number | undefined;
  /** Why what comes next cannot be read. */
  readonly unreadable: string | undefined;
}

/** A transaction that was aborted: whose, and its first record here. */
export interface Aborted {
  readonly producerId: number;
  readonly firstOffset: number;
}

export interface FetchedPartition extends Coded, RecordSet {
  readonly partition: number;
}

export interface FetchAnswer extends Coded {
  readonly clientSideThrottleTime: number;
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly FetchedPartition[];
  }[];
}

interface ListOffsetsRequest {
  readonly replicaId: -1;
  readonly isolationLevel: 1;
  readonly topics: readonly {
    readonly topic: string;
    /** -1: the end; -2: the beginning. */
    readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
  }[];
}

interface ListOffsetsAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly (Coded & { readonly partition: number; readonly offset: string })[];
  }[];
}

interface CoordinatorAnswer extends Coded {
  readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number };
}

/** A member of a group in one generation; -1 and no name for who is none. */
export interface GroupMember {
  readonly groupId: string;
  readonly groupGenerationId: number;
  readonly memberId: string;
}

interface JoinRequest {
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

interface SyncRequest {
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

interface CommitAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly (Coded & { readonly partition: number })[];
  }[];
}

interface OffsetFetchAnswer extends Coded {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly (Coded & {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
    })[];
  }[];
}

export interface NewTopic {
  readonly topic: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configEntries: readonly { readonly name: string; readonly value: string }[];
}

interface CreateTopicsAnswer {
  readonly topicErrors: readonly (Coded & { readonly topic: string; readonly errorMessage: string | null })[];
}

interface DescribeConfigsRequest {
  readonly resources: readonly {
    /** 2: a topic; 4: a broker. */
    readonly type: 2 | 4;
    readonly name: string;
    readonly configNames: readonly string[];
  }[];
  readonly includeSynonyms: false;
}

interface DescribeConfigsAnswer {
  readonly resources: readonly (Coded & {
    readonly resourceName: string;
    readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[];
  })[];
}

interface DeleteTopic {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}
