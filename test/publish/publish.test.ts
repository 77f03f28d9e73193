import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {cp, mkdir, mkdtemp, readFile, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {promisify} from "node:util";
import {parse} from "yaml";
import {differencesFrom, readIntegrity, writeIntegrity} from "../../data-loaders/publish/integrity.js";
import {METADATA} from "../../data-loaders/publish/ro-crate.js";
import {scanPrivate} from "../../data-loaders/publish/scan-private.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {pathsBelow} from "../../data-loaders/stages/written-folder.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {openPublished} from "../../data-loaders/verify/open-published.js";
import {verifyPublished, type Finding} from "../../data-loaders/verify/verify-published.js";
import {changePredictions} from "../tables/synthetic-logs.js";
import {publishInto, SECRET_TEXT, studyToPublish} from "./published-study.js";

const run = promisify(execFile);
const COMMAND = join(PROJECT, "data-loaders", "because.mjs");
const MARKED = [{kind: "a text kept back", pattern: new RegExp(SECRET_TEXT)}];

test("what is published", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "because-published-"));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const input = await studyToPublish(folder);
  const [closed, open] = input.corpora.map(({id}) => id);
  const decoding = input.runs.find(({job}) => job.kind === "train" && job.arm.order === "explanation-first")!;
  await changePredictions(decoding, (row) => {
    const generated = row.corpus === closed ? `the ${SECRET_TEXT}` : "its own";
    return {...row, generated} as never;
  });
  const published = await publishInto(folder, input);
  assert.deepEqual(published.left_out, []);
  const bundle = await openPublished(published.bundleFile);
  t.after(bundle.close);

  await t.test(
    "leaves out the texts of a corpus whose licence is unknown, everywhere, and says so",
    async () => {
      assert.deepEqual(
        published.withheld.map(({id}) => id),
        [closed]
      );
      const raw = join(folder, "raw");
      await writeTables(input, raw);
      const found = await scanPrivate(raw, MARKED);
      assert.deepEqual(
        [...new Set(found.map(({file}) => file))].sort(),
        ["examples.json", "study.duckdb"],
        "the scan itself"
      );
      for (const place of [published.site, bundle.folder])
        assert.deepEqual(await scanPrivate(place, MARKED), []);
      const study = JSON.parse(
        await readFile(join(published.site, "_file/data/study/study.json"), "utf8")
      ) as {corpora: {id: string; withheld?: string}[]};
      assert.match(study.corpora.find(({id}) => id === closed)!.withheld!, /licence/);
      assert.equal(study.corpora.find(({id}) => id === open)!.withheld, undefined);
      assert.match(await readFile(join(published.site, "index.html"), "utf8"), /not published/i);
    }
  );

  await t.test("takes what models wrote on it out of the run logs", async () => {
    assert.deepEqual(
      published.altered.map(({run, file}) => [run, file]),
      [[decoding.run, "predictions.parquet"]]
    );
  });

  await t.test("has metadata whose every reference is there, and a citation", async () => {
    for (const place of [published.site, bundle.folder]) {
      const crate = JSON.parse(await readFile(join(place, METADATA), "utf8")) as {
        "@context": string;
        "@graph": Record<string, unknown>[];
      };
      assert.equal(crate["@context"], "https://w3id.org/ro/crate/1.1/context");
      const ids = crate["@graph"].map((entity) => entity["@id"]);
      assert.equal(new Set(ids).size, ids.length);
      const root = crate["@graph"].find((entity) => entity["@id"] === "./")!;
      for (const key of ["name", "description", "datePublished", "license", "author", "hasPart"])
        assert.ok(root[key], key);
      const asked = [...JSON.stringify(crate["@graph"]).matchAll(/\{"@id":"([^"]*)"\}/g)].map(
        ([, id]) => id!
      );
      assert.deepEqual(
        asked.filter((id) => !ids.includes(id) && !/^https?:/.test(id)),
        []
      );
      const parts = (root.hasPart as {"@id": string}[]).map((part) => decodeURIComponent(part["@id"]));
      const files = (await pathsBelow(place)).filter(
        (path) => path !== METADATA && path !== "integrity.json"
      );
      assert.deepEqual(parts.sort(), files.sort());
      const citation = parse(await readFile(join(place, "CITATION.cff"), "utf8")) as Record<string, unknown>;
      assert.deepEqual(citation.authors, [
        {"family-names": "Lovelace", "given-names": "Ada B."},
        {name: "Plato"}
      ]);
      assert.equal(citation.license, "CC-BY-4.0");
      assert.match(String(citation["date-released"]), /^\d{4}-\d\d-\d\d$/);
    }
  });

  await t.test("verifies from elsewhere, under another name, without a network", async () => {
    const elsewhere = join(folder, "elsewhere");
    await mkdir(elsewhere);
    await cp(published.bundleFile, join(elsewhere, "b.zip"));
    const env = {...process.env, HOME: elsewhere, USER: "somebody", LOGNAME: "somebody"};
    const command = [process.execPath, COMMAND, "verify", "b.zip", "--json"];
    const alone = await run("unshare", ["-rn", "true"]).then(
      () => ["unshare", "-rn"],
      () => [] as string[]
    );
    const [program, ...args] = [...alone, ...command];
    const {stdout} = await run(program!, args, {cwd: elsewhere, env, maxBuffer: 1e8});
    const {findings, same_code} = JSON.parse(stdout) as {findings: Finding[]; same_code: boolean};
    assert.ok(same_code);
    assert.deepEqual(
      findings.filter(({verdict}) => verdict !== "equal"),
      []
    );
    for (const kind of ["files", "cubes", "figures"])
      assert.ok(findings.filter((finding) => finding.kind === kind).length > 10, kind);
  });

  await t.test("one flipped byte is named, in any file", async () => {
    const integrity = await readIntegrity(bundle.folder);
    const files = Object.keys(integrity.files).filter((file) => integrity.files[file]!.bytes > 0);
    assert.ok(files.length > 400);
    for (const file of files.filter((_, i) => i % 29 === 0)) {
      const whole = await readFile(join(bundle.folder, file));
      const flipped = Buffer.from(whole);
      flipped[Math.floor(whole.length / 2)]! ^= 1;
      await writeFile(join(bundle.folder, file), flipped);
      assert.deepEqual(
        await differencesFrom(bundle.folder, {files: {[file]: integrity.files[file]!}}).then((found) =>
          found.filter((each) => each.difference !== "not listed")
        ),
        [{file, difference: "changed"}]
      );
      await writeFile(join(bundle.folder, file), whole);
    }
  });

  /** Names of what is different, with why, after a change that is then taken back. */
  async function differencesAfter(file: string, change: (text: string) => string | null): Promise<string[]> {
    const path = join(bundle.folder, file);
    const [before, manifest] = await Promise.all([
      readFile(path),
      readFile(join(bundle.folder, "integrity.json"))
    ]);
    const changed = change(before.toString("utf8"));
    if (changed === null) await rm(path);
    else {
      assert.notEqual(changed, before.toString("utf8"));
      await writeFile(path, changed);
      // whoever edits a number may mend the manifest, too
      const {because: _, files: __, ...facts} = await readIntegrity(bundle.folder);
      await writeIntegrity(bundle.folder, facts);
    }
    const {findings} = await verifyPublished(bundle.folder);
    await writeFile(path, before);
    await writeFile(join(bundle.folder, "integrity.json"), manifest);
    return findings.flatMap(({verdict, name, why}) =>
      verdict === "different" ? [`${name}: ${why ?? ""}`] : []
    );
  }

  await t.test("an edited number is named though the manifest was mended", async () => {
    const found = await differencesAfter("tables/levels.json", (text) =>
      text.replace(/("value":\[[^\]]*?)0\.\d+/, "$10.987654")
    );
    assert.deepEqual(found.length, 1);
    assert.match(found[0]!, /^tables\/levels\.json: .*0\.987654 was published, 0\.\d+ comes out/);
  });

  await t.test("so is one in the site, and one in a figure's data", async () => {
    const site = await differencesAfter("site/_file/data/study/levels/accuracy.json", (text) =>
      text.replace(/("value":\[[^\]]*?)0\.\d+/, "$10.987654")
    );
    assert.match(site.join("\n"), /^site\/_file\/data\/study\/levels\/accuracy\.json: .*0\.987654/);
    const name = Object.keys((await readIntegrity(bundle.folder)).files).find((file) =>
      /^figures\/.*\.csv$/.test(file)
    )!;
    const figure = await differencesAfter(name, (text) => text.replace(/0\.\d+/, "0.987654"));
    assert.deepEqual(figure, [`${name}: it is drawn otherwise`]);
  });

  await t.test("a run that is missing is named", async () => {
    const {run} = input.runs.find(({job}) => job.kind === "train")!;
    const found = await differencesAfter(`runs/${run}/manifest.json`, () => null);
    assert.ok(found.includes(`runs/${run}/manifest.json: missing, of run ${run}`), found.join("\n"));
    assert.ok(
      found.some((line) => line.startsWith("tables/runs.json: ")),
      found.join("\n")
    );
  });

  await t.test("of a site alone, files are verified and tables are said not to be recomputable", async () => {
    const {findings} = await verifyPublished(published.site);
    assert.deepEqual(
      findings.filter(({verdict}) => verdict === "different"),
      []
    );
    assert.match(findings.find(({verdict}) => verdict === "not recomputable")!.why!, /no run logs/);
  });

  await t.test("a file that is too large for a host is left out, and said so", async () => {
    const small = await publishInto(join(folder, "small"), input, {largest: 25e6});
    assert.equal(small.left_out.length, 1);
    assert.match(small.left_out[0]!, /duckdb-eh\.wasm$/);
    assert.ok(!(await pathsBelow(small.site)).includes(small.left_out[0]!));
    assert.ok((await verifyPublished(small.site)).findings.every(({verdict}) => verdict !== "different"));
  });

  await t.test("the same inputs make the same bytes, from run logs in another folder", async () => {
    const moved = join(folder, "moved");
    await cp(join(folder, "runs"), join(moved, "runs"), {recursive: true});
    const runs = input.runs.map((each) => ({...each, folder: join(moved, "runs", each.run)}));
    const again = await publishInto(moved, {...input, runs});
    const first = (await readIntegrity(published.site)).files;
    const second = (await readIntegrity(again.site)).files;
    const differing = Object.keys({...first, ...second}).filter(
      (file) => first[file]?.sha256 !== second[file]?.sha256
    );
    assert.deepEqual(differing, []);
    assert.equal(again.integrity, published.integrity);
    assert.ok(
      (await readFile(again.bundleFile)).equals(await readFile(published.bundleFile)),
      "the archives differ"
    );
    assert.ok((await stat(again.bundleFile)).size > 1e6);
  });
});
