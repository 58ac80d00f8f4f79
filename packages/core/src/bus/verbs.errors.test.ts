import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The compiler's errors for wrong uses: a reader must be able to act on them. */
const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const FOLDER = join(ROOT, ".cache/wrong-uses");

const USES: Readonly<Record<string, string>> = {
  "publish a command": "bus.publish(Dispatch, { orderId: 1 });",
  "send an event": "bus.send(Dispatched, { orderId: 1 });",
  "request without a reply": "bus.request(Act, { orderId: 1 });",
  "react to a command": 'service("s").on(Dispatch, () => undefined);',
  "handle an event": 'service("s").handle(Dispatched, () => undefined);',
  "the wrong reply": 'service("s").handle(Dispatch, () => ({ trackingId: 1 }));',
};

let said = "";

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  const lines = Object.values(USES);
  writeFileSync(
    join(FOLDER, "wrong.ts"),
    `import { command, event, service, type Bus } from "@waybill/core";
import { z } from "zod";
declare const bus: Bus;
const data = z.object({ orderId: z.number() });
const Dispatch = command("d", { data, reply: z.object({ trackingId: z.string() }) });
const Act = command("a", { data });
const Dispatched = event("e", { data });
${lines.join("\n")}
`,
  );
  const options = {
    extends: "../../tsconfig.dev.json",
    compilerOptions: { rootDir: "../.." },
    include: ["wrong.ts"],
  };
  writeFileSync(join(FOLDER, "tsconfig.json"), JSON.stringify(options));
  const tsc = join(ROOT, "node_modules/@typescript/native/bin/tsc");
  try {
    execFileSync(process.execPath, [tsc, "-p", FOLDER, "--pretty", "false"], { encoding: "utf8" });
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  }
}, 60_000);
afterAll(() => rmSync(FOLDER, { recursive: true }));

describe("the compiler's error for", () => {
  it.each([
    ["publish a command", `Type '"command"' is not assignable to type '"event"'`],
    ["send an event", `Type '"event"' is not assignable to type '"command"'`],
    ["request without a reply", `'undefined' is not assignable to type 'Schema`],
    ["react to a command", `Type '"command"' is not assignable to type '"event"'`],
    ["handle an event", `Type '"event"' is not assignable to type '"command"'`],
    ["the wrong reply", `Type 'number' is not assignable to type 'string'`],
  ])("%s", (use, words) => {
    const line = 8 + Object.keys(USES).indexOf(use);
    const from = said.indexOf(`wrong.ts(${line},`);
    const next = said.indexOf("wrong.ts(", from + 1);
    expect(said.slice(from, next < 0 ? undefined : next)).toContain(words);
  });
});
