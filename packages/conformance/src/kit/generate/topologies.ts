import type { Drift, Topology } from "@waybill/core/transport";
import type { Names } from "./names.ts";

/** Says only what is wanted. */
export function topologyOf(parts: Partial<Topology>): Topology {
  return { queues: [], topics: [], groups: [], services: [], ...parts };
}

/** A queue and a topic with a group, without lanes or history, so that every transport can have it. */
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

/** Drift for a failure's text. */
export function shown(drift: readonly Drift[]): string {
  return drift.length === 0 ? "no drift" : drift.map((one) => JSON.stringify(one)).join(", ");
}
