// oxlint-disable-next-line typescript/triple-slash-reference -- packages that compile this one from its sources include no more than they import
/// <reference path="./kafkajs-parts.d.ts" />
/**
 * The parts of kafkajs 2.2.4 below its producer and consumer: connections with SASL and TLS, and the requests and
 * answers of the protocol. Its producer fails whole batches for one bad partition, and its consumer gives every
 * partition up on every rebalance and commits without asking who owns what; these parts do neither. The version is
 * exact and has been the last one since 2023: what is imported here does not move. The imports are static, so that a
 * bundler finds them.
 */
import type { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { Mechanism, SASLOptions } from "kafkajs";
import brokerModule from "kafkajs/src/broker/index.js";
import assignerModule from "kafkajs/src/consumer/assignerProtocol.js";
import poolModule from "kafkajs/src/network/connectionPool.js";
import requestQueueModule from "kafkajs/src/network/requestQueue/index.js";
import errorModule from "kafkajs/src/protocol/error.js";
import compressionModule from "kafkajs/src/protocol/message/compression/index.js";
import apiKeysModule from "kafkajs/src/protocol/requests/apiKeys.js";
import requestsModule from "kafkajs/src/protocol/requests/index.js";
import bearerModule from "kafkajs/src/protocol/sasl/oauthBearer/index.js";

/** One request and how its answer is read. */
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
  /** The second is for fetches, which here have a pool of their own. */
  readonly pool: readonly [Connection, Connection];
}

export interface Connection {
  send(exchange: Exchange & { readonly logResponseError: boolean }): Promise<unknown>;
}

export interface PoolOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | undefined;
  readonly sasl: SASLOptions | Mechanism | undefined;
  readonly clientId: string;
  readonly socketFactory: (target: SocketTarget) => Socket;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  /** How long before a session's end new credentials are shown. */
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

/** Its warnings and errors; what it does from request to request is nobody's concern. */
export function loggerFor(tell: (text: string) => void): Logger {
  const log: Log = (message, { broker } = {}) =>
    tell(`kafkajs says${broker === undefined ? "" : ` of ${broker}`}: ${message}`);
  const logger: Logger = { namespace: () => logger, debug: quiet, info: quiet, warn: log, error: log };
  return logger;
}

export const Broker = brokerModule as new (options: BrokerOptions) => Broker;
export const ConnectionPool = poolModule as new (options: PoolOptions) => ConnectionPool;
export const requests: Readonly<Record<string, unknown>> = (
  requestsModule as { readonly requests: Readonly<Record<string, unknown>> }
).requests;
export const apiKeys = apiKeysModule as Readonly<Record<string, number>>;

/** How the bearer of a token begins (RFC 7628, section 3.1). */
export const bearerRequest: (
  options: object,
  token: { readonly value: string },
) => Promise<{ readonly encode: () => Promise<Buffer> }> = (
  bearerModule as { readonly request: typeof bearerRequest }
).request;

/** What an error code of the broker means (Kafka protocol guide, error codes). */
export interface CodeMeaning extends Error {
  readonly type: string;
  readonly code: number;
  readonly retriable: boolean;
}

export const createErrorFromCode: (code: number) => CodeMeaning = (
  errorModule as { readonly createErrorFromCode: (code: number) => CodeMeaning }
).createErrorFromCode;

/** What compresses records; null for none. @throws for one that is not installed */
export const codecOf: (attributes: number) => {
  readonly decompress: (bytes: Buffer) => Promise<Buffer>;
} | null = (
  compressionModule as {
    readonly lookupCodecByAttributes: typeof codecOf;
  }
).lookupCodecByAttributes;

/** The formats in which members of a group say what they want and are told what they get (KIP-54). */
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

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const { prototype } = requestQueueModule as {
  readonly prototype: RequestQueue;
};
const schedule = prototype.scheduleCheckPendingRequests;
/** After the first answer on a connection a timer fires every millisecond for ever (kafkajs#1751): only what waits needs it. */
prototype.scheduleCheckPendingRequests = function onlyForWhatWaits(this: RequestQueue): void {
  if (this.pending.length > 0) schedule.call(this);
};
