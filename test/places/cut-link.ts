/** Two network namespaces with a link that can be cut: an OpenSSH server in one, everything else in the other. */
import {spawnSync} from "node:child_process";

const NAME = "because-cut";
export const HERE = "10.231.77.1";
export const THERE = "10.231.77.2";
const DEVICE = "because-cut0";

/** Makes namespace and link; says why where that is not allowed. */
export function layLink(): string | null {
  removeLink();
  const steps = [
    ["netns", "add", NAME],
    ["link", "add", DEVICE, "type", "veth", "peer", "name", "far0", "netns", NAME],
    ["addr", "add", `${HERE}/30`, "dev", DEVICE],
    ["link", "set", DEVICE, "up"],
    ["-n", NAME, "addr", "add", `${THERE}/30`, "dev", "far0"],
    ["-n", NAME, "link", "set", "far0", "up"],
    ["-n", NAME, "link", "set", "lo", "up"]
  ];
  for (const step of steps) {
    const {status, stderr, error} = spawnSync("ip", step, {encoding: "utf8"});
    if (status !== 0) {
      removeLink();
      return `ip ${step.join(" ")}: ${error?.message ?? stderr.trim()}`;
    }
  }
  return null;
}

/** A program with arguments that runs at the other end. */
export const atOtherEnd = (argv: string[]): string[] => ["ip", "netns", "exec", NAME, ...argv];

export function cutLink(): void {
  spawnSync("ip", ["link", "set", DEVICE, "down"]);
}

export function mendLink(): void {
  spawnSync("ip", ["link", "set", DEVICE, "up"]);
}

export function removeLink(): void {
  spawnSync("ip", ["link", "del", DEVICE]);
  spawnSync("ip", ["netns", "del", NAME]);
}
