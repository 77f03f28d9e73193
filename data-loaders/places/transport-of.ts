/** The link to a place of each kind. */
import type {PlaceConfig} from "../../src/core/places.js";
import {LocalTransport} from "./local-transport.js";
import {SshTransport} from "./ssh-transport.js";
import type {Transport} from "./transport.js";

export function transportOf(config: PlaceConfig): Transport {
  switch (config.kind) {
    case "ssh":
      return new SshTransport(config.host);
    case "slurm":
      return config.host === undefined ? new LocalTransport() : new SshTransport(config.host);
    case "ray":
      return config.host ? new SshTransport(config.host) : new LocalTransport();
  }
}
