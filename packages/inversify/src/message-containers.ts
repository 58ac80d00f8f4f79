import { AsyncLocalStorage } from "node:async_hooks";
import type { HandlerContext, IncomingMiddleware } from "@waybill/core";
import { Container, type ContainerOptions, type ServiceIdentifier } from "inversify";
import { CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER } from "./identifiers.ts";

/** Options of the containers of messages. */
export type ChildOptions = Omit<ContainerOptions, "parent">;

/**
 * The containers that handlers are made in. Each try of a message can have one of its own, where middleware binds what is
 * for that try alone; it is disposed of after the message's fate is decided and what its handler sent is stored. A
 * container costs more than all the rest of a message, so it is made when somebody asks for it: until then one is shared
 * by all messages, and the message's own things are found by its asynchronous context.
 */
export class MessageContainers {
  readonly #shared: Container;
  readonly #options: ChildOptions | undefined;
  readonly #present = new AsyncLocalStorage<HandlerContext>();
  readonly #own = new WeakMap<HandlerContext, Container>();
  readonly #closing = new Set<Promise<void>>();

  /** @param options Given, each try has a container of its own, whether asked for or not. */
  constructor(parent: Container, options: ChildOptions | undefined) {
    this.#options = options;
    this.#shared = new Container({ parent });
    const bind = <Made>(id: ServiceIdentifier<Made>, make: (context: HandlerContext) => Made): void =>
      void this.#shared
        .bind<Made>(id)
        .toDynamicValue(() => make(this.#context()))
        .inTransientScope();
    bind(MESSAGE_CONTEXT, (context) => context);
    bind(MESSENGER, (context) => context);
    // The first message of a conversation that others began without naming it is its name, as for what it causes.
    bind(CORRELATION_ID, ({ message }) => message.correlationId ?? message.id);
    bind(MESSAGE_CONTAINER, (context) => this.#containerOf(context));
  }

  /** The step that lets a message's own things be found: before all middleware that is made in its container. */
  readonly step: IncomingMiddleware = {
    name: "container",
    run: (context, next) => this.#present.run(context, next),
  };

  /** Makes something for a message. A class that nobody has bound is made anew each time. */
  resolve<Made>(context: HandlerContext, id: ServiceIdentifier<Made>): Promise<Made> {
    bindUnbound(this.#shared, id);
    const own = this.#options === undefined ? this.#own.get(context) : this.#containerOf(context);
    return (own ?? this.#shared).getAsync(id);
  }

  /** Resolves once every container of a finished message is disposed of. */
  async idle(): Promise<void> {
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #context(): HandlerContext {
    const context = this.#present.getStore();
    if (context === undefined) throw new TypeError("what is a message's was asked for outside of one");
    return context;
  }

  #containerOf(context: HandlerContext): Container {
    const known = this.#own.get(context);
    if (known !== undefined) return known;
    const container = childOf(this.#shared, this.#options ?? {});
    this.#own.set(context, container);
    context.onFinished(() => this.#close(container));
    return container;
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
  if (typeof id === "function" && !container.isBound(id))
    container.bind<Made>(id).toSelf().inTransientScope();
}
