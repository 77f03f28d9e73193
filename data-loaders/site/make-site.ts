/** Stage site: the notebook of one study's tables, rebuilt when they, a page or the build changed. */
import type {Context} from "../stages/context.js";
import type {StageSpec} from "../stages/store.js";
import {buildSite} from "./build-site.js";
import {siteHash} from "./site-hash.js";

export async function siteSpec(tables: string): Promise<StageSpec> {
  return {stage: "site", key: "all", inputs: {notebook: await siteHash(tables)}};
}

/** Builds the notebook unless nothing changed; returns its folder. An aborted `signal` ends the build. */
export async function makeSite(context: Context, tables: string, signal?: AbortSignal): Promise<string> {
  const {folder, made} = await context.store.ensure(context.file.id, await siteSpec(tables), (partial) =>
    buildSite({tables, output: partial, ...(signal ? {signal} : {})})
  );
  context.report.stage("site", context.file.id, made);
  return folder;
}
