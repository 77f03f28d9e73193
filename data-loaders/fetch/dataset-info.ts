/**
 * What the hub says of a dataset, or of a model, before anything is downloaded: its licence, whether it is gated, and its files with
 * sizes and checksums. Protocol: `GET /api/datasets/{id}/revision/{rev}` and
 * `GET /api/datasets/{id}/tree/{rev}?recursive=true` (for models `/api/models/{id}`), paged by the `Link` header (the Hugging Face Hub API endpoints,
 * as its own clients `huggingface_hub` and `@huggingface/hub` use them).
 */
import {z} from "zod";
import {BadInput} from "../../src/core/bad-input.js";
import type {Checksum} from "./checksum.js";
import type {HubClient} from "./hub-client.js";
import {apiPath, keysOf} from "./repository.js";
import type {Repository} from "./repository.js";

export interface DatasetInfo {
  /** As the hub names it, such as `cc-by-4.0`; null where the dataset states none. */
  licence: string | null;
  /** Whether terms have to be accepted at the hub before files can be downloaded. */
  gated: boolean;
}

/** A file of a dataset. */
export interface TreeFile {
  /** With `/` between folders. */
  path: string;
  bytes: number;
  checksum: Checksum;
}

const text = z.union([z.string(), z.array(z.string())]).nullish();
const Info = z.object({
  sha: z.string(),
  gated: z.union([z.boolean(), z.string()]).default(false),
  tags: z.array(z.string()).default([]),
  cardData: z.object({license: text, license_name: text, license_link: text}).nullish().catch(null)
});
const Entry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.number(),
  oid: z.string().optional(),
  lfs: z.object({oid: z.string(), size: z.number()}).nullish()
});

/**
 * Licence and access of a dataset at one commit.
 *
 * @throws BadInput where the hub has no such dataset or commit, or does not show it
 */
export async function datasetInfo(
  client: HubClient,
  hub: Repository,
  signal?: AbortSignal
): Promise<DatasetInfo> {
  const {dataset, revision} = hub;
  const path = `${apiPath(hub)}/revision/${revision}`;
  const {body} = await client.json(path, dataset, signal);
  const info = expectShape(Info, body, client.host, path);
  if (info.sha !== revision)
    throw new BadInput({
      where: `${dataset} at ${client.host}`,
      expected: `commit ${revision}`,
      found: `commit ${info.sha}`,
      mend: `Set ${keysOf(hub).revision} to the commit that you want, or HF_ENDPOINT to a hub that has it.`
    });
  return {licence: licenceOf(info), gated: info.gated !== false && info.gated !== "false"};
}

/** `other` licences are named and linked; what the card does not say may stand among the tags. */
function licenceOf({cardData, tags}: z.infer<typeof Info>): string | null {
  const words = (value: z.infer<typeof text>): string => [value ?? []].flat().join(", ");
  const tagged = tags.filter((tag) => tag.startsWith("license:")).map((tag) => tag.slice("license:".length));
  const licence = words(cardData?.license) || tagged.join(", ");
  const more = [words(cardData?.license_name), words(cardData?.license_link)].filter((part) => part !== "");
  return licence === ""
    ? more.join(", ") || null
    : more.length > 0
      ? `${licence} (${more.join(", ")})`
      : licence;
}

/**
 * All files of a dataset at one commit, as many pages as the hub makes of them.
 *
 * @throws BadInput where the hub has no such dataset or commit, or lists what cannot be a file
 */
export async function listTree(
  client: HubClient,
  hub: Repository,
  signal?: AbortSignal
): Promise<TreeFile[]> {
  const {dataset, revision} = hub;
  const path = `${apiPath(hub)}/tree/${revision}`;
  const files: TreeFile[] = [];
  const seen = new Set<string>();
  for (let query: string | null = "?recursive=true"; query !== null;) {
    if (seen.has(query)) throw misunderstood(client.host, path, "pages that lead back to each other");
    seen.add(query);
    const {body, headers} = await client.json(`${path}${query}`, dataset, signal);
    const entries = expectShape(z.array(Entry), body, client.host, path);
    for (const entry of entries) if (entry.type === "file") files.push(treeFile(entry, client.host, path));
    query = nextPage(headers.get("link"));
  }
  return files;
}

/** Query of the next page. Only the query is taken: a mirror passes on links that name the hub behind it. */
function nextPage(link: string | null): string | null {
  const [, address] = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? "") ?? [];
  return address === undefined ? null : new URL(address, "https://huggingface.co").search;
}

function treeFile({path, size, oid, lfs}: z.infer<typeof Entry>, host: string, where: string): TreeFile {
  const parts = path.split("/");
  if (/[\\\0]/.test(path) || parts.some((part) => part === "" || part === "." || part === ".."))
    throw misunderstood(host, where, `a file at ${JSON.stringify(path)}, which leads out of its folder`);
  const checksum: Checksum | null = lfs
    ? {kind: "sha256", digest: lfs.oid.toLowerCase()}
    : oid
      ? {kind: "git-sha1", digest: oid.toLowerCase()}
      : null;
  if (!checksum) throw misunderstood(host, where, `no checksum of ${path}`);
  return {path, bytes: lfs?.size ?? size, checksum};
}

function expectShape<T>(schema: z.ZodType<T>, body: unknown, host: string, path: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw misunderstood(
    host,
    path,
    `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "another shape"}`
  );
}

function misunderstood(host: string, path: string, found: string): BadInput {
  return new BadInput({
    where: `${host}${path}`,
    expected: "what the Hugging Face hub answers",
    found,
    mend: "Check that HF_ENDPOINT names a hub, or leave it out for huggingface.co."
  });
}
