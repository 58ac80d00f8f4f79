/**
 * Runs one contestant in a process of its own: `cold.js MODULE FACTORY URL PREFIX MESSAGES`. It sends its parent the time of the
 * first handled message, and its memory after the given number of further messages.
 */
import { contestantOf } from "./program.ts";

const [module = "", factory = "", url = "", prefix = "", messages] = process.argv.slice(2);
const contestant = await contestantOf({ module: new URL(module), factory }, url, prefix);
await contestant.throughput(1);
process.send?.({ first: performance.timeOrigin + performance.now() });
if (Number(messages) > 0) await contestant.throughput(Number(messages));
globalThis.gc?.();
const { heapUsed: heapBytes, rss: residentBytes } = process.memoryUsage();
process.send?.({ heapBytes, residentBytes });
await contestant.stop();
process.disconnect();
