import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {trainMany} from "./many-runs.js";
import {skipWithoutSlurm} from "./slurm-cluster.js";

const COUNT = 40;

describe(
  "forty runs on a real Slurm (npm run bench -- slurm: a thousand)",
  {skip: skipWithoutSlurm()},
  () => {
    it("one submission, one question a round, all brought, nothing twice, though pipelines are killed", async () => {
      const {calls, rounds, whole, trained} = await trainMany({count: COUNT, kills: 3, poll: 1});
      assert.deepEqual({whole, trained, sbatch: calls.sbatch}, {whole: COUNT, trained: COUNT, sbatch: 1});
      // A pipeline that is killed in the middle of a round has asked, and not yet counted it.
      assert.ok((calls.squeue ?? 0) <= rounds + 4, `${calls.squeue} questions in ${rounds} rounds`);
    });
  }
);
