import {
  ACK,
  NO_HEADERS,
  RELEASE,
  type Settlement,
  type Source,
  type Transport,
  type WireMessage,
} from "@waybill/core/transport";
import { seededRandom } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { createModel, type Model, type ProfileName } from "./index.ts";

const WORK: Source = { kind: "queue", name: "work", group: "worker", lanes: 1 };

function message(id: string): WireMessage {
  const destination = { kind: "queue", name: "work" } as const;
  const rest = { type: "t", correlationId: undefined, key: "k", lane: 0, deliverAt: undefined };
  return { id, destination, body: new Uint8Array(0), contentType: "", headers: NO_HEADERS, ...rest };
}

/** Adds a member that settles every delivery in the same way; `seen` lists its deliveries. */
async function join(
  model: Model,
  answer: () => Promise<Settlement>,
): Promise<{ transport: Transport; seen: string[] }> {
  const transport = model.transport();
  await transport.connect(new AbortController().signal);
  const queues = [{ name: "work", lanes: 1 }];
  await transport.provision({ queues, topics: [], groups: [], services: ["worker"] }, "apply");
  const seen: string[] = [];
  const subscription = await transport.subscribe(WORK, (delivery) => {
    seen.push(`${delivery.message.id}/${delivery.attempt}`);
    return answer();
  });
  subscription.credit(5);
  return { transport, seen };
}

const never = (): Promise<Settlement> => new Promise(() => undefined);
const ack = (): Promise<Settlement> => Promise.resolve(ACK);

/** Returns all outcomes of runs with different seeds. */
async function outcomes(
  profile: ProfileName,
  run: (model: Model) => Promise<string>,
): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for (let seed = 1; seed <= 120; seed++) all.add(await run(createModel(profile, seededRandom(seed))));
  return all;
}

