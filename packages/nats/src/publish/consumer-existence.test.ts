import { JetStreamApiError } from "@nats-io/jetstream";
import { describe, expect, it } from "vitest";
import { ConsumerExistence } from "./consumer-existence.ts";
import type { ServerLink } from "../connection/connection.ts";
import { API } from "../errors.ts";

const REQUIRED = { stream: "topic-shop=placed", consumer: "billing" };

/** A link with one answer for every lookup of a consumer, and the lookups. */
function linkThat(answer: () => Promise<unknown>): { readonly link: ServerLink; readonly lookups: string[] } {
  const lookups: string[] = [];
  const info = (stream: string, consumer: string): Promise<unknown> => {
    lookups.push(`${stream} ${consumer}`);
    return answer();
  };
  return { link: { jsm: { consumers: { info } } } as unknown as ServerLink, lookups };
}

describe("the existence of a consumer", () => {
  it("is looked up once and then known, until it is forgotten", async () => {
    const existence = new ConsumerExistence();
    const { link, lookups } = linkThat(() => Promise.resolve({}));
    expect([existence.isKnown(undefined), existence.isKnown(REQUIRED)]).toEqual([true, false]);
    const failure = existence.lookUp(link, REQUIRED);
    expect(existence.isLookingUp).toBe(true);
    expect(await failure).toBeUndefined();
    expect([existence.isLookingUp, existence.isKnown(REQUIRED)]).toEqual([false, true]);
    expect(lookups).toEqual(["topic-shop=placed billing"]);
    existence.forget();
    expect(existence.isKnown(REQUIRED)).toBe(false);
  });

  it.each([
    [
      "does not exist",
      new JetStreamApiError({ code: 404, err_code: API.consumerNotFound, description: "consumer not found" }),
      "unroutable",
    ],
    ["cannot be looked up", new Error("timeout"), "disconnected"],
  ])(
    "stays unknown if the consumer %s: the lookup returns the failure and may be repeated",
    async (_, error, code) => {
      const existence = new ConsumerExistence();
      const { link } = linkThat(() => Promise.reject(error));
      expect(await existence.lookUp(link, REQUIRED)).toMatchObject({ code, maybeStored: false });
      expect([existence.isLookingUp, existence.isKnown(REQUIRED)]).toEqual([false, false]);
    },
  );
});
