import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { CODE } from "../../connection/protocol/codes.ts";
import type { Cluster } from "../../connection/protocol/cluster.ts";
import type { Api, ApiName } from "../../connection/protocol/protocol.ts";
import { Names } from "../../topology/names.ts";
import { setInitialOffsets } from "./initial-offsets.ts";

const SPEC = { topic: "sold", group: "shop", lanes: 1, from: "latest" } as const;

/** A broker with one topic of one partition with five records, of which the first was deleted. */
class Scripted {
  readonly clock = new VirtualClock(0);
  readonly committed: string[] = [];
  /** The error codes of the next answers to a request. */
  readonly refusals: Record<string, number[]> = {};
  offset: string | undefined = undefined;

  get cluster(): Cluster {
    const cluster = {
      clock: this.clock,
      findPartitionCount: () => Promise.resolve(1),
      leaderOf: () => 0,
      lookUp: () => Promise.resolve(),
      forgetCoordinator: () => undefined,
      toNode: (_: number, [, request]: readonly [ApiName, never]) => Promise.resolve(this.#ends(request)),
      toCoordinator: (_: string, [name, request]: readonly [ApiName, never]) =>
        Promise.resolve(name === "OffsetFetch" ? this.#offsets() : this.#commit(request)),
    };
    return cluster as unknown as Cluster;
  }

  #code(name: ApiName): number {
    return this.refusals[name]?.shift() ?? CODE.none;
  }

  #ends(request: Api["ListOffsets"]["request"]): Api["ListOffsets"]["answer"] {
    const timestamp = request.topics[0]?.partitions[0]?.timestamp;
    const offset = timestamp === -2 ? "1" : "5";
    const partitions = [{ partition: 0, errorCode: this.#code("ListOffsets"), timestamp: "-1", offset }];
    return { responses: [{ topic: "sold", partitions }] };
  }

  #offsets(): Api["OffsetFetch"]["answer"] {
    const offset = this.offset ?? "-1";
    const partitions = [{ partition: 0, errorCode: CODE.none, offset, metadata: null }];
    return { errorCode: this.#code("OffsetFetch"), responses: [{ topic: "sold", partitions }] };
  }

  #commit(request: Api["OffsetCommit"]["request"]): Api["OffsetCommit"]["answer"] {
    const errorCode = this.#code("OffsetCommit");
    const offset = request.topics[0]?.partitions[0]?.offset ?? "";
    if (errorCode === CODE.none) this.committed.push(offset);
    return { responses: [{ topic: "sold", partitions: [{ partition: 0, errorCode }] }] };
  }
}

async function run(broker: Scripted, isKnown = false): Promise<readonly string[]> {
  const warnings: string[] = [];
  const setting = setInitialOffsets(SPEC, {
    cluster: broker.cluster,
    names: new Names(),
    warn: (text) => warnings.push(text),
    isKnown: () => isKnown,
  });
  let isOver = false;
  const done = setting.finally(() => (isOver = true));
  done.catch(() => undefined);
  for (let step = 0; step < 1_000 && !isOver; step++) {
    await new Promise((resolve) => setImmediate(resolve));
    await broker.clock.advance(100);
  }
  await done;
  return warnings;
}

it("repeats each request while the broker has no coordinator, loads its groups or moves a leader", async () => {
  const broker = new Scripted();
  broker.refusals["ListOffsets"] = [CODE.notLeader, CODE.leaderNotAvailable];
  broker.refusals["OffsetFetch"] = [
    CODE.coordinatorNotAvailable,
    CODE.coordinatorLoading,
    CODE.notCoordinator,
  ];
  broker.refusals["OffsetCommit"] = [CODE.coordinatorNotAvailable, CODE.notCoordinator, CODE.timedOut];
  expect(await run(broker)).toEqual([]);
  expect(broker.committed).toEqual(["5"]);
});

it("rejects with the retriable refusal when the broker does not become ready in time", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetCommit"] = Array.from({ length: 1_000 }, () => CODE.coordinatorNotAvailable);
  await expect(run(broker)).rejects.toMatchObject({ isRetriable: true });
});

it("does not repeat a request after a final refusal", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetCommit"] = [CODE.groupForbidden];
  await expect(run(broker)).rejects.toMatchObject({ code: CODE.groupForbidden });
  expect(broker.clock.now()).toBeLessThan(200);
});

it("does not change the offsets of a group that has members", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetCommit"] = [CODE.unknownMember];
  await run(broker, true);
  expect(broker.committed).toEqual([]);
});

it("begins a group that has lost its offsets at the oldest record, and warns", async () => {
  const broker = new Scripted();
  const warnings = await run(broker, true);
  expect(broker.committed).toEqual(["1"]);
  expect(warnings).toEqual([
    expect.stringMatching(/deleted the committed offsets of group shop--of--sold in topic sold/),
  ]);
});

it("keeps existing offsets", async () => {
  const broker = new Scripted();
  broker.offset = "3";
  expect(await run(broker, true)).toEqual([]);
  expect(broker.committed).toEqual([]);
});

it("treats a group that does not exist yet as one without offsets", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetFetch"] = [CODE.groupNotFound];
  expect(await run(broker)).toEqual([]);
  expect(broker.committed).toEqual(["5"]);
});
