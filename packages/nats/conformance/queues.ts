import {
  ACK,
  NO_HEADERS,
  type Delivery,
  type Settlement,
  type Source,
  type Topology,
  type Transport,
  type WireMessage,
} from "@waybill/core/transport";

export const NOTHING: Topology = { queues: [], topics: [], groups: [], services: [] };

export function topologyOf(name: string): Topology {
  return { ...NOTHING, queues: [{ name, lanes: undefined }], services: [name] };
}

export function sourceOf(name: string) {
  return { kind: "queue", name, group: name, lanes: undefined } as const;
}

let count = 0;

export function messageTo(name: string): WireMessage {
  return {
    id: `message ${count++}`,
    destination: { kind: "queue", name },
    type: undefined,
    correlationId: undefined,
    key: undefined,
    lane: undefined,
    deliverAt: undefined,
    contentType: "text/plain",
    headers: NO_HEADERS,
    body: new TextEncoder().encode("hello"),
  };
}

/** Returns the deliveries of a queue as they arrive. Each is acknowledged by default. */
export function consumed(
  transport: Transport,
  name: string,
  answer: (delivery: Delivery) => Settlement = () => ACK,
): Promise<readonly Delivery[]> {
  return consumedFrom(transport, sourceOf(name), answer);
}

export async function consumedFrom(
  transport: Transport,
  source: Source,
  answer: (delivery: Delivery) => Settlement = () => ACK,
): Promise<readonly Delivery[]> {
  const seen: Delivery[] = [];
  const subscription = await transport.subscribe(source, (delivery) => {
    seen.push(delivery);
    return Promise.resolve(answer(delivery));
  });
  subscription.credit(10);
  return seen;
}

export async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}
