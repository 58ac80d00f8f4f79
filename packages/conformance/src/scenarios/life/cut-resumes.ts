import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ open: fc.integer({ min: 1, max: 8 }), meanwhile: fc.integer({ min: 1, max: 8 }) });

export const cutResumes: Scenario = {
  name: "a lost connection aborts the signals of open deliveries; the subscription resumes by itself and nothing is lost",
  faults: ["cut", "restore"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { open, meanwhile }) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumer = await act.consume(member, queue.source, { answer: HOLDS });
      const publish = (size: number) =>
        act.store(
          publisher,
          Array.from({ length: size }, () => queue.message()),
        );
      await publish(open);
      await awaitSeen(act, queue.group, act.history.stored());
      await act.fault("cut")(member);
      await act.time.eventually(
        () => consumer.handlings.every(({ delivery }) => delivery.signal.aborted),
        () => "The connection is lost and the signals of open deliveries have not aborted.",
      );
      await publish(meanwhile);
      consumer.answer = () => ACK;
      await act.fault("restore")(member);
      await act.time.eventually(
        () => new Set(acked(consumer.handlings)).size === open + meanwhile,
        () =>
          `Of ${open + meanwhile} messages ${acked(consumer.handlings).length} were handled after the cut.`,
      );
      await act.time.quiet();
      const times = acked(consumer.handlings).length;
      claim(times === open + meanwhile, () => `${open + meanwhile} messages were handled ${times} times.`);
    }),
};

function acked(
  handlings: readonly { readonly tag: string; readonly settlement: unknown }[],
): readonly string[] {
  return handlings.filter(({ settlement }) => settlement === ACK).map(({ tag }) => tag);
}
