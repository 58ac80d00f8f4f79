import { describe, expect, it } from "vitest";
import { settingsOf } from "./options.ts";

describe("a URL", () => {
  it("needs only a host", () => {
    expect(settingsOf("kafka://broker")).toEqual({
      addresses: [{ host: "broker", port: 9_092 }],
      tls: undefined,
      sasl: undefined,
      clientId: "waybill",
      heartbeatMs: 1_000,
      sessionMs: 10_000,
      connectTimeoutMs: 10_000,
      deliveryTimeoutMs: 10_000,
      partitions: 6,
      replication: -1,
      retentionMs: 604_800_000,
      trimMs: 60_000,
      topics: {},
      brokerAddress: undefined,
    });
  });

  it("can have several hosts, also by IPv6, and credentials with escapes", () => {
    const { addresses, sasl, tls } = settingsOf(
      "kafka+tls://user%40x:p%3Aw@one:1,two,[::1]:3?sasl=scram-sha-512&verify=false",
    );
    expect(addresses).toEqual([
      { host: "one", port: 1 },
      { host: "two", port: 9_092 },
      { host: "::1", port: 3 },
    ]);
    expect(sasl).toEqual({ mechanism: "scram-sha-512", username: "user@x", password: "p:w" });
    expect(tls).toEqual({ rejectUnauthorized: false });
  });

  it("is overridden by options", () => {
    const settings = settingsOf("kafka://h?session=5000&partitions=3", { sessionMs: 7_000, clientId: "c" });
    expect(settings).toMatchObject({ sessionMs: 7_000, partitions: 3, clientId: "c" });
  });

  it.each([
    ["amqp://secret@h", "not of the form"],
    ["kafka://u:secret@h?colour=red", "Parameter number 1 of the Kafka URL is unknown"],
    ["kafka://u:secret@h?session=soon", "positive number"],
    ["kafka://u:secret@", "hosts of the"],
    ["kafka://u:secret@h?sasl=kerberos", "scram-sha-256"],
    ["kafka://u%:secret@h", "percent sign"],
    ["kafka://u@h?sasl=plain", "user name and a password"],
    ["kafka+tls://u:secret@h?ca=/nowhere/ca.pem", "cannot be read"],
    ["kafka+tls://h?verify=perhaps", "true or false"],
  ])("is refused without printing its password: %s", (url, reason) => {
    const refusal = (() => {
      try {
        return settingsOf(url);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ code: "invalid-option" });
    expect(String(refusal)).toContain(reason);
    expect(String(refusal)).not.toContain("secret");
  });
});

it("refuses unknown options", () => {
  expect(() => settingsOf("kafka://h", { brokers: ["x"] })).toThrow('unknown option "brokers"');
});

it.each([
  [{ a: "no topic" }, /topic of a in the option topics/],
  [{ a: "x".repeat(243) }, /1 to 242/],
  [{ a: ".." }, /topic of a/],
  [{ a: "shared", b: "shared" }, /the topic shared to both a and b/],
])("refuses impossible names of external topics: %j", (topics, text) => {
  expect(() => settingsOf("kafka://h", { topics })).toThrow(text);
});
