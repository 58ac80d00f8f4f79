import { describeThrown, provisioning } from "@waybill/core/transport-kit";
import type { Drift } from "@waybill/core/transport";
import type { Channels } from "../connection/channels.ts";
import { declare, type Declaration } from "./declarations.ts";
import { isInequivalent, isLocked } from "../errors.ts";

/** RabbitMQ's error about the first differing property: `inequivalent arg 'x' for queue 'q' in vhost '/': received … but current is …`. */
const INEQUIVALENT = /inequivalent arg '([^']+)' for .*?: received (.+?) but current is (.+?)"?$/s;
const VALUE = /^(?:the value )?'(.*?)'(?: of type '(\w+)')?$/s;

/**
 * Returns the differences between an existing entity and its declaration. RabbitMQ reports one difference at a time, so each
 * declaration accepts the differences that were found before.
 */
export async function differences(channels: Channels, wanted: Declaration): Promise<readonly Drift[]> {
  const entity = `${wanted.kind} ${wanted.name}`;
  const found: Drift[] = [];
  for (let asked = wanted; ;) {
    const { declaration } = { declaration: asked };
    try {
      await channels.run((channel) => declare(channel, declaration));
      return found;
    } catch (error) {
      if (isLocked(error))
        return [...found, provisioning.different(entity, "exclusive", { expected: "false", actual: "true" })];
      const [, property, received = "", current = ""] = INEQUIVALENT.exec(describeThrown(error)) ?? [];
      if (!isInequivalent(error) || property === undefined) throw error;
      if (found.some((drift) => drift.property === property)) return found;
      found.push(
        provisioning.different(entity, property, { expected: shown(received), actual: shown(current) }),
      );
      asked = accepted(asked, property, current);
    }
  }
}

/** Returns the declaration with one property as RabbitMQ has it. */
function accepted(declaration: Declaration, property: string, current: string): Declaration {
  const value = valueOf(current);
  if (property === "durable") return { ...declaration, durable: value === "true" };
  if (property === "type") return { ...declaration, type: String(value) };
  const { [property]: _, ...others } = declaration.arguments;
  return { ...declaration, arguments: value === undefined ? others : { ...others, [property]: value } };
}

/** Returns the value in RabbitMQ's text; undefined for `none`. */
function valueOf(text: string): unknown {
  const [, value, type] = VALUE.exec(text) ?? [];
  if (value === undefined) return undefined;
  if (type === "bool") return value === "true";
  return type === undefined || type === "longstr" ? value : Number(value);
}

function shown(text: string): string {
  return VALUE.exec(text)?.[1] ?? text;
}
