import type { BrokerAddress } from "@waybill/core/transport-kit";
import type { Socket } from "node:net";
import { FETCH_VERSION, readFetchAnswer } from "./fetch-response.ts";
import { UnknownRequest } from "./codes.ts";
import {
  Broker,
  apiKeys,
  createPool,
  loggerFor,
  requests,
  type Connection,
  type Exchange,
} from "./kafkajs.ts";
import { produceBody } from "./produce-request.ts";
import type { Api, ApiName, ProduceRequest } from "./protocol.ts";
import { saslFor } from "./sasl.ts";
import { openSocket, type Wiring } from "./wiring.ts";

/** How long before its end a session is renewed: kafkajs does it with every request from then on, and Kafka refuses the second in a second. */
const RENEWAL_MS = 2_000;

/**
 * A connection to one broker, from its opening to its end. It never comes back: what kafkajs keeps of a broken one (half an
 * answer in its buffer) would spoil the next.
 */
class Wire {
  readonly opened: Promise<void>;
  readonly #broker: Broker;
  readonly #connection: Connection;
  #socket: Socket | undefined = undefined;
  #isDropped = false;

  constructor(
    { host, port }: BrokerAddress,
    wiring: Wiring,
    onEnd: (wasUp: boolean, reason: string) => void,
  ) {
    const { tls, sasl, clientId, connectTimeoutMs, tell } = wiring;
    // Of what is ended here it knows only that it has ended.
    const logger = loggerFor((text) => {
      if (!this.#isDropped) tell(text);
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
      // A silent connection is found out by the pulse and torn down with all that waits on it.
      enforceRequestTimeout: false,
      socketFactory: (target) => {
        const socket = openSocket(target, wiring);
        this.#socket = socket;
        let isUp = false;
        let reason = "the connection was closed";
        socket.once("connect", () => (isUp = true));
        socket.on("error", (error) => (reason = error.message));
        socket.once("close", () => {
          // kafkajs hears of an end and of an error, and not of a connection that is merely closed.
          if (isUp) socket.emit("end");
          onEnd(isUp, reason);
        });
        // What was ended before it had begun.
        if (this.#isDropped) socket.destroy();
        return socket;
      },
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
      response: { decode: name === "Fetch" ? readFetchAnswer : response.decode, parse: asItIs },
      logResponseError: false,
    });
  }

  drop(reason: string): void {
    this.#isDropped = true;
    this.#socket?.destroy(new Error(reason));
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

/** The way to one broker. Connects when it is used, and anew after its connection was lost. */
export class BrokerConnection {
  readonly #address: BrokerAddress;
  readonly #wiring: Wiring;
  readonly #onLost: (reason: string) => void;
  #wire: Wire | undefined = undefined;
  #isClosed = false;

  /** @param onLost a connection that was there is gone */
  constructor(address: BrokerAddress, wiring: Wiring, onLost: (reason: string) => void = () => undefined) {
    this.#address = address;
    this.#wiring = wiring;
    this.#onLost = onLost;
  }

  /** Rejects when the connection cannot be made, or is lost before the answer. The answer's error codes are the caller's. */
  async send<Name extends ApiName>(name: Name, request: Api[Name]["request"]): Promise<Api[Name]["answer"]> {
    if (this.#isClosed) throw new Error("the transport was closed");
    const wire = (this.#wire ??= this.#open());
    try {
      await wire.opened;
    } catch (error) {
      if (this.#wire === wire) this.#wire = undefined;
      throw error;
    }
    return wire.send(name, request);
  }

  /** Tears down what is open: all that waits is rejected, and the next request connects anew. */
  drop(reason: string): void {
    const wire = this.#wire;
    this.#wire = undefined;
    wire?.drop(reason);
  }

  close(): void {
    this.#isClosed = true;
    this.drop("the transport was closed");
  }

  #open(): Wire {
    const wire: Wire = new Wire(this.#address, this.#wiring, (wasUp, reason) => {
      if (this.#wire === wire) this.#wire = undefined;
      if (wasUp && !this.#isClosed) this.#onLost(reason);
    });
    return wire;
  }
}

function asItIs(decoded: unknown): unknown {
  return decoded;
}
