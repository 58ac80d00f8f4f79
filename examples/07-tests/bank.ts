/** What the services need of a bank. */
export interface Bank {
  charge(charge: Charge): Promise<void>;
}

export interface Charge {
  readonly euros: number;
  /** The bank carries out a charge once for each reference; without one, each time. */
  readonly reference?: string;
}

/** What the services need of a post office. */
export interface Post {
  send(receipt: { readonly orderId: number }): Promise<void>;
}
