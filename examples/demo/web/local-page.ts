/**
 * The safety checks of a page that a program serves on its own machine: allowed hosts and origins, a limit of listeners, and
 * strict numbers. It uses requests and responses of the Fetch API only, so any server can use it.
 */

/** The names by which a browser on this machine reaches a server on the loopback interface. */
const LOCAL_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Returns the reason to refuse a request, or `undefined` if it is allowed. A page of another site must neither read nor send
 * commands: its requests carry its own origin or, if its name resolves to 127.0.0.1, its own name as their host.
 */
export function refusal(request: Request): Response | undefined {
  const host = request.headers.get("host");
  if (host === null || !LOCAL_NAMES.has(nameOf(`http://${host}`)))
    return forbidden("This page is served to this machine only, as localhost or 127.0.0.1.");
  const origin = request.headers.get("origin");
  if (origin !== null && !isOriginOf(host, origin))
    return forbidden("This request comes from a page of another site.");
  const isNavigation = request.method === "GET" && request.headers.get("sec-fetch-mode") === "navigate";
  const site = request.headers.get("sec-fetch-site");
  if ((site === "cross-site" || site === "same-site") && !isNavigation)
    return forbidden("This request comes from a page of another site.");
  return undefined;
}

function nameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}

function isOriginOf(host: string, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}

function forbidden(reason: string): Response {
  return new Response(reason, { status: 403, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Returns a whole number of plain decimal digits from `least` to `most`, or `undefined` for any other text. */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}

export interface BroadcastLimits {
  /** The largest number of concurrent listeners. A browser opens one connection for each page. */
  readonly listeners: number;
  /** The largest backlog of a listener in bytes. Beyond it the connection is closed; a browser reconnects by itself. */
  readonly bytesBehind: number;
}

const LIMITS: BroadcastLimits = { listeners: 32, bytesBehind: 1024 * 1024 };

type Listener = ReadableStreamDefaultController<Uint8Array>;

/** Server-sent events for many listeners. Every change is serialized once. */
export class Broadcast<Change = unknown> {
  readonly #listeners = new Set<Listener>();
  readonly #limits: BroadcastLimits;

  constructor(limits: BroadcastLimits = LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#listeners.size;
  }

  readonly send = (change: Change): void => {
    if (this.#listeners.size === 0) return;
    const bytes = eventOf(change);
    for (const listener of this.#listeners) this.#pass(listener, bytes);
  };

  /** Returns a stream that begins with these changes and continues with all later ones; 503 if there are too many listeners. */
  listen(first: readonly Change[]): Response {
    if (this.#listeners.size >= this.#limits.listeners)
      return new Response("Too many pages are connected.", { status: 503, headers: { "retry-after": "5" } });
    let own: Listener | undefined;
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (listener) => {
          own = listener;
          this.#listeners.add(listener);
          for (const change of first) this.#pass(listener, eventOf(change));
        },
        cancel: () => void (own !== undefined && this.#listeners.delete(own)),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: this.#limits.bytesBehind }),
    );
    return new Response(stream, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
    });
  }

  /** Ends all streams. */
  close(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }

  #pass(listener: Listener, bytes: Uint8Array): void {
    if (!this.#listeners.has(listener)) return;
    if ((listener.desiredSize ?? 0) > 0) return listener.enqueue(bytes);
    this.#listeners.delete(listener);
    listener.error(new Error("This listener reads too slowly."));
  }
}

function eventOf(change: unknown): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(change)}\n\n`);
}
