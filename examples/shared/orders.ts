/** The orders that all examples place. */
export const ORDERS = [
  { orderId: 12004, address: "1 Streetford Road" },
  { orderId: 12005, address: "2 Roadford Avenue" },
  { orderId: 12006, address: "3 Avenue Fordstreet" },
] as const;
