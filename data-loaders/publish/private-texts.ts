/** What nobody wants to publish without knowing: secrets, paths of this machine, the name of whoever works on it. */
import {homedir, tmpdir, userInfo} from "node:os";
import {realpathSync} from "node:fs";
import {resolve} from "node:path";
import {SECRET_NAME} from "../../src/core/places/place-keys.js";
import {escapeHtml} from "../site/page-frame.js";
import {PROJECT} from "../stages/store.js";

/** One thing to look for. */
export interface PrivateText {
  /** What it is, without saying it: `the value of HF_TOKEN`. */
  kind: string;
  pattern: RegExp;
  /** Whether it is looked for in the study's own words alone, not in the code of packages. */
  proseOnly?: boolean;
}

/** Tokens of services, by their looks. */
const TOKENS: [kind: string, pattern: RegExp][] = [
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,}\b/],
  ["an API key", /\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{32,}/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20,}/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a Google API key", /\bAIza[A-Za-z0-9_-]{35}\b/],
  ["a Slack token", /\bxox[abeprs]-[A-Za-z0-9-]{10,}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/]
];

/** Somebody's home folder, whosever it is. */
const HOMES = /(?<![\w.:/-])(?:\/(?:home|Users)\/[A-Za-z0-9._-]+\/|\/root\/)|\b[A-Z]:\\+Users\\+[^\\\s"<>|]+/;

/** Accounts that tell nothing about anybody. */
const ANYBODY =
  /^(?:root|admin|administrator|user|guest|ubuntu|debian|node|runner|docker|jovyan|vagrant|ec2-user)$/i;

/** Shorter values are no secrets, and would be found everywhere. */
const SHORTEST_SECRET = 8;

export interface Whose {
  env?: NodeJS.ProcessEnv;
  /** Folders of this study that are nobody's business: its store, its data. */
  folders?: readonly string[];
  home?: string;
  user?: string;
}

/** All of it, for this process and study. */
export function privateTexts({
  env = process.env,
  folders = [],
  home = homedir(),
  user = userInfo().username
}: Whose = {}): PrivateText[] {
  const secrets = Object.entries(env).filter(
    ([name, value]) => SECRET_NAME.test(name) && (value ?? "").length >= SHORTEST_SECRET
  );
  const own = [home, PROJECT, process.cwd(), tmpdir(), ...folders].flatMap((folder) => [
    resolve(folder),
    real(folder)
  ]);
  const paths = [...new Set(own)].filter((path) => path.split("/").filter(Boolean).length >= 1);
  return [
    ...secrets.map(([name, value]) => ({kind: `the value of ${name}`, pattern: literally(value!)})),
    ...TOKENS.map(([kind, pattern]) => ({kind, pattern})),
    ...paths.map((path) => ({
      kind: "a path of this machine",
      pattern: new RegExp(`(?<![\\w.:/-])${escaped(path)}(?=[/\\s"'<>)\\]},;:]|$)`),
      // a short one, such as /tmp, stands in the code of packages too
      proseOnly: path.split("/").filter(Boolean).length < 2
    })),
    {kind: "a home folder", pattern: HOMES, proseOnly: true},
    ...(ANYBODY.test(user) || user.length < 3
      ? []
      : [
          {
            kind: "the user name",
            pattern: new RegExp(`(?<![\\w@-])${escaped(user)}(?![\\w-])`),
            proseOnly: true
          }
        ])
  ];
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** As it is, or as JSON, addresses, HTML (ours, and that of a DOM) or CSV write it. */
function literally(text: string): RegExp {
  const json = JSON.stringify(text).slice(1, -1);
  const named = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const html = [escapeHtml(text), named, named.replaceAll('"', "&quot;")];
  const ways = [text, json, encodeURIComponent(text), ...html, text.replaceAll('"', '""')];
  return new RegExp([...new Set(ways)].map(escaped).join("|"));
}
