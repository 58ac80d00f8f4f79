import type { Settlement } from "../../spi/settlement.ts";
import type { Step } from "../compose.ts";
import type { IncomingMessage } from "./incoming-message.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** A step around the whole of a delivery: its answer is what becomes of the message. */
export type IncomingStep = Step<IncomingMessage, MaybePromise<Settlement>>;
/** A step around one try: it succeeds or it throws. */
export type TryStep = Step<IncomingMessage, MaybePromise<unknown>>;
