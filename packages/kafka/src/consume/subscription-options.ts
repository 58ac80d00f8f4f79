import type { Deliver, Environment } from "@waybill/core/transport";
import type { Problems } from "@waybill/core/transport-kit";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { Publisher } from "../publish/publisher.ts";
import type { SourceTopics } from "../topology/sources.ts";
import type { Warn } from "../warnings.ts";

/** The options of a subscription. */
export interface SubscriptionOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly sourceTopics: SourceTopics;
  /** The service that gets the dead letters. */
  readonly group: string;
  readonly deliver: Deliver;
  readonly heartbeatMs: number;
  readonly sessionMs: number;
  readonly isUp: () => boolean;
  readonly warn: Warn;
  /** Takes the problems of the source. */
  readonly problems: Problems;
  readonly trimMs: number;
  /** The topics of the source that no other group reads. */
  readonly trimmedTopics: readonly string[];
}
