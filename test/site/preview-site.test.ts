import assert from "node:assert/strict";
import {join} from "node:path";
import {test} from "node:test";
import {setTimeout as wait} from "node:timers/promises";
import getPort from "get-port";
import {previewSite} from "../../data-loaders/site/preview-site.js";
import {writeSampleTables} from "./sample-tables.js";
import {scratchNotebook, writeFiles} from "./scratch-notebook.js";

/** The page at `url`, asked for again until it holds `text`. */
async function pageWith(url: string, text: string): Promise<string> {
  for (let tries = 0; tries < 150; tries++) {
    const html = await fetch(url).then(
      (response) => response.text(),
      () => ""
    );
    if (html.includes(text)) return html;
    await wait(200);
  }
  return assert.fail(`${url} never held “${text}”`);
}

test("a preview shows the study, follows edits, and ends when told to", async (t) => {
  const project = await scratchNotebook(t);
  const tables = await writeSampleTables(join(project, "tables"));
  const port = await getPort();
  const end = new AbortController();
  const preview = previewSite({tables, port, project, signal: end.signal, log: () => {}});
  const home = await pageWith(`http://127.0.0.1:${port}/`, "Over <b>2</b> runs");
  assert.match(home, /synthetic-banner/);
  await writeFiles(project, {"src/methods.md": "# Methods\n\nWritten meanwhile.\n"});
  await pageWith(`http://127.0.0.1:${port}/methods`, "Written meanwhile");
  end.abort();
  await preview;
});
