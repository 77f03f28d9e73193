/**
 * The rival's page, run in the browser: the accuracy of every system in every setting as a matrix of shaded numbers, as
 * the notebook's accuracy page draws it, with corpus, axis and seed to choose from, by `@uwdata/vgplot`. Intervals,
 * totals, seeds and links, which the notebook draws besides, are left out. It gets what serves it best: one flat table in
 * memory, only the columns that it needs, our own files instead of a CDN, its own cache and its own pre-aggregation.
 */
import {AsyncDuckDB, DuckDBDataProtocol, VoidLogger} from "@duckdb/duckdb-wasm";
import * as vg from "@uwdata/vgplot";

async function connect() {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker("./duckdb-worker.js"));
  await database.instantiate(new URL("./duckdb.wasm", location.href).href);
  const scores = new URL("./scores.duckdb", location.href).href;
  await database.registerFileURL("scores.duckdb", scores, DuckDBDataProtocol.HTTP, false);
  const connection = await database.connect();
  for (const sql of [
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "ATTACH 'scores.duckdb' AS served (READ_ONLY)",
    "CREATE TABLE scores AS SELECT system, seed, corpus, axis, correct FROM served.scores"
  ])
    await connection.query(sql);
  return {duckdb: database, connection};
}

vg.coordinator().databaseConnector(vg.wasmConnector(await connect()));
const chosen = vg.Selection.intersect();
const menus = ["corpus", "axis", "seed"].map((column) => {
  const menu = vg.menu({from: "scores", column, label: column, as: chosen});
  menu.querySelector("select")?.setAttribute("name", column);
  return menu;
});
const cell = {x: "system", y: "axis", fy: "corpus"};
const chart = vg.plot(
  vg.cell(vg.from("scores", {filterBy: chosen}), {...cell, fill: vg.avg("correct"), inset: 1}),
  vg.text(vg.from("scores", {filterBy: chosen}), {
    ...cell,
    text: vg.sql`printf('%.1f', 100 * avg(correct))`,
    fill: "currentColor"
  }),
  vg.colorScheme("greys"),
  vg.colorDomain([0, 1]),
  vg.xAxis("top"),
  vg.xTickRotate(-20),
  vg.yLabel(null),
  vg.marginLeft(110),
  vg.marginTop(90),
  vg.marginRight(70),
  vg.width(920),
  vg.height(650)
);
const form = document.createElement("form");
form.className = "menus";
form.append(...menus);
const place = document.createElement("div");
place.className = "chart";
place.append(chart);
document.body.append(form, place);
