import { expect, it } from "vitest";
import type { ServerLink } from "../connection/connection.ts";
import { OtherServices } from "./other-services.ts";

/** A subject that hands each word to all who listen, as NATS does. */
function subject() {
  const listeners: ((text: string) => void)[] = [];
  const said: string[] = [];
  const say = (text: string): void => {
    said.push(text);
    for (const listener of [...listeners]) listener(text);
  };
  const link = (): ServerLink =>
    ({
      nc: {
        isClosed: () => false,
        publish: (_: string, text: string) => say(text),
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
  return { service, say, said };
}

it("names another service that reads the same queue, to both sides and once each", () => {
  const { service } = subject();
  const [first, twin] = [service("shop"), service("shop")];
  expect([...first, ...twin]).toEqual([]);
  const other = service("store");
  expect([first, twin, other]).toEqual([["store"], ["store"], ["shop"]]);
  service("store");
  expect([first, twin, other]).toEqual([["store"], ["store"], ["shop"]]);
});

it("believes few names, and none that is no name", () => {
  const { service, say, said } = subject();
  const heard = service("shop");
  for (const text of ["a name\nwith a line", "x".repeat(300), ">", ""]) say(text);
  for (let at = 0; at < 1_000; at++) say(`ghost-${at}`);
  expect(heard).toHaveLength(10);
  expect(said.filter((text) => text === "shop").length).toBeLessThanOrEqual(11);
});
