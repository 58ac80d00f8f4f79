import { createHook } from "node:async_hooks";
import { runningPort } from "../world/process.ts";

/** The resources of Node that do real input or output, with their names in a report. */
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
 * Reports the real input and output of simulated code, until the returned function is called. The hook runs for every new
 * promise and is slow: use it for single runs only.
 */
export function watchIo(): () => void {
  const hook = createHook({
    init(_id, type) {
      const resource = REAL[type];
      if (resource !== undefined) runningPort()?.reportViolation(`real input or output (${resource})`);
    },
  });
  hook.enable();
  return () => void hook.disable();
}