describe("the model of a broker", () => {
  it("makes the same choices from the same seed", async () => {
    const run = async (model: Model): Promise<string> => {
      const { transport, seen } = await join(model, ack);
      await transport.publish(["a", "b", "c"].map(message));
      await model.settle();
      return `${seen.join(" ")} ${model.environment.random.uint32()}`;
    };
    expect(await run(createModel("nats", seededRandom(5)))).toBe(
      await run(createModel("nats", seededRandom(5))),
    );
    expect((await outcomes("nats", run)).size).toBeGreaterThan(100);
  });

  // Each test below states a behaviour that the comparison with real brokers has shown.

  it("on RabbitMQ counts a delivery that a lost member has seen, and at times one that was on its way to it", async () => {
    const attemptAfterCrash = async (model: Model): Promise<string> => {
      const lost = await join(model, never);
      await lost.transport.publish([message("a")]);
      await model.settle();
      model.crash(lost.transport);
      const next = await join(model, ack);
      await model.elapse(4_000); // longer than the broker needs to detect the loss
      await model.rest();
      return `${lost.seen.length} seen, then ${next.seen.join(" ")}`;
    };
    expect(await outcomes("rabbitmq", attemptAfterCrash)).toEqual(
      new Set(["1 seen, then a/2", "0 seen, then a/2", "0 seen, then a/1"]),
    );
    const onKafka = await outcomes("kafka", attemptAfterCrash);
    for (const counted of ["1 seen, then a/1", "1 seen, then a/2", "0 seen, then a/1", "0 seen, then a/2"])
      expect(onKafka).toContain(counted);
  });

  it("at times counts a release on NATS and on RabbitMQ before 4.3, and never on Kafka", async () => {
    const attemptAfterRelease = async (model: Model): Promise<string> => {
      let isFirst = true;
      const { transport, seen } = await join(model, () => {
        const answer = isFirst ? RELEASE : ACK;
        isFirst = false;
        return Promise.resolve(answer);
      });
      await transport.publish([message("a")]);
      await model.rest();
      return seen.join(" ");
    };
    expect(await outcomes("rabbitmq", attemptAfterRelease)).toEqual(new Set(["a/1 a/1", "a/1 a/2"]));
    expect(await outcomes("kafka", attemptAfterRelease)).toEqual(new Set(["a/1 a/1"]));
  });

  it("on Kafka at times forgets the attempts of an immediate retry when its member is lost", async () => {
    const attemptsAfterRetry = async (model: Model): Promise<string> => {
      let isFirst = true;
      const lost = await join(model, () => {
        const answer = isFirst ? Promise.resolve<Settlement>({ type: "retry", delayMs: 0 }) : never();
        isFirst = false;
        return answer;
      });
      await lost.transport.publish([message("a")]);
      await model.rest();
      model.crash(lost.transport);
      const next = await join(model, ack);
      await model.elapse(4_000);
      await model.rest();
      return `${lost.seen.join(" ")}, then ${next.seen.join(" ")}`;
    };
    const onKafka = await outcomes("kafka", attemptsAfterRetry);
    for (const attempt of [1, 2, 3]) expect(onKafka).toContain(`a/1 a/2, then a/${attempt}`);
    expect(await outcomes("nats", attemptsAfterRetry)).toEqual(new Set(["a/1 a/2, then a/3"]));
  });

  it("delivers a message and its retry when its member is lost between the two steps of a delayed retry", async () => {
    const afterRetry = async (model: Model): Promise<string> => {
      const lost = await join(model, () => Promise.resolve({ type: "retry", delayMs: 10 }));
      await lost.transport.publish([message("a")]);
      await model.settle();
      model.crash(lost.transport);
      const next = await join(model, ack);
      await model.elapse(4_000);
      await model.rest();
      return next.seen.toSorted().join(" ");
    };
    const seen = await outcomes("rabbitmq", afterRetry);
    expect(seen).toContain("a/2 a/2");
    expect(seen).toContain("a/2");
  });

  it("lets a member that stops release the deliveries on their way to it", async () => {
    const afterStop = async (model: Model): Promise<string> => {
      const first = await join(model, ack);
      await first.transport.publish([message("a")]);
      await model.settle();
      const closing = first.transport.close(model.environment.clock.now() + 10);
      await model.elapse(20);
      await closing;
      const next = await join(model, ack);
      await model.rest();
      return `${first.seen.join(" ")} then ${next.seen.join(" ")}`;
    };
    const seen = await outcomes("rabbitmq", afterStop);
    for (const outcome of ["a/1 then ", " then a/1", " then a/2"]) expect(seen).toContain(outcome);
  });

  it("delivers to a lost connection until the broker detects the loss", async () => {
    const attemptAfterCut = async (model: Model): Promise<string> => {
      const { transport, seen } = await join(model, ack);
      model.cut(transport);
      model.restore(transport);
      await transport.publish([message("a")]);
      await model.elapse(4_000);
      await model.rest();
      return seen.join(" ");
    };
    expect(await outcomes("nats", attemptAfterCut)).toEqual(new Set(["a/1", "a/2"]));
    expect(await outcomes("rabbitmq", attemptAfterCut)).toEqual(new Set(["a/1", "a/2"]));
  });

  it("moves a lane some time after a member has joined, and at times counts the unseen delivery", async () => {
    const attemptAfterJoin = async (model: Model): Promise<string> => {
      const first = await join(model, ack);
      const second = await join(model, ack);
      await first.transport.publish([message("a")]);
      await model.elapse(4_000);
      await model.rest();
      return [...first.seen, ...second.seen].join(" ");
    };
    const seen = await outcomes("rabbitmq", attemptAfterJoin);
    expect(seen).toContain("a/1");
    expect(seen).toContain("a/2");
    expect(await outcomes("kafka", attemptAfterJoin)).not.toContain("");
  });

  it("ignores a settlement from a lost connection whose handler is still running", async () => {
    const answers = async (model: Model): Promise<string> => {
      let answer: (settlement: Settlement) => void = () => undefined;
      const { transport, seen } = await join(model, () => new Promise((resolve) => (answer = resolve)));
      await transport.publish([message("a")]);
      await model.rest();
      model.cut(transport);
      answer(ACK);
      model.restore(transport);
      await model.elapse(4_000);
      await model.rest();
      return seen.join(" ");
    };
    expect(await outcomes("nats", answers)).toEqual(new Set(["a/1 a/2"]));
  });

  it("refuses a transport that is not of a model", () => {
    const model = createModel("kafka", seededRandom(1));
    expect(() => model.cut(createModel("kafka", seededRandom(1)).transport())).not.toThrow();
    expect(() => model.cut({} as Transport)).toThrow("does not belong to this model");
  });
});
