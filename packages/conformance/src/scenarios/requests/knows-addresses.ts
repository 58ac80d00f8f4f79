import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** What somebody else may write as the address of a reply. */
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

/** Core asks before a handler runs: a reply that is refused afterwards would have it run again and again. */
export const knowsAddresses: Scenario = {
  name: "a transport knows the form of its reply addresses, so that a foreign one costs no run of a handler",
  needs: ["requests"],
  run: (stage) =>
    forAll(stage, fc.array(FOREIGN, { minLength: 1, maxLength: 20 }), async (act, foreign) => {
      const transport = await act.instance();
      const other = await act.instance();
      const { address } = (await makeRequester(act, other)).inbox;
      claim(
        transport.takesReplies?.(address) === true,
        () => `Another instance's address ${address} is not known as one.`,
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
        claim(
          !(transport.takesReplies?.(text) ?? true),
          () => `${JSON.stringify(text.slice(0, 100))} is taken for a reply address.`,
        );
    }),
};
