import { randomBytes } from "node:crypto";
import { command, type Command } from "@waybill/core";
import { z } from "zod";

const Data = z.object({ number: z.number().int(), key: z.string() });

/** The default number of lanes, which the keyed command has. */
export const LANES = 4;

/** Returns a name that no other chaos test has. */
export function uniqueName(): string {
  return `proof-${randomBytes(4).toString("hex")}`;
}

/** Returns the command of one chaos test; `name` is also the name of the service. */
export function workOf(name: string): Command<typeof Data> {
  return command(`${name}.work`, { data: Data });
}

/** Returns the command with order by key. */
export function keyedWorkOf(name: string): Command<typeof Data> {
  return command(`${name}.keyed-work`, { data: Data, key: ({ key }) => key, lanes: LANES });
}
