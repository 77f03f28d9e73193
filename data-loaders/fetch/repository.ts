/** The hub's two kinds of repositories, and where it keeps each: datasets, and models. */

/** A repository at one commit. */
export interface Repository {
  /** Left out for a dataset. */
  kind?: "model";
  /** `owner/name`, of whichever kind. */
  dataset: string;
  /** 40 hex digits. */
  revision: string;
}

/** Path of the hub's API about a repository. */
export function apiPath({kind, dataset}: Repository): string {
  return `/api/${kind === "model" ? "models" : "datasets"}/${dataset}`;
}

/** Path below which a repository's pages and files lie; models have no prefix. */
export function pagePath({kind, dataset}: Pick<Repository, "kind" | "dataset">): string {
  return kind === "model" ? `/${dataset}` : `/datasets/${dataset}`;
}

/** The study's keys about a repository, as messages name them. */
export function keysOf({kind}: Pick<Repository, "kind">): {name: string; revision: string} {
  return kind === "model"
    ? {name: "`model.hub`", revision: "`model.revision`"}
    : {name: "`hub.dataset`", revision: "`hub.revision`"};
}

/** The kind of repository that an address of the hub is about. */
export function kindAt(path: string): Repository["kind"] {
  return /^\/(api\/)?datasets\//.test(path) ? undefined : "model";
}
