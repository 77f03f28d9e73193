/**
 * The rival's page, run in the browser: accuracy of every system in every corpus, with corpus, axis and seed to choose
 * from, drawn by `@uwdata/vgplot` from the study's own database. It gets what serves it best: one flat table in memory,
 * only the columns that it needs, our own files instead of a CDN, and its own pre-aggregation.
 */
import {AsyncDuckDB, DuckDBDataProtocol, VoidLogger} from "@duckdb/duckdb-wasm";
import * as vg from "@uwdata/vgplot";

async function connect() {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker("./duckdb-worker.js"));
  await database.instantiate(new URL("./duckdb.wasm", location.href).href);
  const study = new URL("./study.duckdb", location.href).href;
  await database.registerFileURL("study.duckdb", study, DuckDBDataProtocol.HTTP, false);
  const connection = await database.connect();
  for (const sql of [
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "ATTACH 'study.duckdb' AS study (READ_ONLY)",
    "CREATE TABLE scores AS SELECT system, seed, corpus, axis, correct::INTEGER AS correct FROM study.predictions"
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
const chart = vg.plot(
  vg.dot(vg.from("scores", {filterBy: chosen}), {
    x: vg.avg("correct"),
    y: "system",
    fy: "corpus",
    fill: "system"
  }),
  vg.xDomain([0, 1]),
  vg.yLabel(null),
  vg.marginLeft(260),
  vg.width(920),
  vg.height(1800)
);
const form = document.createElement("form");
form.className = "menus";
form.append(...menus);
const place = document.createElement("div");
place.className = "chart";
place.append(chart);
document.body.append(form, place);
