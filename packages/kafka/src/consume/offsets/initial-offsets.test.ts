import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { CODE } from "../../connection/protocol/codes.ts";
import type { Cluster } from "../../connection/protocol/cluster.ts";
import type { Api, ApiName } from "../../connection/protocol/protocol.ts";
import { Names } from "../../topology/names.ts";
import { setInitialOffsets } from "./initial-offsets.ts";

const SPEC = { topic: "sold", group: "shop", lanes: 1, from: "latest" } as const;

/** A broker with one topic of one partition with five records, of which the first is removed. */
class Scripted {
  readonly clock = new VirtualClock(0);
  readonly committed: string[] = [];
  /** The codes that the next answers to a request carry. */
  readonly refusals: Record<string, number[]> = {};
  place: string | undefined = undefined;

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
    const offset = this.place ?? "-1";
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

async function placed(broker: Scripted, isKnown = false): Promise<readonly string[]> {
  const told: string[] = [];
  const placing = setInitialOffsets(SPEC, {
    cluster: broker.cluster,
    names: new Names(),
    warn: (notice) => told.push(notice),
    isKnown: () => isKnown,
  });
  let isOver = false;
  const done = placing.finally(() => (isOver = true));
  done.catch(() => undefined);
  for (let step = 0; step < 1_000 && !isOver; step++) {
    await new Promise((resolve) => setImmediate(resolve));
    await broker.clock.advance(100);
  }
  await done;
  return told;
}

it("asks each question again while the broker has no coordinator, loads its groups or moves a leader", async () => {
  const broker = new Scripted();
  broker.refusals["ListOffsets"] = [CODE.notLeader, CODE.leaderNotAvailable];
  broker.refusals["OffsetFetch"] = [
    CODE.coordinatorNotAvailable,
    CODE.coordinatorLoading,
    CODE.notCoordinator,
  ];
  broker.refusals["OffsetCommit"] = [CODE.coordinatorNotAvailable, CODE.notCoordinator, CODE.timedOut];
  expect(await placed(broker)).toEqual([]);
  expect(broker.committed).toEqual(["5"]);
});

it("gives up in the end, with the retriable refusal", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetCommit"] = Array.from({ length: 1_000 }, () => CODE.coordinatorNotAvailable);
  await expect(placed(broker)).rejects.toMatchObject({ isRetriable: true });
});

it("does not ask again where the refusal is final", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetCommit"] = [CODE.groupForbidden];
  await expect(placed(broker)).rejects.toMatchObject({ code: CODE.groupForbidden });
  expect(broker.clock.now()).toBeLessThan(200);
});

it("lets the members of a group that is running go on where they are", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetCommit"] = [CODE.unknownMember];
  await placed(broker, true);
  expect(broker.committed).toEqual([]);
});

it("begins a group that was here before, and has no place any more, at the oldest record, and says so", async () => {
  const broker = new Scripted();
  const told = await placed(broker, true);
  expect(broker.committed).toEqual(["1"]);
  expect(told).toEqual([expect.stringMatching(/forgotten how far group shop--of--sold had read topic sold/)]);
});

it("leaves a place that is there", async () => {
  const broker = new Scripted();
  broker.place = "3";
  expect(await placed(broker, true)).toEqual([]);
  expect(broker.committed).toEqual([]);
});

it("knows a group that is not there yet from one that cannot be asked for", async () => {
  const broker = new Scripted();
  broker.refusals["OffsetFetch"] = [CODE.groupNotFound];
  expect(await placed(broker)).toEqual([]);
  expect(broker.committed).toEqual(["5"]);
});
