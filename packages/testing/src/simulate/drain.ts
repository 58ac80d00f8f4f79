/** The platform's own, before anything replaces it. */
const macrotask = setImmediate;

/** Macrotasks asked for at once: they come one after the other, and only the first of them costs a turn of the event loop. */
const AT_ONCE = 64;

const waiting: (() => void)[] = [];
let coming = 0;

/** Lets every promise settle that can without an event or time: before each macrotask no microtask is left. */
export function drain(): Promise<void> {
  return new Promise(onceDrained);
}

/** The same without a promise: thousands of steps a second are made of it. */
export function onceDrained(next: () => void): void {
  waiting.push(next);
  if (coming === 0) askForMore();
}

function askForMore(): void {
  coming = AT_ONCE;
  for (let at = 0; at < AT_ONCE; at++) macrotask(goOn);
}

/** Lets one waiter go on: its microtasks run before the next macrotask does. */
function goOn(): void {
  coming -= 1;
  const next = waiting.shift();
  // Of several runs at a time one may end here: then nobody else asks for those that still wait.
  if (coming === 0 && waiting.length > 0) askForMore();
  next?.();
}
