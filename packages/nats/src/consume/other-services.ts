import type { Subscription } from "@nats-io/transport-node";
import type { Destination } from "@waybill/core/transport";
import { heard, type ServerLink } from "../connection/connection.ts";
import { isPlain, ownersSubject, queueStream } from "../topology/names.ts";

export interface OtherServicesOptions {
  /** Where the services that read the queue tell each other their names. */
  readonly subject: string;
  /** The service that reads it here. */
  readonly service: string;
  /** Called once for each other service. */
  readonly onOther: (service: string) => void;
}

/** Anybody may say a name: so many are believed. */
const MOST_HEARD = 10;
const LONGEST_NAME = 255;

/**
 * Notices a second service that reads the same queue: the two would take messages from each other. Each says its name when
 * it begins to read, and answers a name that is new to it, so that both sides know.
 */
export class OtherServices {
  readonly #options: OtherServicesOptions;
  readonly #heard = new Set<string>();
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
      heard((msg) => this.#hear(msg.string())),
    );
    this.#say();
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#link = undefined;
  }

  #say(): void {
    const { nc } = this.#link ?? {};
    if (nc !== undefined && !nc.isClosed()) nc.publish(this.#options.subject, this.#options.service);
  }

  #hear(service: string): void {
    if (service === this.#options.service || this.#heard.has(service)) return;
    if (this.#heard.size >= MOST_HEARD || service.length > LONGEST_NAME || !isPlain(service)) return;
    this.#heard.add(service);
    this.#say();
    this.#options.onOther(service);
  }
}

interface Reader {
  readonly service: string;
  readonly stream: string | undefined;
  readonly tell: (notice: string) => void;
}

/** For a queue, which belongs to one service; nothing for other sources. */
export function otherServicesOf(
  destination: Destination,
  { service, stream, tell }: Reader,
): OtherServices | undefined {
  if (destination.kind !== "queue" || stream !== queueStream(destination.name)) return undefined;
  const { name } = destination;
  return new OtherServices({
    subject: ownersSubject(stream),
    service,
    onOther: (other) =>
      tell(
        `Two services read the queue ${name}: ${service} here and ${other} elsewhere. Each gets a part of its messages. A queue belongs to one service: stop one of the two.`,
      ),
  });
}
