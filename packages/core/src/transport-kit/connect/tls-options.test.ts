import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BrokerUrl } from "./broker-url.ts";
import { tlsOf, type TlsForm } from "./tls-options.ts";

const url = (query = ""): BrokerUrl =>
  new BrokerUrl(`pigeon://loft${query}`, {
    broker: "Pigeon",
    example: "pigeon://loft",
    schemes: { pigeon: 7 },
    parameters: ["authority", "check", "word"],
  });

const PARAMETERS: TlsForm["parameters"] = {
  ca: "authority",
  cert: undefined,
  passphrase: "word",
  rejectUnauthorized: ["check", "yes", "no"],
};

it("takes TLS options from the URL's parameters, and prefers those of the options", () => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-"));
  try {
    const file = join(folder, "ca.pem");
    writeFileSync(file, "authority");
    const asked = url(`?authority=${file}&check=no&word=open`);
    const said = { ca: Buffer.from("authority"), rejectUnauthorized: false, passphrase: "open" };
    expect(tlsOf(asked, { adapter: "pigeon", given: undefined, parameters: PARAMETERS })).toEqual(said);
    const given = { passphrase: "sesame", cert: "mine" };
    expect(tlsOf(asked, { adapter: "pigeon", given, parameters: PARAMETERS })).toEqual({ ...said, ...given });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("has no option that was not given", () => {
  expect(Object.keys(tlsOf(url(), { adapter: "pigeon", given: {}, parameters: PARAMETERS }))).toEqual([]);
});

it("refuses TLS options with a scheme that does not encrypt, and prints only their names", () => {
  const form = { adapter: "pigeon", parameters: PARAMETERS, scheme: "pigeons" } as const;
  const plain = (query: string, given?: object): (() => unknown) => {
    return () => tlsOf(url(query), { ...form, given });
  };
  expect(plain("?check=yes")).toThrow("(rejectUnauthorized). Write pigeons:");
  expect(plain("?word=secret")).toThrow("(passphrase)");
  expect(plain("?word=secret")).not.toThrow("secret");
  expect(plain("", { cert: "mine" })).toThrow("(cert)");
  expect(plain("", {})()).toEqual({});
  expect(plain("", { cert: undefined })()).toEqual({});
  expect(tlsOf(url("?check=no"), { ...form, given: {}, scheme: "pigeon" })).toEqual({
    rejectUnauthorized: false,
  });
});

it("refuses an option that the adapter does not have, and a value of another kind", () => {
  const given = (value: object): (() => unknown) => {
    return () => tlsOf(url(), { adapter: "pigeon", given: value, parameters: PARAMETERS });
  };
  expect(given({ servername: "x" })).toThrow('pigeon.tls: unknown option "servername"');
  expect(given({ rejectUnauthorized: "no" })).toThrow("rejectUnauthorized");
});
