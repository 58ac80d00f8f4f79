import { ACK, type Delivery } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { ACKS, Consumer, HOLDS, type Answer } from "./consumer.ts";
import { History } from "./observe/history.ts";
import { taggedMessage } from "./generate/messages.ts";

describe("Consumer", () => {
  it("answers as it is told and writes down when", async () => {
    const { consumer, history } = consumerThat(ACKS);
    consumer.credit(1);
    await expect(consumer.deliver(deliveryOf("a"))).resolves.toBe(ACK);
    expect(history.handlings).toMatchObject([
      { tag: "a", at: 7, attempt: 1, settlement: ACK, isOpen: false },
    ]);
  });

  it("counts what comes beyond its window, and not what has been settled", async () => {
    const { consumer } = consumerThat(HOLDS);
    consumer.credit(1);
    const first = consumer.deliver(deliveryOf("a"));
    consumer.answerAll(ACK);
    await first;
    void consumer.deliver(deliveryOf("b"));
    expect(consumer.excess).toEqual([]);
    void consumer.deliver(deliveryOf("c"));
    expect(consumer.excess).toEqual(["c as 2 of 1"]);
  });

  it("has a free place again when a delivery is taken back, whatever its handler says later", async () => {
    const { consumer } = consumerThat(HOLDS);
    consumer.credit(1);
    const lost = new AbortController();
    const answer = consumer.deliver(deliveryOf("a", lost.signal));
    lost.abort();
    void consumer.deliver(deliveryOf("b"));
    consumer.handlings[0]?.answer(ACK);
    await answer;
    void consumer.deliver(deliveryOf("c"));
    expect(consumer.excess).toEqual(["c as 2 of 1"]);
    expect(consumer.handlings.map(({ isRevoked }) => isRevoked)).toEqual([true, false, false]);
  });
});

function consumerThat(answer: Answer): { consumer: Consumer; history: History } {
  const history = new History();
  return { history, consumer: new Consumer({ history, now: () => 7, name: "m", group: "g", answer }) };
}

function deliveryOf(tag: string, signal: AbortSignal = new AbortController().signal): Delivery {
  const message = taggedMessage({ id: tag, to: { kind: "queue", name: "q" } });
  return { message, attempt: 1, attemptSource: "broker", lane: undefined, signal };
}
