import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The messages of an application to its parent process. */
export type FromApplication =
  | { readonly what: "started" }
  | { readonly what: "began" | "handled"; readonly number: number };

export interface ApplicationOptions {
  readonly url: string;
  /** The name of the service and of its command. */
  readonly name: string;
  readonly concurrency: number;
  readonly handlerMs: number;
  readonly onHandled: (number: number) => void;
}

const MAIN = fileURLToPath(new URL("application.ts", import.meta.url));

/** An application in its own process, which a chaos test can stop or kill. */
export class ApplicationProcess {
  /** The numbers of the messages whose handlers are running. */
  readonly running = new Set<number>();
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, "exit");
  }

  /** Resolves when its bus has started. @throws if the process ends before */
  static async start(options: ApplicationOptions): Promise<ApplicationProcess> {
    const { url, name, concurrency, handlerMs, onHandled } = options;
    const child = fork(MAIN, [name, String(concurrency), String(handlerMs)], {
      env: { ...process.env, WAYBILL_TRANSPORT: url },
      execArgv: ["--conditions=@waybill/source", "--import", "tsx"],
    });
    const application = new ApplicationProcess(child);
    const started = new Promise<void>((resolve, reject) => {
      child.once("exit", (code) =>
        reject(new Error(`the application exited with code ${code} before it started`)),
      );
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

  /** Sends a signal and waits for the end of the process; returns its exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.#child.kill(signal);
    await this.#exited;
    return this.#child.exitCode ?? this.#child.signalCode;
  }
}
