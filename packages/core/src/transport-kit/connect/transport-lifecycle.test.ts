import { describe, expect, it } from "vitest";
import type { ReplyInbox, Subscription, TransportState } from "../../spi/transport.ts";
import { TransportLifecycle } from "./transport-lifecycle.ts";

/** A subscription or inbox that records its calls. */
class Recorder implements Subscription, ReplyInbox {
  readonly calls: string[] = [];
  readonly address = "here";
  credit(window: number): void {
    this.calls.push(`credit ${window}`);
  }
  drain(deadline: number): Promise<void> {
    this.calls.push(`drain ${deadline}`);
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.calls.push("close");
    return Promise.resolve();
  }
}

const newLifecycle = (): TransportLifecycle<Recorder, Recorder> => new TransportLifecycle("Pigeons");

describe("the lifecycle of a transport", () => {
  it("keeps subscriptions until they are drained, and inboxes until they are closed", async () => {
    const lifecycle = newLifecycle();
    const [drained, inbox] = [new Recorder(), new Recorder()];
    const [subscription, replies] = [lifecycle.addSubscription(drained), lifecycle.addInbox(inbox)];
    subscription.credit(3);
    expect([...lifecycle.subscriptions, ...lifecycle.inboxes]).toEqual([drained, inbox]);
    expect(replies.address).toBe("here");
    await subscription.drain(7);
    await replies.close();
    expect([...lifecycle.subscriptions, ...lifecycle.inboxes]).toEqual([]);
    expect([drained.calls, inbox.calls]).toEqual([["credit 3", "drain 7"], ["close"]]);
  });

  it("reports its state from the present one on, each change once", () => {
    const lifecycle = newLifecycle();
    const seen: TransportState[] = [];
    lifecycle.onState((state) => void seen.push(state));
    lifecycle.setState("ready", undefined);
    lifecycle.setState("ready", "again");
    lifecycle.setState("disconnected", "the connection is dead");
    expect(seen).toEqual([
      { status: "connecting", reason: undefined },
      { status: "ready", reason: undefined },
      { status: "disconnected", reason: "the connection is dead" },
    ]);
    expect(lifecycle.state).toBe(seen.at(-1));
  });

  it("reports nothing to an observer that was removed, also when it removes itself while it is called", async () => {
    const lifecycle = newLifecycle();
    const seen: string[] = [];
    const remove = lifecycle.onState(({ status }) => {
      seen.push(`first ${status}`);
      if (status === "ready") remove();
    });
    lifecycle.onState(({ status }) => void seen.push(`second ${status}`));
    lifecycle.setState("ready", undefined);
    await lifecycle.close(0, () => undefined);
    expect(seen.filter((line) => line.startsWith("first"))).toEqual(["first connecting", "first ready"]);
    expect(seen.at(-1)).toBe("second closed");
    lifecycle.setState("connecting", undefined);
    expect(seen.at(-1)).toBe("second closed");
  });

  it("closes once: drains subscriptions, then ends the connection, and keeps the state closed", async () => {
    const lifecycle = newLifecycle();
    const subscription = new Recorder();
    const states: string[] = [];
    lifecycle.onState(({ status }) => states.push(status));
    lifecycle.addSubscription(subscription);
    lifecycle.setState("ready", undefined);
    const ended: number[] = [];
    const end = (): void => void ended.push(subscription.calls.length);
    await lifecycle.close(5, end);
    await lifecycle.close(6, end);
    lifecycle.setState("disconnected", "late");
    expect(ended).toEqual([1]);
    expect(subscription.calls).toEqual(["drain 5"]);
    expect(states).toEqual(["connecting", "ready", "closed"]);
  });

  it("gives an error of the client a code and keeps it as the cause", async () => {
    const bare = new Error("CHANNEL_ERROR");
    const failed = newLifecycle().whileConnected(1, () => Promise.reject(bare));
    await expect(failed).rejects.toMatchObject({ code: "disconnected", cause: bare });
    await expect(failed).rejects.toThrow("Pigeons did not answer as expected: CHANNEL_ERROR.");
  });

  it("rejects work without a connection as disconnected, and all work after close as closed", async () => {
    const lifecycle = newLifecycle();
    const work = (link: number): Promise<number> => Promise.resolve(link);
    await expect(lifecycle.whileConnected(1, work)).resolves.toBe(1);
    await expect(lifecycle.whileConnected(undefined, work)).rejects.toMatchObject({ code: "disconnected" });
    await lifecycle.close(0, () => undefined);
    await expect(lifecycle.whileConnected(1, work)).rejects.toMatchObject({ code: "closed" });
    expect(() => lifecycle.begin(undefined)).toThrow("The Pigeons transport is closed");
    expect(() => lifecycle.addSubscription(new Recorder())).toThrow("closed");
    expect(() => lifecycle.addInbox(new Recorder())).toThrow("closed");
    expect(lifecycle.closedResults([1, 2])).toMatchObject([
      { ok: false, error: { code: "closed", maybeStored: false } },
      { ok: false, error: { code: "closed" } },
    ]);
  });

  it("reports a warning once until the connection is ready again", () => {
    const lifecycle = newLifecycle();
    const warnings: string[] = [];
    lifecycle.begin((text) => warnings.push(text));
    lifecycle.warn("no answer");
    lifecycle.warn("no answer");
    lifecycle.warn("another");
    lifecycle.setState("ready", undefined);
    lifecycle.warn("no answer");
    expect(warnings).toEqual(["no answer", "another", "no answer"]);
  });
});
