import { MessagingError } from "../../environment/messaging-error.ts";
import type { PendingRequest } from "../request/pending-replies.ts";
import type { Phase } from "./phase.ts";

/** Why a bus takes no message in a phase. */
export function notRunning(phase: Phase, failure: string | undefined): MessagingError {
  if (phase === "created" || phase === "starting")
    return new MessagingError("bus-not-started", {
      what: "A message was sent before the bus had started.",
      advice: "Await bus.start() first; nothing was sent.",
    });
  return stopped(
    phase === "failed"
      ? `The bus failed to start: ${failure ?? "see the error of start"}.`
      : "The bus is stopping or stopped.",
  );
}

export function stopped(what: string): MessagingError {
  return new MessagingError("bus-stopped", { what, advice: "Make a new bus; nothing was sent." });
}

export function alreadyStarted(phase: Phase): MessagingError {
  return new MessagingError("bus-already-started", {
    what: `start was called on a bus that is ${phase}.`,
    advice: "Start a bus once; to start again, make a new one.",
  });
}

export function stoppedWhileWaiting({ command, id }: PendingRequest, maybeStored: boolean): MessagingError {
  return new MessagingError("bus-stopped", {
    what: `The bus stopped while the reply to ${command} ${id} was awaited.`,
    advice: maybeStored ? "The command may be handled all the same." : "The command was not sent.",
    messageId: id,
    maybeStored,
  });
}

export function disconnectedWhileWaiting(
  { command, id }: PendingRequest,
  maybeStored: boolean,
): MessagingError {
  return new MessagingError("request-disconnected", {
    what: `The connection was lost while the reply to ${command} ${id} was awaited.`,
    advice: maybeStored
      ? "The command may be handled all the same, and its reply lost: make it safe to send again."
      : "The command was not sent: sending it again is safe.",
    messageId: id,
    maybeStored,
  });
}
