import { JetStreamApiError } from "@nats-io/jetstream";
import { describe, expect, it } from "vitest";
import { ConsumerExistence } from "./consumer-existence.ts";
import type { ServerLink } from "../connection/connection.ts";
import { API } from "../errors.ts";

const NEEDED = { stream: "topic-shop=placed", consumer: "billing" };

/** A link on which one thing is answered about every consumer, and what was asked. */
function linkThat(answer: () => Promise<unknown>): { readonly link: ServerLink; readonly asked: string[] } {
  const asked: string[] = [];
  const info = (stream: string, consumer: string): Promise<unknown> => {
    asked.push(`${stream} ${consumer}`);
    return answer();
  };
  return { link: { jsm: { consumers: { info } } } as unknown as ServerLink, asked };
}

describe("Audience", () => {
  it("knows who is there once it has asked, until it forgets", async () => {
    const audience = new ConsumerExistence();
    const { link, asked } = linkThat(() => Promise.resolve({}));
    expect([audience.has(undefined), audience.has(NEEDED)]).toEqual([true, false]);
    const missing = audience.missing(link, NEEDED);
    expect(audience.isAsking).toBe(true);
    expect(await missing).toBeUndefined();
    expect([audience.isAsking, audience.has(NEEDED)]).toEqual([false, true]);
    expect(asked).toEqual(["topic-shop=placed billing"]);
    audience.forget();
    expect(audience.has(NEEDED)).toBe(false);
  });

  it.each([
    [
      "is not there",
      new JetStreamApiError({ code: 404, err_code: API.consumerNotFound, description: "consumer not found" }),
      "unroutable",
    ],
    ["cannot be asked about", new Error("timeout"), "disconnected"],
  ])("says why nobody gets what is for a consumer that %s, and asks again", async (_, error, code) => {
    const audience = new ConsumerExistence();
    const { link } = linkThat(() => Promise.reject(error));
    expect(await audience.missing(link, NEEDED)).toMatchObject({ code, maybeStored: false });
    expect([audience.isAsking, audience.has(NEEDED)]).toEqual([false, false]);
  });
});
