import "reflect-metadata";
import { Controller, Inject, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import {
  ClientsModule,
  EventPattern,
  MessagePattern,
  Payload,
  Transport,
  type ClientProxy,
  type MicroserviceOptions,
} from "@nestjs/microservices";
import { firstValueFrom } from "rxjs";
import { Notes } from "./note.ts";
import { freePorts } from "./ports.ts";

const notes = new Notes();
const HOST = "127.0.0.1";
const [WAREHOUSE = 0, MAILER = 0, SALES = 0] = await freePorts(3);
interface Order {
  readonly orderId: number;
}
// #region app
// One client for each subscribing service: an event goes to the one server that its client is connected to.
const clientOf = (name: string, port: number) =>
  ClientsModule.register([{ name, transport: Transport.TCP, options: { host: HOST, port } }]);

@Controller()
class WarehouseController {
  constructor(
    @Inject("mailer") private readonly mailer: ClientProxy,
    @Inject("sales") private readonly sales: ClientProxy,
  ) {}

  @MessagePattern("warehouse.dispatch")
  dispatch(@Payload() { orderId }: Order): { trackingId: string } {
    for (const listener of [this.mailer, this.sales])
      listener.emit("warehouse.dispatched", { orderId }).subscribe();
    return { trackingId: `WB-${orderId}` };
  }
}

@Controller()
class MailerController {
  @EventPattern("warehouse.dispatched")
  async dispatched(@Payload() { orderId }: Order): Promise<void> {
    // NestJS logs an error here and drops the event, so retries and dead letters are written by hand.
    for (let tries = 1; ; tries++)
      try {
        if (orderId === 13) throw new Error("no such address");
        return notes.add(`mailer wrote about order ${orderId}`);
      } catch {
        if (tries === 4) return notes.add(`mailer gave up order ${orderId} after ${tries} tries`);
      }
  }
}

@Controller()
class SalesController {
  @EventPattern("warehouse.dispatched")
  dispatched(@Payload() { orderId }: Order): void {
    notes.add(`sales counted order ${orderId}`);
  }
}

@Module({
  imports: [clientOf("mailer", MAILER), clientOf("sales", SALES)],
  controllers: [WarehouseController],
})
class Warehouse {}
@Module({ controllers: [MailerController] })
class Mailer {}
@Module({ controllers: [SalesController] })
class Sales {}
@Module({ imports: [clientOf("warehouse", WAREHOUSE)] })
class Shop {}

const servers = await Promise.all(
  [
    { module: Warehouse, port: WAREHOUSE },
    { module: Mailer, port: MAILER },
    { module: Sales, port: SALES },
  ].map(async ({ module, port }) => {
    const server = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
      transport: Transport.TCP,
      options: { host: HOST, port },
      logger: false,
    });
    await server.listen();
    return server;
  }),
);
const shop = await NestFactory.createApplicationContext(Shop, { logger: false });
const warehouse = shop.get<ClientProxy>("warehouse");
for (const orderId of [12, 13]) {
  const { trackingId } = await firstValueFrom(
    warehouse.send<{ trackingId: string }>("warehouse.dispatch", { orderId }),
  );
  notes.add(`shop received ${trackingId}`);
}
// #endregion app
await notes.print(6);
await shop.close();
for (const server of servers) await server.close();
