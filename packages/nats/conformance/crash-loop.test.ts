import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { jetstream } from "@nats-io/jetstream";
import { connect, headers } from "@nats-io/transport-node";
import { startForTests } from "@waybill/brokers/for-tests";
import { createBus } from "@waybill/core";
import { HEADER } from "@waybill/core/transport";
import { afterAll, describe, expect, it, vi } from "vitest";
import { OWNER, queueStream, queueSubject } from "../src/topology/names.ts";
import { POISON, Work, WORKER } from "./poison-contract.ts";

const APPLICATION = fileURLToPath(new URL("poison-worker.ts", import.meta.url));
const LIMIT_MS = 120_000;
const LEASE_S = 0.3;
/** The progress of a message that core has set aside three times as a suspect. Core gives it up after six more deliveries. */
const SUSPECTED = "0/0/3";
const DELIVERIES = 6;
/** The last deliveries go to real processes, which die. */
const DEATHS = 3;

const broker = await startForTests("nats");

describe.skipIf(broker === undefined)("a poison message, which kills the process that handles it", () => {
  if (broker === undefined) return;
  const url = `${broker.url}?lease=${LEASE_S}`;
  let child: ChildProcess | undefined;
  afterAll(async () => {
    child?.kill("SIGKILL");
    await broker.end();
  }, LIMIT_MS);

  it(
    "becomes a dead letter with its body unchanged, and the messages behind it are handled",
    async () => {
      const publisher = await createBus({ transport: url, name: "shop", sends: [Work] });
      await publisher.start();
      await publishSuspected();
      await receiveWithoutSettling(DELIVERIES - DEATHS);
      await publisher.send(Work, 1);

      const letters = publisher.deadLetters(WORKER);
      const patience = { timeout: LIMIT_MS, interval: 250 };
      const givenUp = vi.waitFor(async () => expect(await letters.list()).toHaveLength(1), patience);
      const handled: number[] = [];
      let deaths = -1;
      for (let isGivenUp = false; !isGivenUp; deaths++) {
        child = fork(APPLICATION, [url], { execArgv: ["--conditions=@waybill/source", "--import", "tsx"] });
        child.on("message", (number: number) => handled.push(number));
        isGivenUp = await Promise.race([once(child, "exit").then(() => false), givenUp.then(() => true)]);
      }
      await vi.waitFor(() => expect(handled).toContain(1), LIMIT_MS);
      expect(deaths).toBe(DEATHS);
      expect(handled).not.toContain(POISON);
      const [letter] = await letters.list();
      expect(letter).toMatchObject({ failure: { code: "handler-failed", tries: 0 } });
      expect(JSON.parse(new TextDecoder().decode(letter?.body))).toMatchObject({ data: POISON });
      child?.kill("SIGTERM");
      await publisher.stop();
    },
    LIMIT_MS,
  );

  /**
   * Publishes the poison message in the state before its last retries. The earlier retries would take long, because
   * each has a delay.
   */
  async function publishSuspected(): Promise<void> {
    const nc = await connect({ servers: new URL(broker?.url ?? "").host });
    const block = headers();
    block.set("Content-Type", "application/cloudevents+json");
    block.set(HEADER.progress, SUSPECTED);
    const event = { specversion: "1.0", id: "poison", source: "shop", type: Work.name, data: POISON };
    await jetstream(nc).publish(queueSubject(Work.name, undefined), JSON.stringify(event), {
      headers: block,
    });
    await nc.close();
  }

  /** Receives the first message several times and never settles it, like a process that is killed each time. */
  async function receiveWithoutSettling(times: number): Promise<void> {
    const nc = await connect({ servers: new URL(broker?.url ?? "").host });
    const consumer = await jetstream(nc).consumers.get(queueStream(Work.name), OWNER);
    for (let delivery = 1; delivery <= times; delivery++)
      expect((await consumer.next({ expires: 30_000 }))?.info.deliveryCount).toBe(delivery);
    await nc.close();
  }
});
