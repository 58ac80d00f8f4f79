import type { WireMessage } from "@waybill/core/transport";

/** Short names of messages, such as `shop.place-order #2`, numbered by type in the order of their first event. */
export class Labels {
  readonly #labels = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of({ id, type }: WireMessage): string {
    const known = this.#labels.get(id);
    if (known !== undefined) return known;
    const name = type ?? "message";
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const label = `${name} #${count}`;
    this.#labels.set(id, label);
    return label;
  }
}

/** Returns the data of a message if its body is JSON, else its bytes. */
export function dataOf({ body, contentType }: WireMessage): unknown {
  if (!contentType.includes("json")) return body;
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(body));
    const isEnvelope = contentType.includes("cloudevents") && typeof content === "object" && content !== null;
    return isEnvelope ? Reflect.get(content, "data") : content;
  } catch {
    return body;
  }
}
