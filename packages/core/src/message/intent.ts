/** What a message is sent for: a command, an event, a command that wants an answer, its answer, or its failure. */
export type Intent = "send" | "publish" | "request" | "reply" | "failure";
