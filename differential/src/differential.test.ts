import { startForTests } from "@waybill/brokers/for-tests";
import { seededRandom } from "@waybill/core/transport-kit/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BROKERS } from "./brokers.ts";
import { sequences, type Command } from "./commands.ts";
import { compare } from "./search/compare.ts";
import { differential, repeats, type Finding } from "./differential.ts";
import { modelTarget } from "./model-target.ts";
import { run } from "./run.ts";

/** A small number, for a quick test: `npm run differential` runs a thousand sequences for each broker. */
const RUNS = 25;

describe("the comparison of a profile with a broker", () => {
  it("finds no difference between a profile and itself", { timeout: 60_000 }, async () => {
    for (const commands of fc.sample(sequences, { seed: 11, numRuns: 40 })) {
      const outcome = await run(commands, modelTarget("rabbitmq", seededRandom(4_711)));
      expect(await compare(commands, outcome, "rabbitmq")).toEqual([]);
    }
  });

  it("finds a behaviour of a broker that its profile does not allow", { timeout: 60_000 }, async () => {
    const twice: readonly Command[] = [
      { what: "join" },
      { what: "publish", destination: "queue", key: 0, isDelayed: false, losesConfirm: true },
    ];
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, seed) => run(twice, modelTarget("rabbitmq", seededRandom(seed)))),
    );
    const stored = outcomes.find((outcome) => outcome.get("message 0 in queue of first") === "1:ack 1:ack");
    if (stored === undefined) throw new Error("RabbitMQ must be able to store a resent message twice");
    const [difference] = await compare(twice, stored, "nats");
    expect(difference?.line).toBe("message 0 in queue of first");
    expect(difference?.allowed).toContain("1:ack");
  });

  it("finds a lost message", { timeout: 60_000 }, async () => {
    const publish: readonly Command[] = [
      { what: "join" },
      { what: "publish", destination: "lanes", key: 1, isDelayed: false, losesConfirm: false },
    ];
    const outcome = new Map(await run(publish, modelTarget("nats", seededRandom(1))));
    outcome.set("message 0 in lanes of first", "");
    expect(await compare(publish, outcome, "nats")).toHaveLength(1);
  });

  it("finds a lane out of order, and a wrong attempt number", { timeout: 60_000 }, async () => {
    const toLane: Command = {
      what: "publish",
      destination: "lanes",
      key: 0,
      isDelayed: false,
      losesConfirm: false,
    };
    const inOrder: readonly Command[] = [{ what: "join" }, toLane, toLane, { what: "wait" }];
    const observed = new Map([
      ["lanes of first lane 0", "1 0"],
      ["message 0 in lanes of first", "2:ack"],
    ]);
    const differences = await compare(inOrder, observed, "rabbitmq");
    expect(differences.map(({ line, allowed }) => [line, ...allowed])).toEqual([
      ["lanes of first lane 0", "0 1"],
      ["message 0 in lanes of first", "1:ack"],
    ]);
  });
});

// Real brokers start in CI and with WAYBILL_DIFFERENTIAL; otherwise a message says that this test does not run.
const isWanted = process.env["CI"] !== undefined || process.env["WAYBILL_DIFFERENTIAL"] !== undefined;
if (!isWanted)
  process.stderr.write(
    "differential: real brokers are skipped; set WAYBILL_DIFFERENTIAL=1 to compare them\n",
  );

describe.skipIf(!isWanted).each(BROKERS)("$broker", (compared) => {
  it("repeats no behaviour that its profile does not allow", { timeout: 300_000 }, async () => {
    const broker = await startForTests(compared.broker);
    if (broker === undefined) return;
    try {
      const { url } = broker;
      const findings = await differential(compared, { url, seed: 20_261_124, runs: RUNS });
      const repeated: Finding[] = [];
      for (const finding of findings)
        if (await repeats(compared, url, finding)) repeated.push(finding);
        else
          process.stderr.write(
            `${compared.broker} showed a difference once and did not repeat it: ${JSON.stringify(finding)}\n`,
          );
      expect(repeated).toEqual([]);
    } finally {
      await broker.end();
    }
  });
});
