/** The door for applications. */
export { command, event, type Command, type Contract, type Event } from "./message/contract.ts";
