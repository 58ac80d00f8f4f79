import { injectable, postConstruct, preDestroy } from "inversify";

/** Something with a life of its own: made when the bus starts, ended when it has stopped. */
@injectable("Singleton")
export class Courier {
  @postConstruct()
  open(): void {
    console.log("courier: open");
  }

  book(orderId: number, address: string): string {
    return `T-${orderId} to ${address}`;
  }

  @preDestroy()
  close(): void {
    console.log("courier: closed");
  }
}
