import type { Deliver, Ground, Problems } from "@waybill/core/transport";
import type { Cluster } from "./driver/cluster.ts";
import type { Tell } from "./notices.ts";
import type { Publisher } from "./publisher.ts";
import type { Site } from "./sources.ts";

/** What a subscription is made with. */
export interface SubscriptionOptions {
  readonly cluster: Cluster;
  readonly ground: Ground;
  readonly publisher: Publisher;
  readonly site: Site;
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
