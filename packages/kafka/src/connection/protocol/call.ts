/** The request and the response of one API of the protocol. */
export interface Call<Request, Answer> {
  readonly request: Request;
  readonly answer: Answer;
}

/** A response, or a part of one, with its own error code; 0 means success. */
export interface Coded {
  readonly errorCode: number;
}
