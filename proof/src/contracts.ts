import { randomBytes } from "node:crypto";
import { command, type Command } from "@waybill/core";
import { z } from "zod";

const Data = z.object({ number: z.number().int(), key: z.string() });

/** Lanes of the keyed command: its default. */
export const LANES = 4;

/** A name that no other trial has. */
export function uniqueName(): string {
  return `proof-${randomBytes(4).toString("hex")}`;
}

/** The command of one trial; its name is also the service's. */
export function workOf(name: string): Command<typeof Data> {
  return command(`${name}.work`, { data: Data });
}

/** The same, kept in order by key. */
export function keyedWorkOf(name: string): Command<typeof Data> {
  return command(`${name}.keyed-work`, { data: Data, key: ({ key }) => key, lanes: LANES });
}
