import { createHook } from "node:async_hooks";
import { runningPort } from "../world/process.ts";

/** Resources of the platform that answer in their own time, in words. */
const REAL: Readonly<Record<string, string>> = {
  FSREQCALLBACK: "a file",
  FSREQPROMISE: "a file",
  FILEHANDLE: "a file",
  FSEVENTWRAP: "a file",
  STATWATCHER: "a file",
  GETADDRINFOREQWRAP: "the network",
  GETNAMEINFOREQWRAP: "the network",
  QUERYWRAP: "the network",
  TCPWRAP: "the network",
  TCPCONNECTWRAP: "the network",
  TLSWRAP: "the network",
  UDPWRAP: "the network",
  PIPEWRAP: "a pipe",
  PIPECONNECTWRAP: "a pipe",
  HTTPCLIENTREQUEST: "the network",
  PROCESSWRAP: "another process",
  WORKER: "a worker thread",
  MESSAGEPORT: "a worker thread",
  PBKDF2REQUEST: "a thread of the platform",
  SCRYPTREQUEST: "a thread of the platform",
  RANDOMBYTESREQUEST: "a thread of the platform",
  ZLIB: "a thread of the platform",
};

/**
 * Names the real input and output that simulated code begins, until what it answers with is called. It watches every
 * promise that is made: for single runs, not for thousands.
 */
export function watchIo(): () => void {
  const hook = createHook({
    init(_id, type) {
      const what = REAL[type];
      if (what !== undefined) runningPort()?.reportViolation(`real input or output (${what})`);
    },
  });
  hook.enable();
  return () => void hook.disable();
}
