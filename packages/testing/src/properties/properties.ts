import type { Property } from "./property.ts";

/** Returns the property that every stored command is handled or dead-lettered. */
export function everyCommandHandled(): Property {
  return {
    name: "every command is handled",
    judge({ history }) {
      const waiting = new Map<string, string>();
      for (const { what, message, settlement } of history) {
        if (message === undefined || message.destination.kind !== "queue") continue;
        if (what === "stored") waiting.set(message.id, message.type ?? "?");
        if (what === "settled" && (settlement === "ack" || settlement === "dead-letter"))
          waiting.delete(message.id);
      }
      const [first] = waiting.values();
      return first === undefined
        ? undefined
        : `${first} was stored but never handled (unhandled commands in total: ${waiting.size})`;
    },
  };
}

/** Returns the property that no message is dead-lettered. */
export function noDeadLetters(): Property {
  return {
    name: "no dead letters",
    judge({ history }) {
      const letter = history.find(
        ({ what, settlement }) => what === "answers" && settlement === "dead-letter",
      );
      return letter && `${letter.service ?? "?"} dead-lettered ${letter.message?.type ?? "?"}`;
    },
  };
}

/**
 * Returns the property that an effect happens exactly once for each of its keys.
 * @param keys the expected keys: the effect must happen for each of them and for no other. Default: the keys that occur.
 */
export function exactlyOnce(name: string, keys?: readonly (string | number)[]): Property {
  return {
    name: `${name} happens exactly once`,
    judge({ effects }) {
      const counts = new Map<string, number>((keys ?? []).map((key) => [String(key), 0]));
      for (const effect of effects)
        if (effect.name === name) counts.set(effect.key, (counts.get(effect.key) ?? 0) + 1);
      for (const [key, count] of counts) {
        if (keys !== undefined && !keys.map(String).includes(key))
          return `${name} happened for ${key}, which is not an expected key`;
        if (count !== 1) return `${name} happened ${times(count)} for ${key}`;
      }
      return undefined;
    },
  };
}

/** Returns the property that an effect happens at most once for each key. */
export function atMostOnce(name: string): Property {
  return {
    name: `${name} happens at most once`,
    judge({ effects }) {
      const seen = new Set<string>();
      for (const effect of effects) {
        if (effect.name !== name) continue;
        if (seen.has(effect.key)) return `${name} happened twice for ${effect.key}`;
        seen.add(effect.key);
      }
      return undefined;
    },
  };
}

/** Returns the property that each service first receives the messages of one type and key in the order of their storage. */
export function orderPerKey(): Property {
  return {
    name: "messages of one key keep their order",
    judge({ history }) {
      const stored = new Map<string, number>();
      const latest = new Map<string, number>();
      const begun = new Set<string>();
      for (const [at, { what, message, service, attempt }] of history.entries()) {
        if (message?.key === undefined) continue;
        if (what === "stored" && !stored.has(message.id)) stored.set(message.id, at);
        const place = stored.get(message.id);
        if (what !== "receives" || place === undefined || attempt !== 1) continue;
        const first = `${service} ${message.id}`;
        if (begun.has(first)) continue;
        begun.add(first);
        const stream = `${service} ${message.type} ${message.key}`;
        if ((latest.get(stream) ?? -1) > place)
          return `${service} received ${message.type} of key ${message.key} after a later message of that key`;
        latest.set(stream, place);
      }
      return undefined;
    },
  };
}

/** Returns the property that every reply that a client receives answers a request that was stored before. */
export function repliesCorrelate(): Property {
  return {
    name: "every reply answers a request",
    judge({ history }) {
      const conversations = new Set<string>();
      for (const { what, message } of history) {
        if (message?.correlationId === undefined) continue;
        if (what === "stored" && message.destination.kind === "queue")
          conversations.add(message.correlationId);
        if (what === "receives the reply" && !conversations.has(message.correlationId))
          return `the reply ${message.type ?? "of unknown type"} answers no stored request`;
      }
      return undefined;
    },
  };
}

function times(count: number): string {
  return count === 0 ? "never" : count === 2 ? "twice" : `${count} times`;
}
