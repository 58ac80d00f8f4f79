// #region faults
/** The faults that the simulator injects. */
export const FAULTS = {
  crash: "a process crashes between two steps of its work and starts again",
  "torn-publish": "a process crashes while it sends: the broker stores some of its messages",
  disconnect: "a process loses its connection and connects again",
  "lost-confirm": "the broker stores a message, but its confirmation is lost",
  duplicate: "the broker stores a message twice",
  delay: "a delivery is delayed, with all later deliveries of its lane",
  "lease-expiry": "the lease of a message expires: the broker takes it back while its handler still runs",
  rebalance: "the broker rebalances: it takes back the messages in flight of a member",
  stall: "a process stalls for a while",
  "early-timer": "a timer fires before the events that are due now",
  "broker-restart": "the broker restarts: all connections are lost, all stored messages remain",
  "call-fails": "a call of an outside system fails without an effect",
  "answer-lost": "a call of an outside system takes effect, but its answer is lost",
} as const;
// #endregion faults

export type FaultName = keyof typeof FAULTS;
