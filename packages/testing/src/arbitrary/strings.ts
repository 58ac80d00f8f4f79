import {
  type Arbitrary,
  date,
  domain,
  emailAddress,
  ipV4,
  ipV6,
  oneof,
  string,
  stringMatching,
  uuid,
  webUrl,
} from "fast-check";
import type { JsonSchema } from "./json-schema.ts";

/** Returns an arbitrary of strings with the format, pattern and length of a JSON Schema. */
export function stringsOf({ format, pattern, minLength = 0, maxLength }: JsonSchema): Arbitrary<string> {
  const formatted = format === undefined ? undefined : FORMATS[format]?.();
  const rule = pattern === undefined ? undefined : new RegExp(pattern, "u");
  if (formatted !== undefined)
    return rule === undefined ? formatted : formatted.filter((text) => rule.test(text));
  if (rule !== undefined) {
    const most = maxLength ?? Number.POSITIVE_INFINITY;
    return stringMatching(rule).filter(({ length }) => length >= minLength && length <= most);
  }
  const lengths = { minLength, ...(maxLength === undefined ? {} : { maxLength }) };
  return oneof(
    { arbitrary: string(lengths), weight: 4 },
    { arbitrary: string({ ...lengths, unit: "binary" }), weight: 1 },
  );
}

/** Returns an arbitrary of ISO times in the years 1970 to 2100. */
const moments = (): Arbitrary<string> =>
  date({ min: new Date(0), max: new Date(4_102_444_800_000), noInvalidDate: true }).map((moment) =>
    moment.toISOString(),
  );

const FORMATS: Readonly<Record<string, () => Arbitrary<string>>> = {
  uuid: () => uuid({ version: 4 }),
  email: () => emailAddress(),
  "date-time": moments,
  date: () => moments().map((moment) => moment.slice(0, 10)),
  time: () => moments().map((moment) => moment.slice(11)),
  uri: () => webUrl(),
  url: () => webUrl(),
  hostname: () => domain(),
  ipv4: () => ipV4(),
  ipv6: () => ipV6(),
};
