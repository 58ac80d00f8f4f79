import { expect, it } from "vitest";
import { busState } from "./bus-state.ts";
import { Impairments } from "./impairments.ts";

const QUEUE = { kind: "queue", name: "shop.pay", group: "shop", lanes: undefined } as const;
const TOPIC = { kind: "topic", name: "shop.paid", group: "shop", lanes: 4 } as const;
const READY = { status: "ready", reason: undefined } as const;

it("each change of a source's problem causes one warning, and the present problems are listed", () => {
  const warnings: string[] = [];
  let changes = 0;
  const impairments = new Impairments({
    warn: (warning) => warnings.push(warning),
    onChange: () => (changes += 1),
  });
  const [queue, topic] = [impairments.reportOn(QUEUE), impairments.reportOn(TOPIC)];
  queue(undefined);
  queue("Queue shop.pay is deleted.");
  queue("Queue shop.pay is deleted.");
  topic("Topic shop.paid is deleted.");
  expect(impairments.all).toEqual([
    { service: "shop", source: "queue:shop.pay", problem: "Queue shop.pay is deleted." },
    { service: "shop", source: "topic:shop.paid", problem: "Topic shop.paid is deleted." },
  ]);
  queue(undefined);
  topic(undefined);
  topic(undefined);
  expect(impairments.all).toEqual([]);
  expect(changes).toBe(4);
  expect(warnings).toEqual([
    "Service shop has a problem with queue:shop.pay: Queue shop.pay is deleted.",
    "Service shop has a problem with topic:shop.paid: Topic shop.paid is deleted.",
    "Service shop receives from queue:shop.pay without problems again.",
    "Service shop receives from topic:shop.paid without problems again.",
  ]);
});

it("an error of the warning callback is ignored", () => {
  const warn = (): never => {
    throw new Error("no log today");
  };
  const impairments = new Impairments({ warn, onChange: () => undefined });
  impairments.reportOn(QUEUE)("Queue shop.pay is deleted.");
  expect(impairments.all).toHaveLength(1);
});

it("a connected bus with a problem is impaired, and the first problem is the reason; other states come first", () => {
  const impaired = [{ service: "shop", source: "queue:shop.pay", problem: "It is deleted." }];
  const facts = { phase: "running", transport: READY, failure: undefined, impaired } as const;
  expect(busState(facts)).toEqual({ status: "impaired", isReady: false, reason: "It is deleted.", impaired });
  expect(busState({ ...facts, impaired: [] })).toMatchObject({ status: "ready", isReady: true });
  expect(busState({ ...facts, transport: { status: "disconnected", reason: "gone" } })).toEqual({
    status: "disconnected",
    isReady: false,
    reason: "gone",
    impaired,
  });
  expect(busState({ ...facts, phase: "failed", failure: "no" })).toMatchObject({
    status: "failed",
    reason: "no",
  });
});
