import type { PublishFailure } from "../../spi/transport.ts";

/** For adapters: why a message was not stored, where nothing of it was. */
export function refusal(code: PublishFailure["code"], message: string, cause?: unknown): PublishFailure {
  return { code, message, maybeStored: false, cause };
}
