/** Who performs tasks: this thread, or several others. */
import {Worker} from "node:worker_threads";
import {Database} from "./database.js";
import {createLabelType, type Reading} from "./read-predictions.js";
import {perform, type ResultOf, type Task} from "./tasks.js";

/** What a thread needs to read run logs; its arrays lie in shared memory. */
export type ReadingPlan = Omit<Reading, "db">;

export interface Executor {
  run<T extends Task>(task: T): Promise<ResultOf<T>>;
  close(): Promise<void>;
}

export async function openReading(plan: ReadingPlan): Promise<Reading> {
  const db = await Database.create(":memory:");
  await createLabelType(db, plan.layout);
  return {...plan, db};
}

/** One task after another, in this thread. */
export async function inlineExecutor(plan: ReadingPlan): Promise<Executor> {
  const reading = await openReading(plan);
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const next = last.then(() => perform(task, reading));
      last = next.catch(() => undefined);
      return next;
    },
    close: async () => reading.db.discard()
  };
}

interface Waiting {
  task: Task;
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

/** As many threads as asked for; tasks start in the order in which they come. When a thread breaks, all that waits fails. */
export function workerExecutor(plan: ReadingPlan, threads: number): Executor {
  const queue: Waiting[] = [];
  const running = new Map<Worker, Waiting>();
  let broken: Error | null = null;
  const fail = (error: Error) => {
    broken ??= error;
    for (const waiting of [...running.values(), ...queue.splice(0)]) waiting.reject(broken);
    running.clear();
  };
  const next = () => {
    for (const worker of workers) {
      if (running.has(worker)) continue;
      const waiting = queue.shift();
      if (!waiting) return;
      running.set(worker, waiting);
      worker.postMessage({task: waiting.task});
    }
  };
  const startWorker = (): Worker => {
    const worker = new Worker(new URL("./table-worker.mjs", import.meta.url), {workerData: plan});
    worker.on("message", ({result, error}: {result: never; error?: string}) => {
      const waiting = running.get(worker);
      running.delete(worker);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
      next();
    });
    worker.on("error", fail);
    return worker;
  };
  const workers = Array.from({length: threads}, startWorker);
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        queue.push({task, resolve, reject});
        next();
      }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  };
}
