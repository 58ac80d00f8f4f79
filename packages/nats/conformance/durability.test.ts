import { connect } from "@nats-io/transport-node";
import { startForTests } from "@waybill/brokers/for-tests";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { expect, it } from "vitest";
import { natsTransport } from "../src/index.ts";

const LIMIT_MS = 60_000;

/** The requests with which a client of an ordinary account can ask a server about its configuration. */
const QUESTIONS = [
  "$JS.API.INFO",
  "$SYS.REQ.USER.INFO",
  "$SYS.REQ.SERVER.PING.JSZ",
  "$SYS.REQ.SERVER.PING.VARZ",
];

it(
  "the capabilities name the messages that a power failure can lose, because a server does not report how often it flushes",
  async () => {
    const broker = await startForTests("nats");
    if (broker === undefined) return;
    try {
      const nc = await connect({ servers: new URL(broker.url).host });
      const answers = await Promise.all(
        QUESTIONS.map((subject) =>
          nc.request(subject, "", { timeout: 5_000 }).then((msg) => msg.string(), String),
        ),
      );
      // A failure here means that servers now report the interval, and the adapter should read it.
      expect(JSON.stringify([nc.info, answers])).not.toMatch(/sync/i);
      await nc.close();
      const transport = natsTransport({ url: broker.url }, systemEnvironment);
      await transport.connect(new AbortController().signal);
      const { durable } = transport.capabilities;
      expect(durable.reason).toMatch(/flushes it to disk within two minutes.*sync_interval: always/);
      expect(durable.atRisk).toMatch(/last two minutes.*sync_interval: always/);
      await transport.close(Date.now());
    } finally {
      await broker.end();
    }
  },
  LIMIT_MS,
);
