import { refusal } from "@waybill/core/transport-kit";
import type { PublishFailure } from "@waybill/core/transport";

/** amqplib writes a table with this key as a value of the named type, even if it is a foreign table. */
const TYPE_KEY = "!";

interface Typed {
  readonly "!": unknown;
  readonly value: unknown;
}

/**
 * Whether amqplib writes header values as it has read them. It would write a foreign table `{"!": "double", "value": "abc"}`
 * as NaN. RabbitMQ then closes the connection, with all consumers of the process, and the message ends the next one too.
 */
export function isEncodable(headers: unknown): boolean {
  const left: unknown[] = [headers];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "number" && !Number.isFinite(value)) return false;
    if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) continue;
    if (!isPlain(value)) return false;
    if (TYPE_KEY in value) {
      if (!isAsRead(value as Typed)) return false;
    } else for (const each of Object.values(value)) left.push(each);
  }
  return true;
}

/** Returns why foreign headers cannot be written unchanged, if they cannot. */
export function encodingProblem(headers: unknown): PublishFailure | undefined {
  if (isEncodable(headers)) return undefined;
  return refusal(
    "rejected",
    "Its headers contain a table that amqplib would write as a value of another type.",
  );
}

/** Whether a value has no foreign prototype. amqplib would write the fields of a foreign `__proto__` as the table's own. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/** Whether a typed value has one of the two forms that amqplib reads. */
function isAsRead({ "!": type, value }: Typed): boolean {
  if (type === "timestamp") return isCount(value);
  if (type !== "decimal" || typeof value !== "object" || value === null) return false;
  return "places" in value && isCount(value.places) && "digits" in value && isCount(value.digits);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
