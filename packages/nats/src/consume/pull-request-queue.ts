import type { Msg, Subscription } from "@nats-io/transport-node";
import { heard, type ServerLink } from "../connection/connection.ts";

/** The line of requests of a consumer, and where one of ours stands for its answers. */
export interface PullRequestQueue {
  readonly stream: string;
  readonly consumer: string;
  /** Hears the answers to the requests that are to leave. */
  readonly inbox: Subscription;
}

/** Asks a consumer for messages. */
export function ask(
  { nc, writes, api }: ServerLink,
  { stream, consumer }: Omit<PullRequestQueue, "inbox">,
  [body, reply]: Request,
): void {
  const subject = `${api}.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
  // The end of a connection is told a little later than it comes.
  if (!nc.isClosed()) writes.publish({ subject, body: Buffer.from(body), reply });
}

type Request = readonly [request: string, reply: string];

/**
 * Takes our requests out of the line, so that what is given back afterwards keeps its order. A request that nobody
 * listens for stays in line, and what comes again is tried on it first and then put last, behind what follows it
 * (nats-server, loopAndGatherMsgs); to be asked makes the server clear the line. Requests are taken one after the other:
 * the answer to one that does not wait says that those before it are in line by then.
 * @param reply a subject of its own, for that one
 * @param keep what is sent instead of an answer
 */
export async function leaveLine(
  link: ServerLink,
  line: PullRequestQueue,
  { reply, keep }: { readonly reply: string; readonly keep: (msg: Msg) => void },
): Promise<void> {
  await new Promise<void>((resolve) => {
    const hear = heard((msg) => {
      keep(msg);
      answer.unsubscribe();
      resolve();
    });
    const answer = link.nc.subscribe(reply, hear);
    ask(link, line, ['{"batch":1,"no_wait":true}', reply]);
  });
  await line.inbox.drain().catch(() => undefined);
  await link.jsm.consumers.info(line.stream, line.consumer).catch(() => undefined);
}
