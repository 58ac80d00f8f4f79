import type { Drift, Topology } from "@waybill/core/transport";
import type { Names } from "./names.ts";

/** Returns a topology with the given parts and nothing else. */
export function topologyOf(parts: Partial<Topology>): Topology {
  return { queues: [], topics: [], groups: [], services: [], ...parts };
}

/** Returns a queue and a topic with a group, without lanes or history, which every transport can provision. */
export function smallTopology(names: Names): Topology {
  const topic = names.next("topic");
  const group = names.next("group");
  return {
    queues: [{ name: names.next("queue"), lanes: undefined }],
    topics: [{ name: topic, lanes: undefined, retainMs: undefined }],
    groups: [{ topic, group, lanes: undefined, from: "latest" }],
    services: [group],
  };
}

/** Returns drift as text, for a failure message. */
export function driftText(drift: readonly Drift[]): string {
  return drift.length === 0 ? "no drift" : drift.map((one) => JSON.stringify(one)).join(", ");
}
