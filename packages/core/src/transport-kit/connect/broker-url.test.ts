import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isMessagingError } from "../../environment/messaging-error.ts";
import { BrokerUrl, type BrokerUrlForm } from "./broker-url.ts";
import { onlyGiven } from "./tls-options.ts";

const FORM: BrokerUrlForm = {
  broker: "Pigeon",
  example: "pigeon://user:password@loft:7/home",
  schemes: { pigeon: 7, "pigeon+tls": 8 },
  parameters: ["speed", "ring", "verify", "ca"],
  hasPath: true,
};

describe("a broker's URL", () => {
  it("has hosts with their ports or the default one, and unescaped credentials and path", () => {
    const url = new BrokerUrl("pigeon+tls://us%40er:p%3Aw@one:1,two,[::1]:3/a%2Fb", FORM);
    expect(url.scheme).toBe("pigeon+tls");
    expect(url.addresses.map((address) => BrokerUrl.shown(address))).toEqual(["one:1", "two:8", "[::1]:3"]);
    expect([url.username, url.password, url.path]).toEqual(["us@er", "p:w", "a/b"]);
  });

  it("has neither credentials, path nor parameters when it names none", () => {
    const url = new BrokerUrl("pigeon://loft", FORM);
    expect([url.username, url.password, url.path]).toEqual([undefined, undefined, undefined]);
    expect([url.text("ring"), url.count("speed"), url.flag("verify", ["yes", "no"]), url.file("ca")]).toEqual(
      Array.from({ length: 4 }),
    );
    expect(new BrokerUrl("pigeon://@loft/", FORM).username).toBeUndefined();
  });

  it("has parameters: texts, numbers, flags and files", () => {
    const folder = mkdtempSync(join(tmpdir(), "waybill-"));
    try {
      const ca = join(folder, "ca.pem");
      writeFileSync(ca, "certificate");
      const url = new BrokerUrl(`pigeon://loft?speed=1.5&ring=blue&verify=no&ca=${ca}`, FORM);
      expect([url.positive("speed"), url.text("ring"), url.flag("verify", ["yes", "no"])]).toEqual([
        1.5,
        "blue",
        false,
      ]);
      expect(url.file("ca")).toEqual(Buffer.from("certificate"));
      expect(() => url.count("speed")).toThrow("The parameter speed must be a positive number.");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ["dove://u:secret@loft", "not of the form pigeon://"],
    ["constructor://u:secret@loft", "not of the form pigeon://"],
    ["pigeon://", "hosts of the"],
    ["pigeon://u:secret@a,,b", "hosts of the"],
    ["pigeon://u:pw@secret@loft", "Percent-encode @ : / ? # and %"],
    ["pigeon://u:secret/more@loft", "Percent-encode"],
    ["pigeon://u:1234/secret@loft", "Percent-encode"],
    ["pigeon://u:1234?secret@loft", "Percent-encode"],
    ["pigeon://u:secret#more@loft", "Percent-encode"],
    ["pigeon://u:pw@loft/home#secret", "Percent-encode"],
    ["pigeon://u:pw@a,u:secret@b", "Percent-encode"],
    ["pigeon://u:secret", "hosts of the"],
    ["pigeon://loft:0", "a port from 1 to 65535"],
    ["pigeon://loft:65536", "a port from 1 to 65535"],
    ["pigeon://u:secret@loft?speed=1&colour=red", "Parameter number 2 of the Pigeon URL is unknown"],
    ["pigeon://u:pw@loft?secret", "Parameter number 1"],
    ["pigeon://u:secret%zz@loft", "percent sign"],
  ])("is refused, and the error contains no part of its password: %s", (url, reason) => {
    let refusal: unknown;
    try {
      refusal = new BrokerUrl(url, FORM);
    } catch (error) {
      refusal = error;
    }
    expect(isMessagingError(refusal, "invalid-option"), String(refusal)).toBe(true);
    expect(String(refusal)).toContain(reason);
    expect(String(refusal)).not.toContain("secret");
  });

  it("refuses a path that the broker has no use for, and invalid values", () => {
    expect(() => new BrokerUrl("pigeon://loft/home", { ...FORM, hasPath: false })).toThrow("not of the form");
    const url = new BrokerUrl("pigeon://loft?speed=0&verify=maybe&ca=/nowhere", FORM);
    expect(() => url.positive("speed")).toThrow("positive number");
    expect(() => url.flag("verify", ["yes", "no"])).toThrow("yes or no.");
    expect(() => url.file("ca")).toThrow("The file of the parameter ca cannot be read (ENOENT).");
  });
});

it("removes options that are undefined", () => {
  expect(Object.keys(onlyGiven({ a: 1, b: undefined, c: null }))).toEqual(["a", "c"]);
});
