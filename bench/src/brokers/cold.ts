/**
 * One contestant in a process of its own: `cold.js MODULE FACTORY URL PREFIX MESSAGES`. Tells its parent when the first
 * message was handled, and how much memory it has when so many more were.
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
