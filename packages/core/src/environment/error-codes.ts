/**
 * The closed list of error codes. Every error that leaves the library carries one of these, and each has a
 * section of the same name in docs/errors.md. A new code is a visible change of the public API.
 */
export const ERROR_CODES = {
  // Declarations: found by `createBus` or `start`, before any message moves.
  "invalid-contract": "A contract is invalid, or is used in a way that its kind does not allow.",
  "invalid-name": "A name is empty, too long or has a character that some broker refuses.",
  "invalid-option": "An option has a value that is not allowed.",
  "invalid-duration": "A duration is not a number of milliseconds or a text such as '5s'.",
  "conflicting-contracts": "Two declarations disagree about one destination.",
  "duplicate-handler": "A service handles the same contract twice.",
  "duplicate-owner": "Two services handle the same command; a command has one owner.",
  "duplicate-service": "Two services of one bus have the same name.",
  "empty-service": "A service has no handlers.",
  "history-not-retained": "A service reads the history of an event whose contract retains none.",
  "unknown-transport": "No adapter is known for the scheme of a transport URL.",
  "transport-not-installed": "The adapter for a transport URL cannot be loaded.",
  "binding-missing": "A container cannot create a dependency of the bus or of a handler.",
  "capability-missing": "The broker lacks a capability that a contract or a handler needs.",
  "topology-drift": "The broker's entities differ from the declared topology.",
  "provisioning-failed": "The broker refused to create or describe an entity.",
  // Lifecycle.
  "connect-failed": "The broker cannot be reached or refuses the connection.",
  "bus-not-started": "The bus is used before `start`.",
  "bus-already-started": "The bus is started twice.",
  "bus-stopped": "The bus is stopping or stopped.",
  // Sending.
  "invalid-data": "Data does not match the schema of its contract.",
  "not-serializable": "The codec cannot write the data without changing it.",
  "too-large": "A message is larger than the broker accepts.",
  unroutable: "The destination of a message does not exist.",
  rejected: "The broker refused to store a message.",
  "not-permitted": "The broker's permissions forbid the operation.",
  blocked: "The broker accepts no messages at the moment.",
  disconnected: "The connection to the broker is lost.",
  closed: "The transport is closed.",
  "publish-timeout": "A message could not be stored before its deadline.",
  "buffer-full": "Too many messages wait for the broker.",
  "delay-too-long": "A message is delayed for longer than the broker supports.",
  "handler-finished": "A message is sent from a handler that has already finished.",
  // Requests.
  "request-timeout": "No reply arrived in time.",
  "request-aborted": "The caller aborted the request.",
  "request-disconnected": "The connection was lost before the reply arrived.",
  "remote-failure": "The handler of the requested command failed.",
  "invalid-reply": "A reply does not match the schema of its contract.",
  // Receiving: the reasons of dead letters.
  undecodable: "A message cannot be read.",
  "unknown-type": "A message has a type that no handler of the service accepts.",
  "invalid-message": "A received message does not match the schema of its contract.",
  "foreign-reply-address": "A request has a reply address that no transport of its broker created.",
  "messages-lost": "The broker removed messages before they were read.",
  "handler-failed": "A handler failed on every try.",
} as const;

/** One of the codes that {@link MessagingError} carries. */
export type ErrorCode = keyof typeof ERROR_CODES;
