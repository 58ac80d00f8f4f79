import { AsyncLocalStorage } from "node:async_hooks";
import type { HandlerContext, IncomingMiddleware } from "@waybill/core";
import { Container, type ContainerOptions, type ServiceIdentifier } from "inversify";
import { CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER } from "./identifiers.ts";

/** The options of the containers of messages. */
export type ChildOptions = Omit<ContainerOptions, "parent">;

/**
 * The containers that create handlers. Each try of a message can have a container of its own, in which middleware
 * binds values for that try. It is disposed of after the messages of the handler are stored and the handled message is
 * settled. Creating a container takes longer than all other work for a message, so it is created on demand. Until then
 * all messages share one container, whose bindings read the present message from the asynchronous context.
 */
export class MessageContainers {
  readonly #shared: Container;
  readonly #options: ChildOptions | undefined;
  readonly #present = new AsyncLocalStorage<HandlerContext>();
  readonly #own = new WeakMap<HandlerContext, Container>();
  readonly #closing = new Set<Promise<void>>();

  /** @param options when given, each try has a container of its own, even when no class requests it */
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
    // A message without a correlation id starts a conversation: its id becomes the correlation id of the messages that
    // it causes.
    bind(CORRELATION_ID, ({ message }) => message.correlationId ?? message.id);
    bind(MESSAGE_CONTAINER, (context) => this.#containerOf(context));
  }

  /** The step that sets the present message. It runs before all middleware that the container creates. */
  readonly step: IncomingMiddleware = {
    name: "container",
    run: (context, next) => this.#present.run(context, next),
  };

  /** Returns an instance for a message. A class without a binding has a new instance each time. */
  resolve<Made>(context: HandlerContext, id: ServiceIdentifier<Made>): Promise<Made> {
    bindUnbound(this.#shared, id);
    const own = this.#options === undefined ? this.#own.get(context) : this.#containerOf(context);
    return (own ?? this.#shared).getAsync(id);
  }

  /** Resolves once the containers of all finished messages are disposed of. */
  async idle(): Promise<void> {
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #context(): HandlerContext {
    const context = this.#present.getStore();
    if (context === undefined)
      throw new TypeError(
        "a binding that exists only while a message is handled was requested outside of a handler and its middleware",
      );
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
    // In a later microtask, so that the message is settled first.
    const closing = Promise.resolve()
      .then(() => container.unbindAllAsync())
      .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)))
      .finally(() => void this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

/** Returns a new container below `parent`. */
export function childOf(parent: Container, options: ChildOptions): Container {
  return new Container({ ...options, parent });
}

/** Binds a class to itself when it has no binding. */
export function bindUnbound<Made>(container: Container, id: ServiceIdentifier<Made>): void {
  if (typeof id === "function" && !container.isBound(id))
    container.bind<Made>(id).toSelf().inTransientScope();
}
