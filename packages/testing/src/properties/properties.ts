import type { Property } from "./property.ts";

/** Every stored command was handled, or is a dead letter. */
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
        : `${first} was stored but never handled (${waiting.size} such in all)`;
    },
  };
}

/** No message was given up. */
export function noDeadLetters(): Property {
  return {
    name: "no dead letters",
    judge({ history }) {
      const letter = history.find(
        ({ what, settlement }) => what === "answers" && settlement === "dead-letter",
      );
      return letter && `${letter.service ?? "?"} gave up ${letter.message?.type ?? "?"}`;
    },
  };
}

/** Every effect of a name happened exactly once for each key, or once for each of the keys given and for no other. */
export function exactlyOnce(name: string, keys?: readonly (string | number)[]): Property {
  return {
    name: `${name} happens exactly once`,
    judge({ effects }) {
      const counts = new Map<string, number>((keys ?? []).map((key) => [String(key), 0]));
      for (const effect of effects)
        if (effect.name === name) counts.set(effect.key, (counts.get(effect.key) ?? 0) + 1);
      for (const [key, count] of counts) {
        if (keys !== undefined && !keys.map(String).includes(key))
          return `${name} happened for ${key}, which nobody asked for`;
        if (count !== 1) return `${name} happened ${times(count)} for ${key}`;
      }
      return undefined;
    },
  };
}

/** No effect of a name happened twice for one key. */
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

/** Messages of one key reach each service in the order in which they were stored, the first time they do. */
export function orderPerKey(): Property {
  return {
    name: "equal keys keep their order",
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
          return `${service} got ${message.type} of key ${message.key} after a later one`;
        latest.set(stream, place);
      }
      return undefined;
    },
  };
}

/** Every reply that a client got answers a request that was stored before, and each request gets one. */
export function repliesCorrelate(): Property {
  return {
    name: "replies correlate",
    judge({ history }) {
      const conversations = new Set<string>();
      for (const { what, message } of history) {
        if (message?.correlationId === undefined) continue;
        if (what === "stored" && message.destination.kind === "queue")
          conversations.add(message.correlationId);
        if (what === "gets the reply" && !conversations.has(message.correlationId))
          return `a reply ${message.type ?? ""} answers nothing that was asked`;
      }
      return undefined;
    },
  };
}

function times(count: number): string {
  return count === 0 ? "never" : count === 2 ? "twice" : `${count} times`;
}
