/** Writes down what a service did: for which order, as which step of its story. */
export type Note = (orderId: number, step: number, line: string) => void;
