/** A thread of the tables stage: its own DuckDB of one thread, one task at a time. */
import {parentPort, workerData} from "node:worker_threads";
import {openReading, type ReadingPlan} from "./executors.js";
import {perform, type Task} from "./tasks.js";

const reading = openReading(workerData as ReadingPlan);

parentPort!.on("message", ({task}: {task: Task}) => {
  void answer(task);
});

async function answer(task: Task): Promise<void> {
  try {
    parentPort!.postMessage({result: await perform(task, await reading)});
  } catch (error) {
    parentPort!.postMessage({error: (error as Error).stack ?? String(error)});
  }
}
