// oxlint-disable-next-line typescript/triple-slash-reference -- packages that compile this one from its sources include no more than they import
/// <reference path="./kafkajs-parts.d.ts" />
/**
 * The only file that imports kafkajs. It takes the parts of kafkajs 2.2.4 below its producer and consumer: connections
 * with SASL and TLS, and the encoders and decoders of the protocol. The producer of kafkajs fails a whole batch for one
 * bad partition; its consumer gives up every partition on every rebalance and commits without checking ownership. These
 * parts do neither. The version is pinned, and 2.2.4 is the last release, so deep imports are stable. The imports are
 * static, so that a bundler finds them. Nothing here changes an object that the application's own kafkajs shares.
 */
import type { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { Authenticator, Mechanism } from "kafkajs";
import brokerModule from "kafkajs/src/broker/index.js";
import assignerModule from "kafkajs/src/consumer/assignerProtocol.js";
import poolModule from "kafkajs/src/network/connectionPool.js";
import errorModule from "kafkajs/src/protocol/error.js";
import compressionModule from "kafkajs/src/protocol/message/compression/index.js";
import apiKeysModule from "kafkajs/src/protocol/requests/apiKeys.js";
import requestsModule from "kafkajs/src/protocol/requests/index.js";
import bearerModule from "kafkajs/src/protocol/sasl/oauthBearer/index.js";
import type { SaslOptions } from "../../options.ts";

export type { Authenticator, Mechanism };

/** The encoder of one request and the decoder of its response. */
export interface Exchange {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: {
    readonly decode: (raw: Buffer) => Promise<unknown>;
    readonly parse: (decoded: unknown) => unknown;
  };
}

export interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

export interface ConnectionPool {
  /**
   * kafkajs itself sends fetches over the second connection. The adapter uses only the first one, because each fetcher
   * has a pool of its own.
   */
  readonly pool: readonly [Connection, Connection];
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

export interface Connection {
  readonly requestQueue: RequestQueue;
  send(exchange: Exchange & { readonly logResponseError: boolean }): Promise<unknown>;
}

export interface PoolOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | undefined;
  readonly sasl: SaslOptions | Mechanism | undefined;
  readonly clientId: string;
  readonly socketFactory: (target: SocketTarget) => Socket;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  /** Milliseconds before the end of a session at which the client authenticates again. */
  readonly reauthenticationThreshold: number;
  readonly enforceRequestTimeout: boolean;
  readonly logger: Logger;
}

export interface Broker {
  readonly connectionPool: ConnectionPool;
  connect(): Promise<void>;
  lookupRequest(apiKey: number, definition: unknown): (args: unknown) => Exchange;
}

interface BrokerOptions {
  readonly connectionPool: ConnectionPool;
  readonly logger: Logger;
  readonly authenticationTimeout: number;
  readonly allowAutoTopicCreation: boolean;
}

export interface Logger {
  readonly namespace: () => Logger;
  readonly debug: () => void;
  readonly info: () => void;
  readonly warn: Log;
  readonly error: Log;
}

type Log = (message: string, extra?: { readonly broker?: string }) => void;

const quiet = (): void => undefined;

/** Returns a logger that passes warnings and errors on, and drops all else. */
export function loggerFor(warn: (text: string) => void): Logger {
  const log: Log = (message, { broker } = {}) =>
    warn(`kafkajs warns${broker === undefined ? "" : ` about ${broker}`}: ${message}`);
  const logger: Logger = { namespace: () => logger, debug: quiet, info: quiet, warn: log, error: log };
  return logger;
}

export const Broker = brokerModule as new (options: BrokerOptions) => Broker;
const Pool = poolModule as new (options: PoolOptions) => ConnectionPool;

/**
 * Returns a connection pool without the idle timer of kafkajs. In kafkajs, after the first answer on a connection, a timer
 * fires every millisecond for ever (kafkajs#1751). Only requests that wait need the timer. The method is replaced on the
 * queues of this pool, not on the class.
 */
export function createPool(options: PoolOptions): ConnectionPool {
  const pool = new Pool(options);
  for (const { requestQueue } of pool.pool) {
    const schedule = requestQueue.scheduleCheckPendingRequests;
    requestQueue.scheduleCheckPendingRequests = function ifAnyWaits(this: RequestQueue): void {
      if (this.pending.length > 0) schedule.call(this);
    };
  }
  return pool;
}

export const requests: Readonly<Record<string, unknown>> = (
  requestsModule as { readonly requests: Readonly<Record<string, unknown>> }
).requests;
export const apiKeys = apiKeysModule as Readonly<Record<string, number>>;

/** Returns the first message of the bearer exchange (RFC 7628, section 3.1). */
export const bearerRequest: (
  options: object,
  token: { readonly value: string },
) => Promise<{ readonly encode: () => Promise<Buffer> }> = (
  bearerModule as { readonly request: typeof bearerRequest }
).request;

/** The meaning of an error code (Kafka protocol guide, error codes). */
export interface CodeMeaning extends Error {
  readonly type: string;
  readonly code: number;
  readonly retriable: boolean;
}

export const createErrorFromCode: (code: number) => CodeMeaning = (
  errorModule as { readonly createErrorFromCode: (code: number) => CodeMeaning }
).createErrorFromCode;

/** Returns the codec of a batch; null for an uncompressed one. @throws when the codec is not registered */
export const codecOf: (attributes: number) => {
  readonly decompress: (bytes: Buffer) => Promise<Buffer>;
} | null = (
  compressionModule as {
    readonly lookupCodecByAttributes: typeof codecOf;
  }
).lookupCodecByAttributes;

/** The formats of the subscriptions and assignments of a group's members (KIP-54). */
interface AssignerProtocol {
  readonly MemberMetadata: {
    encode(parts: {
      readonly version: number;
      readonly topics: readonly string[];
      readonly userData: Buffer;
    }): Buffer;
    decode(raw: Buffer): { readonly userData: Buffer };
  };
  readonly MemberAssignment: {
    encode(parts: {
      readonly version: number;
      readonly assignment: Readonly<Record<string, readonly number[]>>;
      readonly userData: Buffer;
    }): Buffer;
    decode(raw: Buffer): { readonly userData: Buffer } | null;
  };
}

const assigner = assignerModule as AssignerProtocol;
export const MemberMetadata: AssignerProtocol["MemberMetadata"] = assigner.MemberMetadata;
export const MemberAssignment: AssignerProtocol["MemberAssignment"] = assigner.MemberAssignment;
