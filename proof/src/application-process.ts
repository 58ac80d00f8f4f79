import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What an application tells its parent. */
export type FromApplication =
  | { readonly what: "started" }
  | { readonly what: "began" | "handled"; readonly number: number };

export interface ApplicationOptions {
  readonly url: string;
  /** Of the service and its command. */
  readonly name: string;
  readonly concurrency: number;
  readonly handlerMs: number;
  readonly onHandled: (number: number) => void;
}

const MAIN = fileURLToPath(new URL("application.ts", import.meta.url));

/** An application in a process of its own, to be stopped and killed. */
export class ApplicationProcess {
  /** What its handlers are busy with. */
  readonly running = new Set<number>();
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, "exit");
  }

  /** Resolves once its bus has started. @throws when it ends before */
  static async start(options: ApplicationOptions): Promise<ApplicationProcess> {
    const { url, name, concurrency, handlerMs, onHandled } = options;
    const child = fork(MAIN, [name, String(concurrency), String(handlerMs)], {
      env: { ...process.env, WAYBILL_TRANSPORT: url },
      execArgv: ["--conditions=@waybill/source", "--import", "tsx"],
    });
    const application = new ApplicationProcess(child);
    const started = new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the application ended with ${code} before it started`)));
      child.on("message", (message: FromApplication) => {
        if (message.what === "started") return resolve();
        if (message.what === "began") return void application.running.add(message.number);
        application.running.delete(message.number);
        onHandled(message.number);
      });
    });
    await started;
    return application;
  }

  /** Sends a signal and resolves when the process is gone: with its exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.#child.kill(signal);
    await this.#exited;
    return this.#child.exitCode ?? this.#child.signalCode;
  }
}
