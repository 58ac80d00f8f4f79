import type { Specimen } from "../kit/specimen.ts";
import { acknowledgedBeforeWritten } from "./acknowledged-before-written.ts";
import { asksTheViewOfAnother } from "./asks-the-view-of-another.ts";
import { checkThenAct } from "./check-then-act.ts";
import { clockReadTwice } from "./clock-read-twice.ts";
import { compensationBeforeCause } from "./compensation-before-cause.ts";
import { countsMessagesNotFacts } from "./counts-messages-not-facts.ts";
import { doublePublishOnRetry } from "./double-publish-on-retry.ts";
import { effectBeforeRecord } from "./effect-before-record.ts";
import { halfOfTwoWrites } from "./half-of-two-writes.ts";
import { invalidMessageBlocksItsKey } from "./invalid-message-blocks-its-key.ts";
import { lateWorkerOverwrites } from "./late-worker-overwrites.ts";
import { lockOfADeadProcess } from "./lock-of-a-dead-process.ts";
import { lostAnswerTakenForFailure } from "./lost-answer-taken-for-failure.ts";
import { lostUpdate } from "./lost-update.ts";
import { memoryAcrossInstances } from "./memory-across-instances.ts";
import { missingAwait } from "./missing-await.ts";
import { notIdempotent } from "./not-idempotent.ts";
import { numbersGivenTwice } from "./numbers-given-twice.ts";
import { orderAcrossKeys } from "./order-across-keys.ts";
import { orderAcrossTypes } from "./order-across-types.ts";
import { readOwnWriteThroughEvent } from "./read-own-write-through-event.ts";
import { reminderOutlivesItsReason } from "./reminder-outlives-its-reason.ts";
import { replySentTwice } from "./reply-sent-twice.ts";
import { sagaStepSkipped } from "./saga-step-skipped.ts";
import { staleCacheOfALane } from "./stale-cache-of-a-lane.ts";
import { staleEventWins } from "./stale-event-wins.ts";
import { swallowedError } from "./swallowed-error.ts";
import { timeoutAndLateReply } from "./timeout-and-late-reply.ts";
import { trustsAttemptNumbers } from "./trusts-attempt-numbers.ts";
import { workAfterTheAnswer } from "./work-after-the-answer.ts";

/** All of them. A new one is a bug that somebody has had. */
export const ZOO: readonly Specimen[] = [
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
