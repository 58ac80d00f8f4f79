/** A delivery in flight. */
interface InFlight {
  /** False once it is settled or revoked; a later settlement is ignored. */
  isLive: boolean;
}

/**
 * The controllers of the few deliveries whose signal was read; kept apart, so that the usual delivery has no field
 * for one.
 */
const controllers = new WeakMap<InFlight, AbortController>();

const REVOKED = "the broker took the message back";

/** Returns the signal of a delivery, which aborts when the delivery is revoked. Creates it on the first call. */
function signalOf(delivery: InFlight): AbortSignal {
  let controller = controllers.get(delivery);
  if (controller === undefined) {
    controller = new AbortController();
    controllers.set(delivery, controller);
    if (!delivery.isLive) controller.abort(REVOKED);
  }
  return controller.signal;
}

/** Ends a delivery that the broker takes back, and aborts its signal. */
function revoke(delivery: InFlight): void {
  delivery.isLive = false;
  controllers.get(delivery)?.abort(REVOKED);
}

/** For adapters: how to take back deliveries in flight. */
export const revocation: { readonly signalOf: typeof signalOf; readonly revoke: typeof revoke } = {
  signalOf,
  revoke,
};
