/** A delivery in somebody's hands. */
interface Held {
  /** Until it is settled or taken back: later answers are ignored. */
  isLive: boolean;
}

/** Of the few that anybody asks for; kept beside the deliveries, so that the usual one carries nothing for it. */
const controllers = new WeakMap<Held, AbortController>();

/** For adapters: the signal of a delivery, made on first use, aborted once it is taken back. */
function signalOf(delivery: Held): AbortSignal {
  let controller = controllers.get(delivery);
  if (controller === undefined) {
    controller = new AbortController();
    controllers.set(delivery, controller);
    if (!delivery.isLive) controller.abort(REVOKED);
  }
  return controller.signal;
}

/** For adapters: the broker takes a delivery back. */
function revoke(delivery: Held): void {
  delivery.isLive = false;
  controllers.get(delivery)?.abort(REVOKED);
}

const REVOKED = "the broker took the message back";

/** For adapters: what a broker does when it takes deliveries back. */
export const revocation: { readonly signalOf: typeof signalOf; readonly revoke: typeof revoke } = {
  signalOf,
  revoke,
};
