import type { ScenarioGroup } from "../scenario.ts";
import { storedIsDelivered } from "./publishing/stored-is-delivered.ts";
import { oneResultEach } from "./publishing/one-result-each.ts";
import { partialFailure } from "./publishing/partial-failure.ts";
import { batchOfOne, batchOfThousand, batchOfTenThousand, emptyBatch } from "./publishing/batch-sizes.ts";
import { manyPublishers } from "./publishing/many-publishers.ts";
import { publisherGone } from "./publishing/publisher-gone.ts";
import { unroutable } from "./publishing/unroutable.ts";
import { foretold } from "./publishing/foretold.ts";
import { tooLarge } from "./publishing/too-large.ts";
import { blocked } from "./publishing/blocked.ts";
import { disconnected } from "./publishing/disconnected.ts";
import { closed } from "./publishing/closed.ts";
import { lostConfirm } from "./publishing/lost-confirm.ts";
import { orderOfCalls } from "./publishing/order-of-calls.ts";
import { orderThroughACut } from "./publishing/order-through-a-cut.ts";
import { dedup } from "./publishing/dedup.ts";
import { nobodyListens } from "./publishing/nobody-listens.ts";
import { nothingAltered } from "./consuming/nothing-altered.ts";
import { bareMessage } from "./consuming/bare-message.ts";
import { manyHeaders } from "./consuming/many-headers.ts";
import { identity } from "./consuming/identity.ts";
import { plainMessages } from "./consuming/plain-messages.ts";
import { mutation } from "./consuming/mutation.ts";
import { competing } from "./consuming/competing.ts";
import { passedOver } from "./consuming/passed-over.ts";
import { eachGroup } from "./consuming/each-group.ts";
import { groupDestination } from "./consuming/group-destination.ts";
import { lateGroupHistory } from "./consuming/late-group-history.ts";
import { lateGroupLatest } from "./consuming/late-group-latest.ts";
import { awayMissesNothing } from "./consuming/away-misses-nothing.ts";
import { subscribedSees } from "./consuming/subscribed-sees.ts";
import { deletedSource } from "./consuming/deleted-source.ts";
import { notProvisioned } from "./consuming/not-provisioned.ts";
import { creditKept } from "./consuming/credit-kept.ts";
import { creditZero } from "./consuming/credit-zero.ts";
import { laneOrder } from "./consuming/lane-order.ts";
import { slowHandler } from "./consuming/slow-handler.ts";
import { oneOwner } from "./consuming/one-owner.ts";
import { lanesSpread } from "./consuming/lanes-spread.ts";
import { keepsLease } from "./consuming/keeps-lease.ts";
import { depth } from "./consuming/depth.ts";
import { ackIsFinal } from "./settling/ack-is-final.ts";
import { retryWhenDue } from "./settling/retry-when-due.ts";
import { retryHarmsNobody } from "./settling/retry-harms-nobody.ts";
import { retryHeaders } from "./settling/retry-headers.ts";
import { attemptsAcrossInstances } from "./settling/attempts-across-instances.ts";
import { attemptsSurviveCrash } from "./settling/attempts-survive-crash.ts";
import { deadLetterUntouched } from "./settling/dead-letter-untouched.ts";
import { deadLettersApart } from "./settling/dead-letters-apart.ts";
import { deadLettersRead } from "./settling/dead-letters-read.ts";
import { releaseIsFree } from "./settling/release-is-free.ts";
import { releaseKeepsOrder } from "./settling/release-keeps-order.ts";
import { outOfOrder } from "./settling/out-of-order.ts";
import { settledAfterRevoke } from "./settling/settled-after-revoke.ts";
import { ownReplies } from "./requests/own-replies.ts";
import { firstRequest } from "./requests/first-request.ts";
import { replyUntouched } from "./requests/reply-untouched.ts";
import { requesterGone } from "./requests/requester-gone.ts";
import { closedInbox } from "./requests/closed-inbox.ts";
import { hostileAddresses } from "./requests/hostile-addresses.ts";
import { knowsAddresses } from "./requests/knows-addresses.ts";
import { deletedQueue } from "./delays/deleted-queue.ts";
import { neverEarly } from "./delays/never-early.ts";
import { dueOrder } from "./delays/due-order.ts";
import { longestDelay } from "./delays/longest-delay.ts";
import { resendKeepsTime } from "./delays/resend-keeps-time.ts";
import { outlivesPublisher } from "./delays/outlives-publisher.ts";
import { drainKeepsAll } from "./life/drain-keeps-all.ts";
import { drainMoves } from "./life/drain-moves.ts";
import { drainWaits } from "./life/drain-waits.ts";
import { drainDeadline } from "./life/drain-deadline.ts";
import { drainTwice } from "./life/drain-twice.ts";
import { closeGivesBack } from "./life/close-gives-back.ts";
import { closeEndsADrain } from "./life/close-ends-a-drain.ts";
import { closeTwice } from "./life/close-twice.ts";
import { closeWhileConnecting } from "./life/close-while-connecting.ts";
import { connectAborted } from "./life/connect-aborted.ts";
import { unreachable } from "./life/unreachable.ts";
import { closedRefuses } from "./life/closed-refuses.ts";
import { statesTold } from "./life/states-told.ts";
import { cutStates } from "./life/cut-states.ts";
import { cutResumes } from "./life/cut-resumes.ts";
import { crashGivesBack } from "./life/crash-gives-back.ts";
import { throughFaults } from "./life/through-faults.ts";
import { restartKeepsAll } from "./life/restart-keeps-all.ts";
import { membersComeAndGo } from "./life/members-come-and-go.ts";
import { noConnectionsLeft } from "./life/no-connections-left.ts";
import { noTimersLeft } from "./life/no-timers-left.ts";
import { idempotent } from "./provisioning/idempotent.ts";
import { verifyCreatesNothing } from "./provisioning/verify-creates-nothing.ts";
import { verifyAgrees } from "./provisioning/verify-agrees.ts";
import { fillsTheGaps } from "./provisioning/fills-the-gaps.ts";
import { addedHistoryIsDrift } from "./provisioning/added-history-is-drift.ts";
import { driftIsNamed } from "./provisioning/drift-is-named.ts";
import { atOnce } from "./provisioning/at-once.ts";
import { namesAtTheLimits } from "./provisioning/names-at-the-limits.ts";
import { namesStayApart } from "./provisioning/names-stay-apart.ts";
import { resetMidPublish } from "./network/reset-mid-publish.ts";
import { resetMidConsume } from "./network/reset-mid-consume.ts";
import { resetWhileSettling } from "./network/reset-while-settling.ts";
import { resetWhileStarting } from "./network/reset-while-starting.ts";
import { repliesAcrossReset } from "./network/replies-across-reset.ts";
import { reconnectStorm } from "./network/reconnect-storm.ts";
import { diesAsAnotherJoins } from "./network/dies-as-another-joins.ts";
import { memberVanishes } from "./network/member-vanishes.ts";
import { silentMember } from "./network/silent-member.ts";
import { halfOpenNoticed } from "./network/half-open-noticed.ts";
import { stalledConnect } from "./network/stalled-connect.ts";
import { closeWhileCut } from "./network/close-while-cut.ts";
import { closeWhileStalled } from "./network/close-while-stalled.ts";
import { blockedConsumers } from "./network/blocked-consumers.ts";
import { brokerRestarted } from "./network/broker-restarted.ts";
import { brokerKilled } from "./network/broker-killed.ts";
import { brokerPaused } from "./network/broker-paused.ts";
import { longReplyAddress } from "./hostile/long-reply-address.ts";
import { fullHeaders } from "./hostile/full-headers.ts";
import { foreignDueTime } from "./hostile/foreign-due-time.ts";
import { foreignLane } from "./hostile/foreign-lane.ts";
import { foreignAttempt } from "./hostile/foreign-attempt.ts";
import { forgedFailure } from "./hostile/forged-failure.ts";
import { forgedProgress } from "./hostile/forged-progress.ts";
import { headerTwice } from "./hostile/header-twice.ts";
import { hostileNames } from "./hostile/hostile-names.ts";

