import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {describe, it} from "node:test";
import {environmentFolder} from "../../data-loaders/setup/python-environment.js";
import {venvPython} from "../../data-loaders/setup/virtual-environment.js";
import {Store} from "../../data-loaders/stages/store.js";
import {trainerEnvironment, trainerVersion} from "../../data-loaders/trainers/trainer-package.js";

describe("the trainer's version", () => {
  it("is known without Python, and is what the trainer says of itself", async () => {
    const python = venvPython(environmentFolder(new Store(".because").root));
    const said = execFileSync(python, ["-m", "because_trainer", "version"], {
      env: trainerEnvironment(),
      encoding: "utf8"
    });
    assert.equal(await trainerVersion(), said.trim());
  });
});
