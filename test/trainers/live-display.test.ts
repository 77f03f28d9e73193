import assert from "node:assert/strict";
import {mkdir, mkdtemp, rm, utimes, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {LiveDisplay} from "../../data-loaders/live/live-display.js";
import {liveFile, liveStudies, readLive} from "../../data-loaders/live/live-file.js";
import {SILENT, type Context} from "../../data-loaders/stages/context.js";
import {Store} from "../../data-loaders/stages/store.js";
import type {RunState} from "../../data-loaders/trainers/trainer.js";
import type {RunDisplay} from "../../data-loaders/trainers/watch-runs.js";
import {addLoss, countsOf, MOST_POINTS, secondsLeft, type LossPoint} from "../../src/core/live.js";

const RUN = "00000000000000aa";
const running = (step: number, loss: number): RunState => ({
  status: "running",
  reason: "",
  progress: {event: "step", time: 1000 + step, step, steps: 100, loss, tokens_per_second: 900}
});

test("what a display is shown is noted, with curves that outlive a pipeline", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "because-live-"));
  t.after(() => rm(folder, {recursive: true}));
  const store = new Store(folder);
  const file = {id: "small", study: {title: "Small"}} as Context["file"];
  const context: Context = {file, store, report: SILENT};
  const seen: string[] = [];
  const inner: RunDisplay = {
    begin: (title) => void seen.push(`begin ${title}`),
    update: () => void seen.push("update"),
    end: () => void seen.push("end")
  };
  const noted = async (step: number) => {
    for (let tries = 0; tries < 600; tries++) {
      const live = await readLive(liveFile(store, "small"));
      if (live?.ended && live.runs[0]?.step === step) return live; // its last note: none comes after it
      await sleep(50);
    }
    return assert.fail(`step ${step} was never noted`);
  };
  await mkdir(join(store.runs, RUN), {recursive: true});
  await writeFile(join(store.runs, RUN, "trainer.log"), "one\nloading weights\n\n");
  const first = new LiveDisplay(inner, context, "gpu-box");
  first.begin("training", [{run: RUN, title: "label-only, seed 1", steps: 100}]);
  first.update(new Map([[RUN, running(10, 2)]]));
  first.update(new Map([[RUN, running(10, 2)]]));
  first.end(new Map([[RUN, running(20, 1.5)]]));
  const one = await noted(20);
  assert.deepEqual([one.place, one.stage, one.ended], ["gpu-box", "training", true]);
  assert.equal(one.runs[0]!.word, "loading weights");
  assert.equal(one.runs[0]!.tokens_per_second, 900);
  assert.deepEqual(seen, ["begin training", "update", "update", "end"]);

  const again = new LiveDisplay(inner, context, "gpu-box");
  await sleep(50);
  again.begin("training", [{run: RUN, title: "label-only, seed 1", steps: 100}]);
  again.update(new Map([[RUN, running(30, 1)]]));
  again.end(new Map([[RUN, running(30, 1)]]));
  const two = await noted(30);
  assert.deepEqual(
    two.runs[0]!.losses.map(({step, loss}) => [step, loss]),
    [
      [10, 2],
      [30, 1]
    ]
  );
  assert.deepEqual(
    (await liveStudies(store)).map(({title}) => title),
    ["Small"]
  );
  await utimes(liveFile(store, "small"), 1, 1);
  await writeFile(store.path("live", "broken.json"), "{");
  assert.deepEqual(await liveStudies(store), [], "old news, or half a file, was told");
});

test("curves stay short, and go back with a run that goes back", () => {
  let losses: LossPoint[] = [];
  for (let step = 1; step <= 5000; step++) losses = addLoss(losses, {step, loss: 1 / step, time: step});
  assert.ok(losses.length <= MOST_POINTS);
  assert.deepEqual([losses[0]!.step, losses.at(-1)!.step], [1, 5000]);
  const back = addLoss(losses, {step: 2500, loss: 1, time: 6000});
  assert.ok(back.every(({step}) => step <= 2500));
  assert.equal(back.at(-1)!.loss, 1);
});

test("time left is told from the pace, and only of what runs", () => {
  const losses = [10, 20].map((step) => ({step, loss: 1, time: step / 2}));
  const run = {...{run: RUN, title: "", word: "", step: 20, steps: 100}, tokens_per_second: null, losses};
  assert.equal(secondsLeft({...run, status: "running"}), 40);
  assert.equal(secondsLeft({...run, status: "queued"}), null);
  assert.equal(secondsLeft({...run, status: "running", losses: losses.slice(1)}), null);
  assert.equal(
    countsOf([
      {...run, status: "running"},
      {...run, status: "unknown"},
      {...run, status: "failed"},
      {...run, status: "cancelled"}
    ]),
    "1 running · 1 queued · 0 of 4 done · 1 failed · 1 cancelled"
  );
});
