import type { BugCase } from "../kit/bug-case.ts";
import { acknowledgedBeforeWritten } from "./effects/acknowledged-before-written.ts";
import { asksTheViewOfAnother } from "./state/asks-the-view-of-another.ts";
import { checkThenAct } from "./state/check-then-act.ts";
import { clockReadTwice } from "./state/clock-read-twice.ts";
import { compensationBeforeCause } from "./order/compensation-before-cause.ts";
import { countsMessagesNotFacts } from "./state/counts-messages-not-facts.ts";
import { doublePublishOnRetry } from "./effects/double-publish-on-retry.ts";
import { effectBeforeRecord } from "./effects/effect-before-record.ts";
import { halfOfTwoWrites } from "./effects/half-of-two-writes.ts";
import { invalidMessageBlocksItsKey } from "./state/invalid-message-blocks-its-key.ts";
import { lateWorkerOverwrites } from "./order/late-worker-overwrites.ts";
import { lockOfADeadProcess } from "./state/lock-of-a-dead-process.ts";
import { lostAnswerTakenForFailure } from "./effects/lost-answer-taken-for-failure.ts";
import { lostUpdate } from "./state/lost-update.ts";
import { memoryAcrossInstances } from "./state/memory-across-instances.ts";
import { missingAwait } from "./effects/missing-await.ts";
import { notIdempotent } from "./effects/not-idempotent.ts";
import { numbersGivenTwice } from "./effects/numbers-given-twice.ts";
import { orderAcrossKeys } from "./order/order-across-keys.ts";
import { orderAcrossTypes } from "./order/order-across-types.ts";
import { readOwnWriteThroughEvent } from "./order/read-own-write-through-event.ts";
import { reminderOutlivesItsReason } from "./order/reminder-outlives-its-reason.ts";
import { replySentTwice } from "./effects/reply-sent-twice.ts";
import { sagaStepSkipped } from "./order/saga-step-skipped.ts";
import { staleCacheOfALane } from "./state/stale-cache-of-a-lane.ts";
import { staleEventWins } from "./order/stale-event-wins.ts";
import { swallowedError } from "./effects/swallowed-error.ts";
import { timeoutAndLateReply } from "./order/timeout-and-late-reply.ts";
import { trustsAttemptNumbers } from "./state/trusts-attempt-numbers.ts";
import { workAfterTheAnswer } from "./effects/work-after-the-answer.ts";

/** All cases. Each new case must be a bug that an application has had. */
export const BUG_CORPUS: readonly BugCase[] = [
  acknowledgedBeforeWritten,
  asksTheViewOfAnother,
  checkThenAct,
  clockReadTwice,
  compensationBeforeCause,
  countsMessagesNotFacts,
  doublePublishOnRetry,
  effectBeforeRecord,
  halfOfTwoWrites,
  invalidMessageBlocksItsKey,
  lateWorkerOverwrites,
  lockOfADeadProcess,
  lostAnswerTakenForFailure,
  lostUpdate,
  memoryAcrossInstances,
  missingAwait,
  notIdempotent,
  numbersGivenTwice,
  orderAcrossKeys,
  orderAcrossTypes,
  readOwnWriteThroughEvent,
  reminderOutlivesItsReason,
  replySentTwice,
  sagaStepSkipped,
  staleCacheOfALane,
  staleEventWins,
  swallowedError,
  timeoutAndLateReply,
  trustsAttemptNumbers,
  workAfterTheAnswer,
];
