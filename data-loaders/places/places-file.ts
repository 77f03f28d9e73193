/** Reads the user's places file. */
import {readFile} from "node:fs/promises";
import {homedir} from "node:os";
import {join} from "node:path";
import {z} from "zod";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {LOCAL, PlacesSchema} from "../../src/core/places.js";
import type {PlaceConfig, Places} from "../../src/core/places.js";
import {describeIssue, nearest} from "../study/describe-issue.js";
import {parseYaml} from "../study/parse-yaml.js";
import type {SchemaNode} from "../study/schema-walk.js";

/** Where the places file lies: `$BECAUSE_PLACES`, else in the user's configuration folder. */
export function placesFile(env: NodeJS.ProcessEnv = process.env): string {
  if (env.BECAUSE_PLACES) return env.BECAUSE_PLACES;
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "because", "places.yaml");
}

/** The places that the user has named; none where there is no file. Throws {@link BadInputs} with all that is wrong. */
export async function readPlaces(file: string = placesFile()): Promise<Places["places"]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? {} : parsePlaces(text, file).places;
}

/** The places file's JSON Schema. */
export function placesJsonSchema(): SchemaNode & Record<string, unknown> {
  return z.toJSONSchema(PlacesSchema, {io: "input"}) as SchemaNode & Record<string, unknown>;
}

/** Validates the text of a places file. `file` only names it in messages. */
export function parsePlaces(text: string, file: string): Places {
  const place = {...parseYaml(text, file), schema: placesJsonSchema(), reference: "docs/places-reference.md"};
  const parsed = PlacesSchema.safeParse(place.input ?? {});
  if (!parsed.success)
    throw new BadInputs(parsed.error.issues.flatMap((issue) => describeIssue(issue, place)));
  if (Object.hasOwn(parsed.data.places, LOCAL))
    throw new BadInput({
      where: `${file}, line ${place.lineOf(["places", LOCAL])}, key places.${LOCAL}`,
      expected: "another name",
      found: `“${LOCAL}”, which is this machine`,
      mend: "Give the place another name."
    });
  return parsed.data;
}

/**
 * The place with a name; null for `local`.
 *
 * @param asked what named it: `--on` or a study's key
 * @throws BadInput where no place is called so
 */
export async function findPlace(
  name: string,
  asked: string,
  file: string = placesFile()
): Promise<PlaceConfig | null> {
  if (name === LOCAL) return null;
  const places = await readPlaces(file);
  if (Object.hasOwn(places, name)) return places[name]!;
  const known = [LOCAL, ...Object.keys(places)];
  const near = nearest(name, known);
  throw new BadInput({
    where: asked,
    expected: `a place: ${known.join(", ")}`,
    found: `“${name}”`,
    mend: near
      ? `Did you mean “${near}”?`
      : `Describe it in ${file} (docs/places.md says how), or name another with --on.`
  });
}
