import { decode } from "../../codec/decode.ts";
import type { IncomingStep } from "../incoming-step.ts";

/** Reads the envelope, in either mode. */
export const decodeContent: IncomingStep = {
  name: "decode",
  run(message, next) {
    const { handlers } = message.inlet;
    message.envelope = decode(message.delivery.message, (type) => handlers.get(type)?.contract.codec);
    return next(message);
  },
};
