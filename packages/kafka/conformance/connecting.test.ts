import { readFileSync, writeFileSync } from "node:fs";
import { Authority } from "@waybill/brokers/certificates";
import { startForTests } from "@waybill/brokers/for-tests";
import { isMessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kafkaTransport, type KafkaOptions } from "../src/index.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 60_000;
const KAFKA = "org.apache.kafka.common.security";
const [SASL, TLS, BOTH] = ["SASL_PLAINTEXT", "SSL", "SASL_SSL"];

const authority = new Authority("authority");
const outsider = new Authority("outsider");
const server = authority.sign("server", "IP:127.0.0.1");
const client = authority.sign("client", "DNS:client");
/** The key and the certificate in one file, in the form that Kafka reads. */
const store = `${server.key}.store`;
writeFileSync(store, Buffer.concat([server.key, server.cert].map((file) => readFileSync(file))));

const broker = await startForTests("kafka", {
  listeners: [SASL, TLS, BOTH],
  config: [
    "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
    ...[SASL, BOTH].flatMap((listener) => mechanismsOf(listener.toLowerCase())),
    // The broker closes a connection that has not authenticated again by then.
    "connections.max.reauth.ms=60000",
    "ssl.keystore.type=PEM",
    `ssl.keystore.location=${store}`,
    "ssl.truststore.type=PEM",
    `ssl.truststore.location=${authority.cert}`,
    `listener.name.ssl.ssl.client.auth=required`,
  ],
});

describe.skipIf(broker === undefined)("a connection to Kafka", { timeout: LIMIT_MS }, () => {
  const at = (listener: string): string => broker?.address(listener) ?? "";

  beforeAll(async () => {
    for (const mechanism of ["SCRAM-SHA-256", "SCRAM-SHA-512"])
      await broker?.tool(
        "kafka.admin.ConfigCommand",
        ...["--alter", "--entity-type", "users", "--entity-name", "alice"],
        ...["--add-config", `${mechanism}=[password=s3same]`],
      );
  }, LIMIT_MS);
  afterAll(async () => {
    await broker?.end();
    for (const each of [authority, outsider]) each.remove();
  });

  it.each(["plain", "scram-sha-256", "scram-sha-512"])(
    "with %s accepts the right password; a wrong one is refused with an error that names the broker and nothing else of the URL",
    async (mechanism) => {
      const url = `kafka://alice:s3same@${at(SASL)}?sasl=${mechanism}`;
      expect(await connected({ url })).toBeUndefined();
      const error = await connected({ url: url.replace("s3same", "wr0ng") });
      expect(isMessagingError(error, "connect-failed")).toBe(true);
      expect(String(error)).toContain(at(SASL));
      expect(String(error)).toMatch(/Check mechanism, user name and password/);
      expect(String(error)).not.toMatch(/alice|wr0ng/);
    },
  );

  it("with oauthbearer accepts a valid token; an expired one is refused with an error that does not contain it", async () => {
    const url = `kafka://${at(SASL)}`;
    const by = (value: string): Pick<KafkaOptions, "sasl"> => ({
      sasl: { mechanism: "oauthbearer", oauthBearerProvider: () => Promise.resolve({ value }) },
    });
    expect(await connected({ url, ...by(tokenOf("alice", 60)) })).toBeUndefined();
    const old = tokenOf("alice", -3_600);
    const error = await connected({ url, ...by(old) });
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toMatch(/Check the token/);
    expect(String(error)).not.toContain(old);
  });

  it("with oauthbearer asks for the next token before the current one expires, and stays connected", async () => {
    const states: string[] = [];
    const given: number[] = [];
    const transport = kafkaTransport({
      url: `kafka://${at(SASL)}`,
      heartbeatMs: 200,
      sasl: {
        mechanism: "oauthbearer",
        oauthBearerProvider: () => {
          given.push(Date.now());
          return Promise.resolve({ value: tokenOf("alice", 4) });
        },
      },
    });
    await transport.connect(AbortSignal.timeout(20_000));
    transport.onState(({ status }) => states.push(status));
    await expect
      .poll(() => (given.at(-1) ?? 0) - (given[0] ?? 0), { timeout: 20_000 })
      .toBeGreaterThan(5_000);
    await transport.close(Date.now());
    expect(states).toEqual(["ready", "closed"]);
  });

  it("uses the second host when the first one does not answer; when none answers, the error names every address", async () => {
    expect(await connected({ url: `${broker?.url.replace("//", "//127.0.0.1:1,")}` })).toBeUndefined();
    const error = await connected({ url: "kafka://127.0.0.1:1,127.0.0.1:2" });
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toMatch(/127\.0\.0\.1:1, 127\.0\.0\.1:2.*Check host and port/);
  });

  it("without credentials to a listener that needs them is refused with advice", async () => {
    const error = await connected({ url: `kafka://${at(SASL)}` });
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toMatch(/whether it expects TLS, a login/);
  });

  it("over TLS with a client certificate succeeds only with the authority that signed the broker's certificate", async () => {
    const mine = `cert=${client.cert}&key=${client.key}`;
    const url = `kafka+tls://${at(TLS)}`;
    expect(await connected({ url: `${url}?ca=${authority.cert}&${mine}` })).toBeUndefined();
    for (const wrong of [
      `${url}?ca=${outsider.cert}&${mine}`,
      `${url}?${mine}`,
      `${url}?ca=${authority.cert}`,
    ]) {
      const error = await connected({ url: wrong });
      expect(isMessagingError(error, "connect-failed")).toBe(true);
      expect(String(error)).toMatch(/Check the certificates/);
    }
  });

  it("over TLS is refused when the certificate of the broker names another host", async () => {
    const [ca, cert, key] = [authority.cert, client.cert, client.key].map((file) => readFileSync(file));
    const tls = { ca, cert, key };
    const url = `kafka+tls://${at(TLS)}`;
    const error = await connected({ url, tls: { ...tls, servername: "elsewhere.example" } });
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toMatch(/elsewhere\.example.*Check the certificates/);
  });

  it("over TLS with a password is refused when the password is wrong", async () => {
    const url = `kafka+tls://alice:s3same@${at(BOTH)}?ca=${authority.cert}&sasl=scram-sha-512`;
    expect(await connected({ url })).toBeUndefined();
    const error = await connected({ url: url.replace("s3same", "wr0ng") });
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).not.toMatch(/alice|wr0ng/);
  });
});

/** Returns the error of an attempt to connect; `undefined` after a success. */
async function connected(options: KafkaOptions): Promise<unknown> {
  const transport = kafkaTransport(options, systemEnvironment);
  try {
    await transport.connect(AbortSignal.timeout(20_000));
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await transport.close(Date.now());
  }
}

/** Returns the configuration of each mechanism for a listener. */
function mechanismsOf(listener: string): readonly string[] {
  const jaas = (mechanism: string, module: string): string =>
    `listener.name.${listener}.${mechanism}.sasl.jaas.config=${KAFKA}.${module}`;
  return [
    jaas("plain", `plain.PlainLoginModule required user_alice="s3same";`),
    jaas("scram-sha-256", "scram.ScramLoginModule required;"),
    jaas("scram-sha-512", "scram.ScramLoginModule required;"),
    jaas("oauthbearer", `oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="me";`),
    `listener.name.${listener}.oauthbearer.sasl.server.callback.handler.class=${KAFKA}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
  ];
}

/** Returns an unsigned token (RFC 7519, section 6) that expires after some seconds. */
function tokenOf(subject: string, seconds: number): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: subject, iat: Math.min(now, now + seconds - 1), exp: now + seconds };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}
