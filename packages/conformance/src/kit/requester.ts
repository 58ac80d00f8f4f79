import { ACK, type ReplyInbox, type Source, type Transport, type WireMessage } from "@waybill/core/transport";
import type { Consumer } from "./consumer.ts";
import type { Queue } from "./generate/destinations.ts";
import { plainMessage, text } from "./generate/messages.ts";
import type { Stage } from "./stage.ts";

/** The headers that connect the kit's requests and replies, as core's correlation id does inside the envelope. */
export const REPLY_TO = "kit-reply-to";
export const IN_REPLY_TO = "kit-answers";

/** An instance with a reply inbox and the replies it received. */
export interface Requester {
  readonly transport: Transport;
  readonly inbox: ReplyInbox;
  readonly replies: WireMessage[];
  /** Sends a request to a queue. Returns the id of the request, which the reply repeats. */
  request(queue: Queue): Promise<string>;
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
    async request(queue) {
      const request = queue.message({ headers: { [REPLY_TO]: inbox.address } });
      await stage.store(transport, [request]);
      return request.id;
    },
  };
}

/** Starts a member that replies to every request at its reply address, then acknowledges it. */
export function answerRequests(stage: Stage, transport: Transport, source: Source): Promise<Consumer> {
  return stage.consume(transport, source, {
    async handler({ message, tag }) {
      const address = message.headers[REPLY_TO];
      if (address !== undefined) await transport.publish([replyTo(stage, address, tag)]);
      return ACK;
    },
  });
}

/** Returns a reply to a request. */
export function replyTo(stage: Stage, address: string, request: string): WireMessage {
  return plainMessage({
    id: stage.names.id(),
    to: { kind: "reply", address },
    headers: { [IN_REPLY_TO]: request },
    body: text(`the reply to ${request}`),
  });
}
