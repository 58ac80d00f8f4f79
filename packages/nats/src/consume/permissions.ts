import { headers } from "@nats-io/transport-node";
import { MessagingError, type Source } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import { deadLettersSubject } from "../topology/names.ts";
import type { Origin } from "./forward.ts";

/** What consuming needs: a subject to publish to, and how to do so without effect. */
interface Need {
  readonly subject: string;
  readonly publish: (link: ServerLink) => void;
  /** What a user who may not cannot do, and what to allow. */
  readonly what: string;
  readonly allow: string;
}

interface Trial {
  readonly needs: readonly Need[];
  /** The first that was refused, and why. */
  refused: { readonly need: Need; readonly reason: string } | undefined;
}

/**
 * Whether this user may consume. A server tells it of what was tried, and of that only: a user who may not ask for messages
 * would wait for ever, one who may not answer would get each again, and one who may not store dead letters would keep the first
 * message that fails in hand.
 */
export class Permissions {
  readonly #trials = new Set<Trial>();

  /** Answers whether somebody waits to know. */
  refuse(subject: string, reason: string): boolean {
    let isAwaited = false;
    for (const trial of this.#trials) {
      const need = trial.needs.find((one) => one.subject === subject);
      if (need === undefined) continue;
      isAwaited = true;
      trial.refused ??= { need, reason };
    }
    return isAwaited;
  }

  /**
   * Tries what consuming from a source needs, so that it has no effect, and then asks something: the server refuses before
   * it answers. @throws MessagingError `not-permitted`, or what `ask` throws
   */
  async tried<Answer>(
    link: ServerLink,
    { source, origin }: { readonly source: Source; readonly origin: Origin | undefined },
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const trial: Trial = { needs: needsOf(source, origin, link), refused: undefined };
    this.#trials.add(trial);
    try {
      if (!link.nc.isClosed()) for (const { publish } of trial.needs) publish(link);
      const answer = await ask();
      if (trial.refused === undefined) return answer;
      const { need, reason } = trial.refused;
      throw new MessagingError("not-permitted", {
        what: `NATS does not let this user ${need.what}: ${reason}.`,
        advice: `Allow publishing to ${need.allow}.`,
      });
    } finally {
      this.#trials.delete(trial);
    }
  }
}

function needsOf(source: Source, origin: Origin | undefined, { api }: ServerLink): readonly Need[] {
  const needs: Need[] = [];
  if (origin !== undefined) {
    const { stream, consumer } = origin;
    const common = {
      what: `work with consumer ${consumer} of stream ${stream}`,
      allow: "$JS.API.CONSUMER.MSG.NEXT.> and $JS.ACK.>",
    };
    // Nobody is named to send messages to; and of the messages that are out, none is the 0th.
    const next = `${api}.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    const answer = `$JS.ACK.${stream}.${consumer}.1.0.0.0.0`;
    needs.push(
      { subject: next, publish: ({ nc }) => nc.publish(next), ...common },
      { subject: answer, publish: ({ nc }) => nc.publish(answer, "+WPI"), ...common },
    );
  }
  if (source.kind !== "dead-letters") {
    const subject = deadLettersSubject(source.group);
    const what = `store the dead letters of ${source.group}`;
    needs.push({
      subject,
      publish: ({ nc }) => nc.publish(subject, "", { headers: nowhere() }),
      what,
      allow: subject,
    });
  }
  return needs;
}

/** No stream may be called that: what expects it is stored in none (NATS: JetStream wire API, headers of a publish). */
function nowhere() {
  const block = headers();
  block.set("Nats-Expected-Stream", ".");
  return block;
}
