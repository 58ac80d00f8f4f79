import fc from "fast-check";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** Reply addresses that another program may write. */
const FOREIGN = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom(
    "",
    ">",
    "_INBOX.>",
    "amq.rabbitmq.log",
    "orders",
    "http://elsewhere",
    "a b",
    "x".repeat(255),
    "x".repeat(256),
    "x".repeat(5_000),
    `waybill.reply.${"0".repeat(31)}`,
    `_INBOX.elsewhere.waybill.reply.${"0".repeat(32)}`,
    `waybill.kafka.12.${"0".repeat(32)}`,
  ),
);

/** Core checks the address before it runs a handler: a refused reply would make the handler run again and again. */
export const knowsAddresses: Scenario = {
  name: "a transport tells its own reply addresses from foreign ones, before any handler runs",
  needs: ["requests"],
  run: (stage) =>
    forAll(stage, fc.array(FOREIGN, { minLength: 1, maxLength: 20 }), async (act, foreign) => {
      const transport = await act.instance();
      const other = await act.instance();
      const { address } = (await makeRequester(act, other)).inbox;
      assertThat(
        transport.takesReplies?.(address) === true,
        () => `takesReplies refused the address ${address} of another instance.`,
      );
      const nearly = [
        `${address} `,
        `${address}\n`,
        `${address}\r\nX: y`,
        `\r\n${address}`,
        `${address}\u0000`,
        `%0d%0a${address}`,
        address.toUpperCase(),
        address.padEnd(256, "0"),
        `${"x".repeat(300)}${address}`,
      ];
      for (const text of [...foreign, ...nearly])
        assertThat(
          !(transport.takesReplies?.(text) ?? true),
          () => `takesReplies accepted the foreign address ${JSON.stringify(text.slice(0, 100))}.`,
        );
    }),
};
