/** The original function, read before a patch or a test replaces it. */
const macrotask = setImmediate;

/** The number of macrotasks requested at once: they run in one turn of the event loop, one after the other. */
const AT_ONCE = 64;

const waiting: (() => void)[] = [];
let coming = 0;

/**
 * Resolves when all promises have settled that wait for no event and no time. Node runs a macrotask only when no
 * microtask is left.
 */
export function drain(): Promise<void> {
  return new Promise(onceDrained);
}

/** Calls a function at the moment at which `drain` would resolve, without the cost of a promise. */
export function onceDrained(next: () => void): void {
  waiting.push(next);
  if (coming === 0) requestMacrotasks();
}

function requestMacrotasks(): void {
  coming = AT_ONCE;
  for (let at = 0; at < AT_ONCE; at++) macrotask(runNext);
}

/** Calls one waiting function; its microtasks run before the next macrotask. */
function runNext(): void {
  coming -= 1;
  const next = waiting.shift();
  // When one of several concurrent runs ends here, the other runs still need macrotasks.
  if (coming === 0 && waiting.length > 0) requestMacrotasks();
  next?.();
}
