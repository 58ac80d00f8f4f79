import type { Subscription } from "@nats-io/transport-node";
import type { Destination } from "@waybill/core/transport";
import { messagesOnly, type ServerLink } from "../connection/connection.ts";
import { isPlain, readersSubject, queueStream } from "../topology/names.ts";

export interface OtherServicesOptions {
  /** The subject on which the services that read the queue announce their names. */
  readonly subject: string;
  /** The service that reads the queue in this process. */
  readonly service: string;
  /** Called once for each other service. */
  readonly onOther: (service: string) => void;
}

/** Anybody may announce a name, so the number of remembered names is bounded. */
const MOST_KNOWN = 10;
const LONGEST_NAME = 255;

/**
 * Detects a second service that reads the same queue: the two would take messages from each other. Each service announces
 * its name when it begins to read, and answers a new name with its own, so that both detect the other.
 */
export class OtherServices {
  readonly #options: OtherServicesOptions;
  readonly #known = new Set<string>();
  #link: ServerLink | undefined = undefined;
  #subscription: Subscription | undefined = undefined;

  constructor(options: OtherServicesOptions) {
    this.#options = options;
  }

  open(link: ServerLink): void {
    if (this.#link === link || link.nc.isClosed()) return;
    this.#link = link;
    this.#subscription = link.nc.subscribe(
      this.#options.subject,
      messagesOnly((msg) => this.#receive(msg.string())),
    );
    this.#announce();
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#link = undefined;
  }

  #announce(): void {
    const { nc } = this.#link ?? {};
    if (nc !== undefined && !nc.isClosed()) nc.publish(this.#options.subject, this.#options.service);
  }

  #receive(service: string): void {
    if (service === this.#options.service || this.#known.has(service)) return;
    if (this.#known.size >= MOST_KNOWN || service.length > LONGEST_NAME || !isPlain(service)) return;
    this.#known.add(service);
    this.#announce();
    this.#options.onOther(service);
  }
}

interface Reader {
  readonly service: string;
  readonly stream: string | undefined;
  readonly warn: (text: string) => void;
}

/** Returns the detector for a queue, which belongs to one service; undefined for other sources. */
export function otherServicesOf(
  destination: Destination,
  { service, stream, warn }: Reader,
): OtherServices | undefined {
  if (destination.kind !== "queue" || stream !== queueStream(destination.name)) return undefined;
  const { name } = destination;
  return new OtherServices({
    subject: readersSubject(stream),
    service,
    onOther: (other) =>
      warn(
        `Two services read the queue ${name}: ${service} here and ${other} elsewhere. Each receives a part of the messages. A queue belongs to one service: stop one of the two.`,
      ),
  });
}
