import type { BrokerAddress } from "@waybill/core/transport-kit";
import type { Socket } from "node:net";
import { UnknownRequest } from "./codes.ts";
import { openSocket, type ConnectionSettings } from "./connection-settings.ts";
import { FETCH_VERSION, readFetchAnswer } from "./fetch-response.ts";
import {
  Broker,
  apiKeys,
  createPool,
  loggerFor,
  requests,
  type Connection,
  type Exchange,
  type SocketTarget,
} from "./kafkajs.ts";
import { produceBody } from "./produce-request.ts";
import type { Api, ApiName, ProduceRequest } from "./protocol.ts";
import { saslFor } from "./sasl.ts";

/** How long before its end a session is renewed. kafkajs renews with every request from then on; Kafka refuses two renewals within a second. */
const RENEWAL_MS = 2_000;

/**
 * One connection of kafkajs, from its opening to its end. A broken one is never opened again: kafkajs keeps half an answer
 * in its buffer, which would corrupt the next answer.
 */
class SingleConnection {
  readonly opened: Promise<void>;
  readonly #settings: ConnectionSettings;
  readonly #onEnd: (wasUp: boolean, reason: string) => void;
  readonly #broker: Broker;
  readonly #connection: Connection;
  #socket: Socket | undefined = undefined;
  #isDropped = false;

  /** @param onEnd called when the socket is closed */
  constructor(
    { host, port }: BrokerAddress,
    settings: ConnectionSettings,
    onEnd: (wasUp: boolean, reason: string) => void,
  ) {
    this.#settings = settings;
    this.#onEnd = onEnd;
    const { tls, sasl, clientId, connectTimeoutMs, warn } = settings;
    // kafkajs also warns of a connection that the adapter itself has closed.
    const logger = loggerFor((text) => {
      if (!this.#isDropped) warn(text);
    });
    const connectionPool = createPool({
      host,
      port,
      ssl: tls,
      sasl: sasl && saslFor(sasl),
      clientId,
      logger,
      connectionTimeout: connectTimeoutMs,
      requestTimeout: connectTimeoutMs,
      reauthenticationThreshold: RENEWAL_MS,
      // The health check finds a silent connection, and closes it with all requests that wait on it.
      enforceRequestTimeout: false,
      socketFactory: (target) => this.#openSocket(target),
    });
    [this.#connection] = connectionPool.pool;
    this.#broker = new Broker({
      connectionPool,
      logger,
      authenticationTimeout: connectTimeoutMs,
      allowAutoTopicCreation: false,
    });
    this.opened = this.#broker.connect();
    this.opened.catch(() => this.drop("the connection was refused"));
  }

  async send(name: ApiName, args: unknown): Promise<unknown> {
    await this.opened;
    const { request, response } = this.#exchange(name, args);
    if (name === "Fetch" && request.apiVersion !== FETCH_VERSION)
      throw new Error("the broker is older than Kafka 2.3");
    return this.#connection.send({
      request:
        name === "Produce" ? { ...request, encode: () => produceBody(args as ProduceRequest) } : request,
      response: { decode: name === "Fetch" ? readFetchAnswer : response.decode, parse: unchanged },
      logResponseError: false,
    });
  }

  drop(reason: string): void {
    this.#isDropped = true;
    this.#socket?.destroy(new Error(reason));
  }

  #openSocket(target: SocketTarget): Socket {
    const socket = openSocket(target, this.#settings);
    this.#socket = socket;
    let isUp = false;
    let reason = "the connection was closed";
    socket.once("connect", () => (isUp = true));
    socket.on("error", (error) => (reason = error.message));
    socket.once("close", () => {
      // kafkajs listens for `end` and `error`, and misses a connection that is only closed.
      if (isUp) socket.emit("end");
      this.#onEnd(isUp, reason);
    });
    if (this.#isDropped) socket.destroy();
    return socket;
  }

  /** @throws UnknownRequest */
  #exchange(name: ApiName, args: unknown): Exchange {
    let exchange: (args: unknown) => Exchange;
    try {
      exchange = this.#broker.lookupRequest(apiKeys[name] ?? -1, requests[name]);
    } catch (error) {
      throw new UnknownRequest(name, error);
    }
    return exchange(args);
  }
}

/** The connection to one broker address. It opens with the first request, and again with the first request after a loss. */
export class BrokerConnection {
  readonly #address: BrokerAddress;
  readonly #settings: ConnectionSettings;
  readonly #onLost: (reason: string) => void;
  #current: SingleConnection | undefined = undefined;
  #isClosed = false;

  /** @param onLost called when an open connection is lost */
  constructor(
    address: BrokerAddress,
    settings: ConnectionSettings,
    onLost: (reason: string) => void = () => undefined,
  ) {
    this.#address = address;
    this.#settings = settings;
    this.#onLost = onLost;
  }

  /** Sends a request. Rejects when no connection can be opened, or when it is lost before the answer. The caller checks the error codes in the answer. */
  async send<Name extends ApiName>(name: Name, request: Api[Name]["request"]): Promise<Api[Name]["answer"]> {
    if (this.#isClosed) throw new Error("the transport was closed");
    const current = (this.#current ??= this.#open());
    try {
      await current.opened;
    } catch (error) {
      if (this.#current === current) this.#current = undefined;
      throw error;
    }
    return current.send(name, request);
  }

  /** Closes the open connection. Requests in flight are rejected; the next request opens a new connection. */
  drop(reason: string): void {
    const current = this.#current;
    this.#current = undefined;
    current?.drop(reason);
  }

  close(): void {
    this.#isClosed = true;
    this.drop("the transport was closed");
  }

  #open(): SingleConnection {
    const opened: SingleConnection = new SingleConnection(this.#address, this.#settings, (wasUp, reason) => {
      if (this.#current === opened) this.#current = undefined;
      if (wasUp && !this.#isClosed) this.#onLost(reason);
    });
    return opened;
  }
}

function unchanged(decoded: unknown): unknown {
  return decoded;
}
