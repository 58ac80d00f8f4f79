import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Secret, fromEnv, fromFile, lookUp, revealed } from "./secret.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "waybill-secret-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "value");
  writeFileSync(path, text);
  return path;
}

it("a secret is read from a variable, from a file, or from a file that a variable names", () => {
  vi.stubEnv("WAYBILL_TEST_A", "from environment");
  vi.stubEnv("WAYBILL_TEST_B_FILE", file("from file\n"));
  expect(fromEnv("WAYBILL_TEST_A").reveal()).toBe("from environment");
  expect(fromEnv("WAYBILL_TEST_B").reveal()).toBe("from file");
  expect(fromFile(file("two\nlines\r\n")).reveal()).toBe("two\nlines");
});

it("a missing secret is refused, and the error names its origin", () => {
  vi.stubEnv("WAYBILL_TEST_C", "");
  vi.stubEnv("WAYBILL_TEST_D_FILE", join(folder, "nothing"));
  expect(() => fromEnv("WAYBILL_TEST_C").reveal()).toThrow("Neither WAYBILL_TEST_C nor WAYBILL_TEST_C_FILE");
  expect(() => fromEnv("WAYBILL_TEST_D").reveal()).toThrow(
    /nothing cannot be read: ENOENT.*\[invalid-option\]/,
  );
  expect(lookUp("WAYBILL_TEST_C")).toBeUndefined();
});

it("a secret is never printed", () => {
  const secret = new Secret("somewhere", () => "hunter2");
  const options = { password: secret };
  for (const text of [
    String(secret),
    JSON.stringify(options),
    inspect(options, { showHidden: true, depth: 9 }),
  ])
    expect(text).toContain("[secret from somewhere]");
  expect(inspect(options, { showHidden: true, depth: 9 }) + JSON.stringify(options)).not.toContain("hunter2");
});

it("a secret is replaced by its text in objects and lists at any depth; other values stay the same", () => {
  const secret = new Secret("somewhere", () => "hunter2");
  const bytes = new Uint8Array([1]);
  const given = { tls: { ca: [secret, "x"], key: bytes }, n: 1, nothing: undefined };
  expect(revealed(given)).toEqual({ tls: { ca: ["hunter2", "x"], key: bytes }, n: 1, nothing: undefined });
  expect(given.tls.ca[0]).toBe(secret);
});
