import { headers } from "@nats-io/transport-node";
import { MessagingError, type Source } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import { deadLettersSubject } from "../topology/names.ts";
import type { SourceConsumer } from "../topology/sources.ts";

/** A permission that a consumer needs: to publish to a subject. */
interface RequiredPermission {
  readonly subject: string;
  /** Publishes a message without effect. */
  readonly publish: (link: ServerLink) => void;
  /** The action that fails without the permission, for the error text. */
  readonly what: string;
  /** The subjects to allow, for the error text. */
  readonly allow: string;
}

interface Probe {
  readonly required: readonly RequiredPermission[];
  /** The first permission that the server refused. */
  refused: { readonly permission: RequiredPermission; readonly reason: string } | undefined;
}

/**
 * Checks that this user may consume. A server reports a missing permission only when the user publishes. A user without
 * the permission to pull would wait for ever; one without the permission to acknowledge would receive each message again;
 * one without the permission to store dead letters could never settle the first message that fails.
 */
export class Permissions {
  readonly #probes = new Set<Probe>();

  /** Processes a refusal of the server. Returns whether a probe is waiting for it. */
  refuse(subject: string, reason: string): boolean {
    let isAwaited = false;
    for (const probe of this.#probes) {
      const permission = probe.required.find((one) => one.subject === subject);
      if (permission === undefined) continue;
      isAwaited = true;
      probe.refused ??= { permission, reason };
    }
    return isAwaited;
  }

  /**
   * Tries each permission that the source needs, without effect, then calls `ask` and returns its answer. The server
   * reports refusals before it answers. @throws MessagingError `not-permitted`, or an error of `ask`
   */
  async probe<Answer>(
    link: ServerLink,
    { source, consumer }: { readonly source: Source; readonly consumer: SourceConsumer | undefined },
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const probe: Probe = { required: requiredFor(source, consumer, link), refused: undefined };
    this.#probes.add(probe);
    try {
      if (!link.nc.isClosed()) for (const { publish } of probe.required) publish(link);
      const answer = await ask();
      if (probe.refused === undefined) return answer;
      const { permission, reason } = probe.refused;
      throw new MessagingError("not-permitted", {
        what: `NATS does not let this user ${permission.what}: ${reason}.`,
        advice: `Allow publishing to ${permission.allow}.`,
      });
    } finally {
      this.#probes.delete(probe);
    }
  }
}

function requiredFor(
  source: Source,
  consumer: SourceConsumer | undefined,
  { api }: ServerLink,
): readonly RequiredPermission[] {
  const required: RequiredPermission[] = [];
  if (consumer !== undefined) {
    const { stream, name } = consumer;
    const common = {
      what: `consume from consumer ${name} of stream ${stream}`,
      allow: "$JS.API.CONSUMER.MSG.NEXT.> and $JS.ACK.>",
    };
    // The request has no reply subject, and no message has the sequence 0, so the server does nothing.
    const next = `${api}.CONSUMER.MSG.NEXT.${stream}.${name}`;
    const answer = `$JS.ACK.${stream}.${name}.1.0.0.0.0`;
    required.push(
      { subject: next, publish: ({ nc }) => nc.publish(next), ...common },
      { subject: answer, publish: ({ nc }) => nc.publish(answer, "+WPI"), ...common },
    );
  }
  if (source.kind !== "dead-letters") {
    const subject = deadLettersSubject(source.group);
    const what = `store the dead letters of ${source.group}`;
    required.push({
      subject,
      publish: ({ nc }) => nc.publish(subject, "", { headers: impossibleStream() }),
      what,
      allow: subject,
    });
  }
  return required;
}

/** Returns headers with which no stream stores the message: they expect a stream with an impossible name (NATS: JetStream wire API, headers of a publish). */
function impossibleStream() {
  const block = headers();
  block.set("Nats-Expected-Stream", ".");
  return block;
}
