/** The interface of the bank that the services use. */
export interface Bank {
  charge(charge: Charge): Promise<void>;
}

export interface Charge {
  readonly euros: number;
  /** The bank carries out one charge for each reference; without a reference it carries out every charge. */
  readonly reference?: string;
}

/** The interface of the post office that the services use. */
export interface Post {
  send(receipt: { readonly orderId: number }): Promise<void>;
}
