import type { HandlerContext, IncomingMiddleware } from "@waybill/core";
import { Container, type ContainerOptions, type ServiceIdentifier } from "inversify";
import { CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER } from "./identifiers.ts";

/** Options of the containers of messages. */
export type ChildOptions = Omit<ContainerOptions, "parent">;

/**
 * One child container for each try of a message: what is bound and made in it is for that try alone. Disposed of after
 * the message's fate is decided and what its handler sent is stored.
 */
export class MessageContainers {
  readonly #parent: Container;
  readonly #options: ChildOptions;
  readonly #containers = new WeakMap<HandlerContext, Container>();
  readonly #closing = new Set<Promise<void>>();

  constructor(parent: Container, options: ChildOptions) {
    this.#parent = parent;
    this.#options = options;
  }

  /** The step that gives a message its container: before all middleware that is made in one. */
  readonly step: IncomingMiddleware = {
    name: "container",
    run: (context, next) => {
      const container = childOf(this.#parent, this.#options);
      container.bind(MESSAGE_CONTEXT).toConstantValue(context);
      container.bind(MESSENGER).toConstantValue(context);
      // The first message of a conversation that others began without naming it is its name, as for what it causes.
      container.bind(CORRELATION_ID).toConstantValue(context.message.correlationId ?? context.message.id);
      container.bind(MESSAGE_CONTAINER).toConstantValue(container);
      this.#containers.set(context, container);
      context.onFinished(() => this.#close(container));
      return next();
    },
  };

  /** Makes something for a message. A class that nobody has bound is bound for the message. */
  resolve<Made>(context: HandlerContext, id: ServiceIdentifier<Made>): Promise<Made> {
    const container = this.#containers.get(context);
    if (container === undefined) throw new TypeError("a message without a container");
    bindUnbound(container, id);
    return container.getAsync(id);
  }

  /** Resolves once every container of a finished message is disposed of. */
  async idle(): Promise<void> {
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #close(container: Container): void {
    // Not at once: the message's fate is told to the broker first.
    const closing = Promise.resolve()
      .then(() => container.unbindAllAsync())
      .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)))
      .finally(() => void this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

export function childOf(parent: Container, options: ChildOptions): Container {
  return new Container({ ...options, parent });
}

/** Binds a class to itself where nobody has bound it. */
export function bindUnbound<Made>(container: Container, id: ServiceIdentifier<Made>): void {
  if (typeof id === "function" && !container.isBound(id)) container.bind<Made>(id).toSelf();
}
