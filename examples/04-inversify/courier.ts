import { injectable, postConstruct, preDestroy } from "inversify";

/** A resident: created when the bus starts, ended when the bus has stopped. */
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
