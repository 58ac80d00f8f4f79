/** Records an action of a service: the order, the step of its story, and the text. */
export type Note = (orderId: number, step: number, line: string) => void;
