import type { Deliver, Environment } from "@waybill/core/transport";
import type { Problems } from "@waybill/core/transport-kit";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { Tell } from "../warnings.ts";
import type { Publisher } from "../publish/publisher.ts";
import type { SourceTopics } from "../topology/sources.ts";

/** What a subscription is made with. */
export interface SubscriptionOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly site: SourceTopics;
  /** The service whose dead letters its messages become. */
  readonly group: string;
  readonly deliver: Deliver;
  readonly heartbeatMs: number;
  readonly sessionMs: number;
  readonly isUp: () => boolean;
  readonly tell: Tell;
  /** Of its source. */
  readonly problems: Problems;
  readonly purgeMs: number;
  /** Those of its topics whose records nobody else reads. */
  readonly purged: readonly string[];
}
