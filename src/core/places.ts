/**
 * The places file: where this user trains. A study names a place by its name alone, so that no study carries the name of
 * a machine. Its schema is written here once; docs/places-reference.md and the messages about a wrong key follow it.
 */
import {z} from "zod";
import {SlurmPlace} from "./places/slurm-place.js";
import {RayPlace} from "./places/ray-place.js";
import {SshPlace} from "./places/ssh-place.js";
import {name} from "./study/names.js";

/** The place that is always there: processes on this machine. */
export const LOCAL = "local";

export const PlaceConfig = z.discriminatedUnion("kind", [SshPlace, SlurmPlace, RayPlace]);
export type PlaceConfig = z.infer<typeof PlaceConfig>;

export const PlacesSchema = z
  .strictObject({
    because: z.literal(1).describe("Version of this format"),
    places: z
      .record(name, PlaceConfig)
      .default({})
      .describe("Name → a place to train; `local` is always there and cannot be named")
  })
  .describe("Where to train");
export type Places = z.infer<typeof PlacesSchema>;
