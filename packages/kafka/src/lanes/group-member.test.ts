import { systemEnvironment } from "@waybill/core/transport-kit";
import { expect, it } from "vitest";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { GroupMember } from "./group-member.ts";

it("takes longer to divide the group than its session lasts: the coordinator's two timers never end together", async () => {
  const asked: { readonly sessionTimeout: number; readonly rebalanceTimeout: number }[] = [];
  const cluster = {
    newLine: (purpose: string) => purpose,
    closeLine: () => undefined,
    toCoordinator: (_: string, [name, request]: readonly [string, (typeof asked)[number]]) => {
      if (name === "JoinGroup") asked.push(request);
      return Promise.reject(new Error("INVALID_GROUP"));
    },
  };
  const groupMember = new GroupMember({
    cluster: cluster as unknown as Cluster,
    environment: systemEnvironment,
    groupId: "orders",
    topics: ["orders"],
    service: "shop",
    onOther: () => undefined,
    classes: () => [],
    partitionsOf: () => [],
    heartbeatMs: 1_000,
    sessionMs: 10_000,
    held: () => [],
    onAssigned: () => undefined,
    onExpelled: () => undefined,
    onAlive: () => undefined,
    onRefused: () => undefined,
  });
  await expect(groupMember.start()).rejects.toThrow("INVALID_GROUP");
  groupMember.end();
  const [{ sessionTimeout, rebalanceTimeout } = { sessionTimeout: 0, rebalanceTimeout: 0 }] = asked;
  expect(sessionTimeout).toBe(10_000);
  expect(rebalanceTimeout).toBeGreaterThan(sessionTimeout);
});
