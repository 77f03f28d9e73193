import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {findPlace, parsePlaces, placesFile, readPlaces} from "../../data-loaders/places/places-file.js";

const parse = (keys: string) =>
  parsePlaces(`because: 1\nplaces:\n  box: {kind: ssh, host: box${keys}}\n`, "places.yaml").places.box!;
const refused = (keys: string): string => {
  try {
    parse(keys);
  } catch (error) {
    assert.ok(error instanceof BadInputs || error instanceof BadInput);
    return error.message;
  }
  throw new Error(`${keys} was taken`);
};

describe("the places file", () => {
  it("lies where the user says, else in the folder for configuration", () => {
    assert.equal(placesFile({BECAUSE_PLACES: "/x/p.yaml", XDG_CONFIG_HOME: "/c"}), "/x/p.yaml");
    assert.equal(placesFile({XDG_CONFIG_HOME: "/c", HOME: "/h"}), "/c/because/places.yaml");
    assert.equal(placesFile({HOME: "/h"}), "/h/.config/because/places.yaml");
  });

  it("fills defaults", () => {
    const {root, python, retries} = parse("");
    assert.deepEqual([root, python, retries], ["~/because", "python3", 2]);
  });

  it("an unknown key is refused with the nearest one, its line, and where keys are described", () => {
    assert.match(
      refused(", pyhton: python3"),
      /places\.yaml, line 3, key places\.box\.pyhton.*Did you mean “python”/
    );
    assert.match(refused(", colour: red"), /docs\/places-reference\.md/);
  });

  it("hosts and paths that could be options or commands are refused", () => {
    for (const host of ["-oProxyCommand=x", "a b", "a;b", "$(x)", "a/b", "user@-x", "a:b"])
      assert.throws(
        () =>
          parsePlaces(
            `because: 1\nplaces:\n  box: {kind: ssh, host: ${JSON.stringify(host)}}\n`,
            "places.yaml"
          ),
        /a host of your OpenSSH configuration/,
        host
      );
    for (const path of ["-x", "relative", "/a/../b", "~/..", "/a b", "/$(x)", "/a;b", "~other/x", "/a\\nb"])
      assert.match(refused(`, root: ${JSON.stringify(path)}`), /a whole path/, path);
    for (const path of ["/a/b-c/.d", "~", "~/x", "/ü/é"])
      assert.equal(parse(`, root: "${path}"`).kind, "ssh");
    assert.match(refused(", python: -c"), /a name, or a whole path/);
  });

  it("secrets have no place in it", () => {
    assert.match(refused(", variables: {HF_TOKEN: x}"), /no secret: set it in the place's own profile/);
    assert.doesNotMatch(
      refused(", variables: {HF_TOKEN: hf_abcdef}"),
      /hf_abcdef/,
      "a secret is in a message"
    );
    assert.match(
      refused(", torch_index: 'https://user:pw@example.org/simple'"),
      /without a user name or password/
    );
    assert.deepEqual(parse(", variables: {HF_HOME: /scratch/hf}").variables, {HF_HOME: "/scratch/hf"});
  });

  it("local is always there, and cannot be another place", async () => {
    assert.throws(
      () => parsePlaces("because: 1\nplaces:\n  local: {kind: ssh, host: a}\n", "places.yaml"),
      /line 3, key places\.local.*this machine/
    );
    assert.equal(await findPlace("local", "--on local", "/none"), null);
    assert.deepEqual(await readPlaces("/none/places.yaml"), {});
  });

  it("a name that no place has is refused with the nearest", async () => {
    const folder = await mkdtemp(join(tmpdir(), "because-places-"));
    const file = join(folder, "places.yaml");
    await writeFile(file, "because: 1\nplaces:\n  gpu-box: {kind: ssh, host: a}\n");
    await assert.rejects(
      findPlace("gpu-bx", "--on gpu-bx", file),
      /--on gpu-bx: .*local, gpu-box.*Did you mean “gpu-box”/
    );
    await rm(folder, {recursive: true});
  });
});
