import { addsHistory } from "./adds-history.ts";
import { knowsNoAddresses } from "./knows-no-addresses.ts";
import { acksEarly } from "./acks-early.ts";
import { losesOnDrain } from "./loses-on-drain.ts";
import { duplicates } from "./duplicates.ts";
import { reorders } from "./reorders.ts";
import { deliversEarly } from "./delivers-early.ts";
import { postponesResends } from "./postpones-resends.ts";
import { forgetsDelays } from "./forgets-delays.ts";
import { retriesEarly } from "./retries-early.ts";
import { ignoresCredit } from "./ignores-credit.ts";
import { neverPauses } from "./never-pauses.ts";
import { swapsReplies } from "./swaps-replies.ts";
import { forgetsAttempts } from "./forgets-attempts.ts";
import { countsInMemory } from "./counts-in-memory.ts";
import { altersHeaders } from "./alters-headers.ts";
import { altersBodies } from "./alters-bodies.ts";
import { addsHeaders } from "./adds-headers.ts";
import { lanesWithoutOwners } from "./lanes-without-owners.ts";
import { oneMemberTakesAll } from "./one-member-takes-all.ts";
import { losesFailureHeaders } from "./loses-failure-headers.ts";
import { deadLettersTwice } from "./dead-letters-twice.ts";
import { dropsDeadLetters } from "./drops-dead-letters.ts";
import { dropsRetries } from "./drops-retries.ts";
import { dropsRetryHeaders } from "./drops-retry-headers.ts";
import { releaseCounts } from "./release-counts.ts";
import { releaseGoesLast } from "./release-goes-last.ts";
import { acksBelow } from "./acks-below.ts";
import { swallowsRefusals } from "./swallows-refusals.ts";
import { confirmsEarly } from "./confirms-early.ts";
import { mixesUpResults } from "./mixes-up-results.ts";
import { failsWholeBatches } from "./fails-whole-batches.ts";
import { deniesStoring } from "./denies-storing.ts";
import { ignoresIds } from "./ignores-ids.ts";
import { drainDoesNotWait } from "./drain-does-not-wait.ts";
import { givesBackWhileDraining } from "./gives-back-while-draining.ts";
import { drainHangs } from "./drain-hangs.ts";
import { verifyCreates } from "./verify-creates.ts";
import { hidesDrift } from "./hides-drift.ts";
import { missesHistory } from "./misses-history.ts";
import { replaysToAll } from "./replays-to-all.ts";
import { neverAborts } from "./never-aborts.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { sharesMessages } from "./shares-messages.ts";
import { subscribesToNothing } from "./subscribes-to-nothing.ts";
import { ignoresAbort } from "./ignores-abort.ts";
import { leaksConnections } from "./leaks-connections.ts";
import { leaksTimers } from "./leaks-timers.ts";
import { hearsAfterClose } from "./hears-after-close.ts";
import { trustsAddresses } from "./trusts-addresses.ts";
import { miscounts } from "./miscounts.ts";
import { neverDeserted } from "./never-deserted.ts";
import { mergesNames } from "./merges-names.ts";
import { losesItsBuffer } from "./loses-its-buffer.ts";
import { repeatsAfterADeath } from "./repeats-after-a-death.ts";
import { repeatsAfterReconnect } from "./repeats-after-reconnect.ts";
import { forgetsItsWindow } from "./forgets-its-window.ts";
import { losesLettersOnReset } from "./loses-letters-on-reset.ts";
import { forgetsInboxes } from "./forgets-inboxes.ts";
import { givesUp } from "./gives-up.ts";
import { acksWhatItBuffers } from "./acks-what-it-buffers.ts";
import { closeWaitsForReady } from "./close-waits-for-ready.ts";
import { startsOnce } from "./starts-once.ts";
import { stopsWhenBlocked } from "./stops-when-blocked.ts";
import { foretellsNothing } from "./foretells-nothing.ts";
import { hidesDeletions } from "./hides-deletions.ts";
import { fillsTombstones } from "./fills-tombstones.ts";
import { blocksDelays } from "./blocks-delays.ts";
import { sticksAtOddKeys } from "./sticks-at-odd-keys.ts";
import { trustsLongAddresses } from "./trusts-long-addresses.ts";
import { sticksAtFullHeaders } from "./sticks-at-full-headers.ts";
import { waitsForAnyTime } from "./waits-for-any-time.ts";
import { sticksAtForeignLanes } from "./sticks-at-foreign-lanes.ts";
import { countsAsTold } from "./counts-as-told.ts";
import { keepsForgedFailures } from "./keeps-forged-failures.ts";
import { keepsForgedProgress } from "./keeps-forged-progress.ts";
import { sticksAtDoubleHeaders } from "./sticks-at-double-headers.ts";
import type { Breakage } from "./breakage.ts";

/** Every breakage there is, each with the scenario that must catch it. */
export const BREAKAGES: readonly Breakage[] = [
  hidesDeletions,
  foretellsNothing,
  acksEarly,
  losesOnDrain,
  duplicates,
  reorders,
  deliversEarly,
  postponesResends,
  forgetsDelays,
  blocksDelays,
  retriesEarly,
  ignoresCredit,
  neverPauses,
  swapsReplies,
  forgetsAttempts,
  countsInMemory,
  altersHeaders,
  fillsTombstones,
  altersBodies,
  addsHeaders,
  lanesWithoutOwners,
  oneMemberTakesAll,
  losesFailureHeaders,
  deadLettersTwice,
  dropsDeadLetters,
  dropsRetries,
  dropsRetryHeaders,
  releaseCounts,
  releaseGoesLast,
  acksBelow,
  swallowsRefusals,
  confirmsEarly,
  mixesUpResults,
  failsWholeBatches,
  deniesStoring,
  ignoresIds,
  drainDoesNotWait,
  givesBackWhileDraining,
  drainHangs,
  verifyCreates,
  hidesDrift,
  addsHistory,
  missesHistory,
  replaysToAll,
  neverAborts,
  oneAtATime,
  sharesMessages,
  subscribesToNothing,
  ignoresAbort,
  leaksTimers,
  leaksConnections,
  hearsAfterClose,
  trustsAddresses,
  knowsNoAddresses,
  miscounts,
  neverDeserted,
  mergesNames,
  losesItsBuffer,
  repeatsAfterADeath,
  repeatsAfterReconnect,
  forgetsItsWindow,
  losesLettersOnReset,
  forgetsInboxes,
  givesUp,
  acksWhatItBuffers,
  closeWaitsForReady,
  startsOnce,
  stopsWhenBlocked,
  sticksAtOddKeys,
  sticksAtDoubleHeaders,
  keepsForgedFailures,
  keepsForgedProgress,
  countsAsTold,
  sticksAtForeignLanes,
  waitsForAnyTime,
  sticksAtFullHeaders,
  trustsLongAddresses,
];
