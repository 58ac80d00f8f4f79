// #region faults
/** What can go wrong, in the words of the story. */
export const FAULTS = {
  crash: "a process dies between two steps of its work, and is started again",
  "torn-publish": "a process dies while it sends: some of its messages are stored, the rest is not",
  disconnect: "a connection is lost and comes back",
  "lost-confirm": "a message is stored, but its sender is told that it may not be",
  duplicate: "the broker stores a message twice",
  delay: "a message is held up on its way, with all that must stay behind it",
  "lease-expiry": "the broker takes a message back while its handler still runs",
  rebalance: "the broker shares out the work anew: what is in hand is taken back",
  stall: "a process stands still for a while",
  "early-timer": "time passes before what could happen at once has happened",
  "broker-restart": "the broker goes away with all connections, keeps what it stored, and comes back",
  "call-fails": "a call to something outside fails before it has any effect",
  "answer-lost": "a call to something outside takes effect, but its caller is told that it failed",
} as const;
// #endregion faults

export type FaultName = keyof typeof FAULTS;
