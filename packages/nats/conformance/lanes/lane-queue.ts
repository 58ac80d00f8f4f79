import { jetstream, type JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { ACK, NO_HEADERS, type Delivery, type Transport, type WireMessage } from "@waybill/core/transport";
import { expect } from "vitest";
import { OWNER, consumerName, lanesToken, ownerSubject, queueStream } from "../../src/topology/names.ts";

/** The lease of lanes and messages, in seconds. */
export const LEASE_S = 1;
/** The most messages that a member has in flight. */
export const WINDOW = 4;

/** A queue with two lanes and its members. */
export interface LaneQueue {
  /** The common tokens of the lanes' subjects. */
  readonly lanes: string;
  /** The deliveries of all members. */
  readonly seen: Delivery[];
  readonly publish: (...messages: (readonly [lane: number, id: string])[]) => Promise<unknown>;
  /** Adds a member whose handlers wait for a promise, if one is given. */
  readonly join: (mayContinue?: Promise<void>) => Promise<Transport>;
  /** Returns the claims of a lane from now on: the id of its owner, or an empty text for a release. */
  readonly claims: (lane: number) => readonly string[];
}

/** The connections that a lane queue uses. */
interface Connections {
  readonly nc: NatsConnection;
  readonly open: () => Promise<Transport>;
}

export async function laneQueue(name: string, { nc, open }: Connections): Promise<LaneQueue> {
  const publisher = await open();
  const queues = [{ name, lanes: 2 }];
  await publisher.provision({ queues, topics: [], groups: [], services: [] }, "apply");
  const lanes = lanesToken(queueStream(name), OWNER);
  const seen: Delivery[] = [];
  return {
    lanes,
    seen,
    publish: (...messages) => publisher.publish(messages.map(([lane, id]) => messageTo(name, { lane, id }))),
    join: async (mayContinue = Promise.resolve()) => {
      const member = await open();
      const source = { kind: "queue", name, group: name, lanes: 2 } as const;
      const subscription = await member.subscribe(source, async (delivery) => {
        seen.push(delivery);
        await mayContinue;
        return ACK;
      });
      subscription.credit(WINDOW);
      return member;
    },
    claims: (lane) => {
      const owners: string[] = [];
      nc.subscribe(ownerSubject(lanes, lane), { callback: (_, msg) => void owners.push(msg.string()) });
      return owners;
    },
  };
}

/** Returns the stream of a queue's lanes, and the consumer of one of them. */
export function consumerOf(lanes: string, lane: number): [stream: string, consumer: string] {
  const [stream = ""] = lanes.split(/\.(?=[^.]*$)/);
  return [stream, consumerName(OWNER, lane)];
}

/**
 * Claims lane 1 and receives its first message, as an owner does. Returns a function with which the test lets this
 * owner die.
 */
export async function deadOwner(
  nc: NatsConnection,
  lanes: string,
  id: string,
): Promise<{ readonly die: () => void }> {
  const js = jetstream(nc);
  await js.publish(ownerSubject(lanes, 1), "a dead owner");
  const received: JsMsg | null = await (await js.consumers.get(...consumerOf(lanes, 1))).next();
  expect(received?.headers?.get("Nats-Msg-Id")).toBe(id);
  const renewal = setInterval(() => received?.working(), (LEASE_S * 1_000) / 10);
  return {
    die: () => {
      clearInterval(renewal);
      received?.working();
    },
  };
}

function messageTo(name: string, { lane, id }: { readonly lane: number; readonly id: string }): WireMessage {
  return {
    id,
    destination: { kind: "queue", name },
    body: new TextEncoder().encode("{}"),
    contentType: "application/json",
    headers: NO_HEADERS,
    type: "placed",
    correlationId: undefined,
    key: String(lane),
    lane,
    deliverAt: undefined,
  };
}
