import nodeCrypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import timersPromises from "node:timers/promises";
import { runningPort } from "../world/process.ts";
import type { PlatformPort } from "./platform-port.ts";
import { patchedDate } from "./patched-date.ts";
import { patchedInterval, patchedTimeout, patchedClear } from "./patched-timers.ts";

/** One function of the platform and its replacement. */
interface Patch {
  readonly owner: object;
  readonly name: string;
  readonly make: (original: unknown) => unknown;
}

const PATCHES: readonly Patch[] = [
  { owner: globalThis, name: "Date", make: (original) => patchedDate(original as DateConstructor) },
  {
    owner: globalThis,
    name: "setTimeout",
    make: (original) => patchedTimeout(original as typeof setTimeout),
  },
  {
    owner: globalThis,
    name: "setInterval",
    make: (original) => patchedInterval(original as typeof setInterval),
  },
  {
    owner: globalThis,
    name: "clearTimeout",
    make: (original) => patchedClear(original as typeof clearTimeout),
  },
  {
    owner: globalThis,
    name: "clearInterval",
    make: (original) => patchedClear(original as typeof clearInterval),
  },
  patch(Math, "random", { called: "Math.random", from: (port) => port.random() }),
  patch(performance, "now", { called: "performance.now", from: (port) => port.now() }),
  patch(crypto, "randomUUID", { called: "crypto.randomUUID", from: (port) => port.uuid() }),
  patch(nodeCrypto, "randomUUID", { called: "randomUUID of node:crypto", from: (port) => port.uuid() }),
  patch(timersPromises, "setTimeout", {
    called: "setTimeout of node:timers/promises",
    from: (port, ms, value) => new Promise((resolve) => port.schedule(Number(ms ?? 0), () => resolve(value))),
  }),
];

let users = 0;
const originals = new Map<Patch, unknown>();

/**
 * Replaces the platform's time, timers and random numbers by those of the run, for the code of simulated processes only.
 * Returns a function that ends the replacement; the last of several users restores the platform.
 */
export function patchPlatform(): () => void {
  if (users++ === 0) replaceAll();
  let isEnded = false;
  return () => {
    if (isEnded) return;
    isEnded = true;
    if (--users === 0) restoreAll();
  };
}

function replaceAll(): void {
  for (const each of PATCHES) {
    const original: unknown = Reflect.get(each.owner, each.name);
    originals.set(each, original);
    put(each, each.make(original));
  }
  syncBuiltinESMExports();
}

function restoreAll(): void {
  for (const [each, original] of originals) put(each, original);
  originals.clear();
  syncBuiltinESMExports();
}

function put({ owner, name }: Patch, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Returns a patch that answers simulated code from its port and calls the original for all other code. */
function patch(
  owner: object,
  name: string,
  answer: {
    readonly called: string;
    readonly from: (port: PlatformPort, ...call: readonly unknown[]) => unknown;
  },
): Patch {
  const make = (original: unknown): unknown =>
    function (this: unknown, ...call: unknown[]): unknown {
      const port = runningPort();
      if (port?.rule === "patch") return answer.from(port, ...call);
      if (port?.rule === "fail") port.reportViolation(answer.called);
      return Reflect.apply(original as (...call: unknown[]) => unknown, this, call);
    };
  return { owner, name, make };
}