/** Every promise, in the order of the report. */
export const SCENARIOS: readonly ScenarioGroup[] = [
  {
    name: "publishing",
    scenarios: [
      storedIsDelivered,
      oneResultEach,
      partialFailure,
      batchOfOne,
      batchOfThousand,
      batchOfTenThousand,
      emptyBatch,
      manyPublishers,
      publisherGone,
      unroutable,
      tooLarge,
      foretold,
      blocked,
      disconnected,
      closed,
      lostConfirm,
      orderOfCalls,
      orderThroughACut,
      dedup,
      nobodyListens,
    ],
  },
  {
    name: "consuming",
    scenarios: [
      nothingAltered,
      bareMessage,
      manyHeaders,
      identity,
      plainMessages,
      mutation,
      competing,
      passedOver,
      eachGroup,
      groupDestination,
      lateGroupHistory,
      lateGroupLatest,
      awayMissesNothing,
      subscribedSees,
      notProvisioned,
      deletedSource,
      creditKept,
      creditZero,
      laneOrder,
      slowHandler,
      oneOwner,
      lanesSpread,
      keepsLease,
      depth,
    ],
  },
  {
    name: "settling",
    scenarios: [
      ackIsFinal,
      retryWhenDue,
      retryHarmsNobody,
      retryHeaders,
      attemptsAcrossInstances,
      attemptsSurviveCrash,
      deadLetterUntouched,
      deadLettersApart,
      deadLettersRead,
      releaseIsFree,
      releaseKeepsOrder,
      outOfOrder,
      settledAfterRevoke,
    ],
  },
  {
    name: "requests",
    scenarios: [
      ownReplies,
      firstRequest,
      replyUntouched,
      requesterGone,
      closedInbox,
      hostileAddresses,
      knowsAddresses,
    ],
  },
  {
    name: "delays",
    scenarios: [neverEarly, dueOrder, longestDelay, resendKeepsTime, outlivesPublisher, deletedQueue],
  },
  {
    name: "life",
    scenarios: [
      drainKeepsAll,
      drainWaits,
      drainMoves,
      drainDeadline,
      drainTwice,
      closeGivesBack,
      closeEndsADrain,
      closeTwice,
      closeWhileConnecting,
      connectAborted,
      unreachable,
      closedRefuses,
      statesTold,
      cutStates,
      cutResumes,
      crashGivesBack,
      throughFaults,
      restartKeepsAll,
      membersComeAndGo,
      noTimersLeft,
      noConnectionsLeft,
    ],
  },
  {
    name: "provisioning",
    scenarios: [
      idempotent,
      verifyCreatesNothing,
      verifyAgrees,
      fillsTheGaps,
      driftIsNamed,
      addedHistoryIsDrift,
      atOnce,
      namesAtTheLimits,
      namesStayApart,
    ],
  },
  {
    name: "network",
    scenarios: [
      resetMidPublish,
      resetMidConsume,
      resetWhileSettling,
      resetWhileStarting,
      repliesAcrossReset,
      reconnectStorm,
      memberVanishes,
      diesAsAnotherJoins,
      silentMember,
      halfOpenNoticed,
      stalledConnect,
      closeWhileCut,
      closeWhileStalled,
      blockedConsumers,
      brokerRestarted,
      brokerKilled,
      brokerPaused,
    ],
  },
  {
    name: "hostile",
    scenarios: [
      hostileNames,
      headerTwice,
      forgedFailure,
      forgedProgress,
      foreignAttempt,
      foreignLane,
      foreignDueTime,
      fullHeaders,
      longReplyAddress,
    ],
  },
];
