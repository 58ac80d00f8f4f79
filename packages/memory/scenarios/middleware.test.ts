import { service, type IncomingMiddleware, type OutgoingMiddleware } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Act, failureOf, Happened, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

describe("middleware", () => {
  it("runs in order at sender and receiver, sees the message and may add extensions", async () => {
    const log: string[] = [];
    const outgoing = (name: string): OutgoingMiddleware => ({
      name,
      run: (envelope, next, { intent, contract }) => {
        log.push(`out ${name} ${intent} ${contract.name}`);
        return next({ ...envelope, extensions: { ...envelope.extensions, [name]: "yes" } });
      },
    });
    const incoming = (name: string): IncomingMiddleware => ({
      name,
      run: async ({ message, service: who }, next) => {
        log.push(`in ${name} ${who} ${Object.keys(message.extensions).join("+")}`);
        await next();
        log.push(`after ${name}`);
      },
    });
    const owner = service("owner").handle(Act, () => void log.push("handler"));
    const middleware = { outgoing: [outgoing("a"), outgoing("b")], incoming: [incoming("c"), incoming("d")] };
    const bus = await world.bus({ services: [owner], middleware });
    await bus.send(Act, { n: 1 });
    await world.settle();
    expect(log).toEqual([
      "out a send owner.act",
      "out b send owner.act",
      "in c owner a+b",
      "in d owner a+b",
      "handler",
      "after d",
      "after c",
    ]);
    expect(bus.explain().outgoing).toEqual([
      "validate",
      "stamp",
      "middleware a",
      "middleware b",
      "encode",
      "store",
    ]);
  });

  it("that throws fails the try; outgoing middleware that does not call next fails the message", async () => {
    const refusing = { name: "guard", run: () => Promise.reject(new Error("not allowed")) };
    const owner = service("owner", { recovery: ONE_TRY }).handle(Act, () => undefined);
    const bus = await world.bus({ services: [owner], middleware: { incoming: [refusing] } });
    await bus.send(Act, { n: 1 });
    await world.settle();
    expect(await bus.deadLetters("owner").list()).toMatchObject([{ failure: { message: "not allowed" } }]);
    const forgetful = { name: "forgetful", run: () => undefined };
    const other = await world.bus({ sends: [Act], middleware: { outgoing: [forgetful] } });
    expect(await failureOf(other.send(Act, { n: 1 }))).toMatchObject({ code: "invalid-option" });
  });

  it("may not add extensions that CloudEvents does not allow", async () => {
    const bus = await world.bus({ sends: [Act] });
    for (const extensions of [{ Tenant: "x" }, { id: "x" }, { data: "x" }, { ok: 1.5 }, { ok: {} as never }])
      expect(await failureOf(bus.send(Act, { n: 1 }, { extensions }))).toMatchObject({
        code: "not-serializable",
      });
  });
});

describe("onFinished", () => {
  it("is called when the handler's messages are stored, and when the try has failed", async () => {
    const stored: number[] = [];
    const ready = (): number =>
      world.broker.depth({ kind: "queue", name: Act.name, group: "nobody", lanes: undefined }).ready;
    const ear = service("ear", { recovery: { immediate: 1, delayed: false } }).on(
      Happened,
      async ({ n }, { send, onFinished }) => {
        onFinished(() => {
          stored.push(ready());
          throw new Error("ignored");
        });
        await send(Act, { n });
        if (stored.length === 0) throw new Error("once");
      },
    );
    const bus = await world.bus({ services: [ear], sends: [Act] });
    await bus.publish(Happened, { n: 1 });
    await world.settle();
    expect(stored).toEqual([0, 1]);
    expect(await bus.deadLetters("ear").list()).toEqual([]);
  });
});
