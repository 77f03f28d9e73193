/**
 * Takes the picture of the README from a built notebook: `tsx test/browser/screenshot.ts [SITE]`. Without a folder it
 * takes the notebook of the browser tests.
 */
import {join, relative} from "node:path";
import {serveSite} from "../../data-loaders/site/serve-site.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {launch, open, watchedPage} from "./browser.js";
import {sampleSite} from "./sample-site.js";

/** The overview as it opens on a laptop, at twice the pixels. */
const PICTURE = join(PROJECT, "docs", "screenshot.png");
const WINDOW = {viewport: {width: 1280, height: 960}, colorScheme: "light", deviceScaleFactor: 2} as const;

const folder = process.argv[2] ?? (await sampleSite());
const server = await serveSite({folder, port: 0});
const browser = await launch();
const {page} = await watchedPage(browser, server.url, WINDOW);
await open(page, server.url);
await page.screenshot({path: PICTURE});
console.log(relative(PROJECT, PICTURE));
await browser.close();
await server.close();
