/** A machine that the user reaches by OpenSSH. */
import {z} from "zod";
import {PLACE_KEYS, sshHost, workersKey} from "./place-keys.js";

export const SshPlace = z.strictObject({
  kind: z.literal("ssh").describe("A machine behind SSH"),
  host: sshHost.describe(
    "Host of your OpenSSH configuration, where its user, port, key and jump hosts are said"
  ),
  ...PLACE_KEYS,
  workers: workersKey
});
export type SshPlace = z.infer<typeof SshPlace>;
