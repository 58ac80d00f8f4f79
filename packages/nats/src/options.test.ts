import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMessagingError } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { settingsOf } from "./options.ts";

describe("a NATS URL", () => {
  it("has a default for everything except the host", () => {
    expect(settingsOf("nats://server")).toEqual({
      addresses: ["server:4222"],
      username: undefined,
      password: undefined,
      token: undefined,
      credentials: undefined,
      nkeySeed: undefined,
      tls: undefined,
      domain: undefined,
      inboxPrefix: "_INBOX",
      replyPrefixes: ["_INBOX"],
      replicas: 1,
      heartbeatMs: 5_000,
      leaseMs: 10_000,
      connectTimeoutMs: 10_000,
    });
  });

  it("may have several hosts, IPv6 addresses, and credentials with escapes", () => {
    const { addresses, username, password, tls } = settingsOf("tls://user%40x:p%3Aw@one:1,two,[::1]:3");
    expect(addresses).toEqual(["one:1", "two:4222", "[::1]:3"]);
    expect([username, password, tls]).toEqual(["user@x", "p:w", {}]);
  });

  it("takes a user without a password for a token", () => {
    expect(settingsOf("nats://s3cr%2Ft@h")).toMatchObject({ token: "s3cr/t", username: undefined });
  });

  it("has parameters, and paths of files for credentials and TLS", () => {
    const folder = mkdtempSync(join(tmpdir(), "waybill-"));
    try {
      const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const settings = settingsOf(
        `nats://h?heartbeat=3&lease=1.5&replicas=3&domain=hub&inbox_prefix=_MINE&connect_timeout=500&creds=${file("creds", "jwt")}&nkey=${file("seed", "SUA\n")}&ca_file=${file("ca", "pem")}`,
      );
      expect(settings).toMatchObject({
        heartbeatMs: 3_000,
        leaseMs: 1_500,
        replicas: 3,
        domain: "hub",
        inboxPrefix: "_MINE",
        connectTimeoutMs: 500,
        credentials: "jwt",
        nkeySeed: "SUA",
        tls: { ca: Buffer.from("pem") },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is overridden by options", () => {
    const settings = settingsOf("nats://a:b@h?lease=3", {
      username: "c",
      password: "d",
      leaseSeconds: 4,
    });
    expect(settings).toMatchObject({ username: "c", password: "d", leaseMs: 4_000 });
  });

  it("refuses unknown options", () => {
    expect(() => settingsOf("nats://h", { lease: 3 })).toThrow('unknown option "lease"');
    expect(() => settingsOf("nats://h", { tls: { pfx: "x" } })).toThrow('unknown option "pfx"');
  });

  it.each([
    ["http://host", "not of the form nats://"],
    ["nats://", "hosts of the"],
    ["nats://user:secret@a,,b", "hosts of the"],
    ["nats://h?lifetime=3", "Parameter number 1 of the NATS URL is unknown"],
    ["nats://h?lease=soon", "positive number"],
    ["nats://h?heartbeat=0", "positive number"],
    ["nats://h?replicas=6", "1 to 5"],
    ["nats://h?inbox_prefix=a.*", "only letters"],
    ["nats://h?creds=/nowhere/at/all", "cannot be read"],
    ["nats://us%er:secret@h", "percent sign"],
  ])("is refused if it is invalid, with an error that does not contain the password: %s", (url, reason) => {
    let refusal: unknown;
    try {
      settingsOf(url);
    } catch (error) {
      refusal = error;
    }
    expect(isMessagingError(refusal, "invalid-option")).toBe(true);
    expect(String(refusal)).toContain(reason);
    expect(String(refusal)).not.toContain("secret");
  });
});
