import type { Call, Coded } from "./call.ts";
import type {
  CommitAnswer,
  CommitTopic,
  CoordinatorAnswer,
  JoinAnswer,
  JoinRequest,
  MemberIdentity,
  OffsetFetchAnswer,
  SyncRequest,
} from "./group-messages.ts";
import type { NewRecord, RecordSet } from "./records/record.ts";

/**
 * The requests that the adapter sends, with their responses (Kafka protocol guide; field names as in kafkajs). Error codes
 * are part of the responses; nothing is thrown for them. Offsets are decimal texts, except in records.
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
  readonly Heartbeat: Call<MemberIdentity, Coded>;
  readonly LeaveGroup: Call<{ readonly groupId: string; readonly memberId: string }, Coded>;
  readonly OffsetCommit: Call<MemberIdentity & { readonly topics: readonly CommitTopic[] }, CommitAnswer>;
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

export type ApiName = keyof Api;

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
      /** Whether the batch is compressed with gzip. */
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
    /** -1 for the end of the log, -2 for its beginning. */
    readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
  }[];
}

interface ListOffsetsAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly (Coded & { readonly partition: number; readonly offset: string })[];
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
    /** 2 for a topic, 4 for a broker. */
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
