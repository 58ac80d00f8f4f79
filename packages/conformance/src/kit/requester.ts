import type { ReplyInbox, Source, Transport, WireMessage } from "@waybill/core/transport";
import { ACK } from "@waybill/core/transport";
import type { Consumer } from "./consumer.ts";
import { plainMessage, text } from "./generate/messages.ts";
import type { Queue } from "./generate/places.ts";
import type { Stage } from "./stage.ts";

/** The headers by which the kit's requests and replies find each other, as core's correlation does inside the envelope. */
export const REPLY_TO = "kit-reply-to";
export const ANSWERS = "kit-answers";

/** An instance with a reply inbox, and what came into it. */
export interface Requester {
  readonly transport: Transport;
  readonly inbox: ReplyInbox;
  readonly replies: WireMessage[];
  /** Asks through a queue; returns the request's id, which the reply repeats. */
  ask(queue: Queue): Promise<string>;
}

export async function makeRequester(stage: Stage, transport: Transport): Promise<Requester> {
  const replies: WireMessage[] = [];
  const inbox = await stage.time.finish(
    "openReplyInbox",
    transport.openReplyInbox((reply) => replies.push(reply)),
  );
  return {
    transport,
    inbox,
    replies,
    async ask(queue) {
      const request = queue.message({ headers: { [REPLY_TO]: inbox.address } });
      await stage.store(transport, [request]);
      return request.id;
    },
  };
}

/** A member that answers every request to the address it carries, then acknowledges. */
export function answerRequests(stage: Stage, transport: Transport, source: Source): Promise<Consumer> {
  return stage.consume(transport, source, {
    async answer({ message, tag }) {
      const address = message.headers[REPLY_TO];
      if (address !== undefined) await transport.publish([replyTo(stage, address, tag)]);
      return ACK;
    },
  });
}

/** A reply as the kit writes it. */
export function replyTo(stage: Stage, address: string, request: string): WireMessage {
  return plainMessage({
    id: stage.names.id(),
    to: { kind: "reply", address },
    headers: { [ANSWERS]: request },
    body: text(`the answer to ${request}`),
  });
}
