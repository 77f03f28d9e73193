/** A Ray cluster that is reached by its Jobs API. */
import {z} from "zod";
import {PLACE_KEYS, sshHost, workersKey} from "./place-keys.js";

/** Hosts by which a machine calls itself: what goes there does not leave it. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const rayAddress = z
  .string()
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search;
  }, "an http or https address, without a user name or password")
  .transform((text) => text.replace(/\/+$/, ""));

const positive = z.number().positive();

export const RayPlace = z
  .strictObject({
    kind: z.literal("ray").describe("A Ray cluster, by its Jobs API"),
    address: rayAddress.describe(
      "Address of the cluster's dashboard, which serves its Jobs API; certificates are checked against those that Node.js trusts"
    ),
    token_variable: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, "a name of letters, digits and _")
      .optional()
      .describe(
        "Environment variable of this machine that holds a token; sent as `Authorization: Bearer`, and kept nowhere"
      ),
    host: sshHost
      .optional()
      .describe(
        "Host of your OpenSSH configuration that sees `root`; without it, `root` is a folder of this machine, such as a mounted network disk"
      ),
    ...PLACE_KEYS,
    workers: workersKey.describe(
      "Ray jobs at a time, each of which trains one run after another; `auto`: as many as fit on the cluster's nodes now"
    ),
    gpus: z.number().min(0).default(1).describe("GPUs of a job; 0 trains on processors"),
    cpus: positive.default(1).describe("Processor cores of a job, as Ray counts them"),
    memory_gb: positive
      .optional()
      .describe("Memory of a job in gigabytes (10⁹ bytes), as Ray counts it; default: none is reserved"),
    resources: z
      .record(z.string().min(1), positive)
      .default({})
      .describe("Custom resources of a job, name → amount")
  })
  .refine(
    ({address, token_variable}) =>
      token_variable === undefined ||
      address.startsWith("https:") ||
      LOOPBACK.test(new URL(address).hostname),
    {
      path: ["address"],
      message: "https where a token is sent, or an address of this machine, such as a tunnel (ssh -L)"
    }
  );
export type RayPlace = z.infer<typeof RayPlace>;
