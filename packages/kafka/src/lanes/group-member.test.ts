import { systemEnvironment } from "@waybill/core/transport-kit";
import { expect, it } from "vitest";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { GroupMember } from "./group-member.ts";

it("asks for a rebalance timeout that differs from the session timeout, so that the coordinator's two timers never end together", async () => {
  const asked: { readonly sessionTimeout: number; readonly rebalanceTimeout: number }[] = [];
  const cluster = {
    newPurpose: (purpose: string) => purpose,
    closePurpose: () => undefined,
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
    onOtherService: () => undefined,
    assignableUnits: () => [],
    partitionsOf: () => [],
    heartbeatMs: 1_000,
    sessionMs: 10_000,
    ownedUnits: () => [],
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
