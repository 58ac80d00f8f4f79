import { expect, it } from "vitest";
import type { ServerLink } from "../connection/connection.ts";
import { OtherServices } from "./other-services.ts";

/** A subject that delivers each message to all subscribers, as NATS does. */
function subject() {
  const listeners: ((text: string) => void)[] = [];
  const published: string[] = [];
  const publish = (text: string): void => {
    published.push(text);
    for (const listener of [...listeners]) listener(text);
  };
  const link = (): ServerLink =>
    ({
      nc: {
        isClosed: () => false,
        publish: (_: string, text: string) => publish(text),
        subscribe: (_: string, { callback }: { callback: (error: null, msg: object) => void }) =>
          void listeners.push((text) => callback(null, { string: () => text })),
      },
    }) as unknown as ServerLink;
  const service = (name: string): string[] => {
    const others: string[] = [];
    new OtherServices({ subject: "s", service: name, onOther: (other) => void others.push(other) }).open(
      link(),
    );
    return others;
  };
  return { service, publish, published };
}

it("report each other once when two services read the same queue", () => {
  const { service } = subject();
  const [first, twin] = [service("shop"), service("shop")];
  expect([...first, ...twin]).toEqual([]);
  const other = service("store");
  expect([first, twin, other]).toEqual([["store"], ["store"], ["shop"]]);
  service("store");
  expect([first, twin, other]).toEqual([["store"], ["store"], ["shop"]]);
});

it("reports a bounded number of services, and no invalid name", () => {
  const { service, publish, published } = subject();
  const heard = service("shop");
  for (const text of ["a name\nwith a line", "x".repeat(300), ">", ""]) publish(text);
  for (let at = 0; at < 1_000; at++) publish(`ghost-${at}`);
  expect(heard).toHaveLength(10);
  expect(published.filter((text) => text === "shop").length).toBeLessThanOrEqual(11);
});
