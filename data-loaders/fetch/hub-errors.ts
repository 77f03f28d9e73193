/** What the hub refuses, in the words of its mend. Codes stand in `X-Error-Code`, as the hub's own client reads them. */
import {BadInput} from "../../src/core/bad-input.js";
import {keysOf, pagePath} from "./repository.js";
import type {Repository} from "./repository.js";

/** A refusal: asking again would not help. */
export interface Refusal {
  /** Left out for a dataset. */
  kind?: Repository["kind"];
  /** `owner/name` of the dataset or model. */
  dataset: string;
  /** Address of the hub, without path. */
  endpoint: string;
  status: number;
  /** `X-Error-Code`: `GatedRepo`, `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`; null where it gave none. */
  code: string | null;
  /** The hub's own words, without the token; null where it gave none. */
  message: string | null;
  /** Whether a token was sent. */
  withToken: boolean;
}

/** The error that a user can mend. */
export function refused(refusal: Refusal): BadInput {
  const {dataset, endpoint, status, message} = refusal;
  const {expected, mend} = meaningOf(refusal);
  return new BadInput({
    where: `${dataset} at ${new URL(endpoint).host}`,
    expected,
    found: `${status}${message ? ` (${message})` : ""}`,
    mend
  });
}

function meaningOf(refusal: Refusal): {expected: string; mend: string} {
  const {code, status, message, withToken} = refusal;
  if (status === 401 && withToken && /invalid (credentials|username|token)/i.test(message ?? ""))
    return {
      expected: "a token that the hub knows",
      mend: `Set HF_TOKEN to a token of your account (${refusal.endpoint}/settings/tokens), or unset it for what is public.`
    };
  if (code === "GatedRepo") return gated(refusal);
  if (code === "RevisionNotFound")
    return {
      expected: `the commit that ${keysOf(refusal).revision} names`,
      mend: `Set \`revision\` to a commit that ${pageOf(refusal)}/commits/main lists.`
    };
  if (code === "EntryNotFound")
    return {
      expected: "the file that the hub listed",
      mend: `Check ${refusal.kind === "model" ? "" : "`hub.files` and "}${keysOf(refusal).revision}, and fetch again.`
    };
  if (code === "RepoNotFound" || status === 404 || status === 401)
    return {
      expected: `a ${refusal.kind ?? "dataset"} that can be read`,
      mend: withToken
        ? `Check ${keysOf(refusal).name}; a private one needs an HF_TOKEN of an account that may read it.`
        : `Check ${keysOf(refusal).name}; a private or gated one needs HF_TOKEN in the environment.`
    };
  if (status === 403)
    return {
      expected: "a token that may read it",
      mend: `Give the token of HF_TOKEN the right to read public gated repositories (${refusal.endpoint}/settings/tokens), and accept the terms at ${pageOf(refusal)}.`
    };
  return {expected: "the hub to answer", mend: "Check HF_ENDPOINT; if it is right, try again later."};
}

function gated(refusal: Refusal): {expected: string; mend: string} {
  const page = pageOf(refusal);
  return refusal.withToken
    ? {
        expected: "that its terms were accepted by the account of HF_TOKEN",
        mend: `Accept the licence at ${page} with that account (some then wait for their owner), and fetch again.`
      }
    : {
        expected: "an account that accepted its terms",
        mend: `Accept the licence at ${page}, make a token at ${refusal.endpoint}/settings/tokens, set HF_TOKEN to it, and fetch again.`
      };
}

const pageOf = (refusal: Refusal): string => `${refusal.endpoint}${pagePath(refusal)}`;
