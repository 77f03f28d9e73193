/** Which hub is asked, and as whom: from the environment alone, named as the hub's own tools name it. */
import {BadInput} from "../../src/core/bad-input.js";

export const HUB = "https://huggingface.co";

export interface HubSettings {
  /** Address of the hub, without a slash at its end. */
  endpoint: string;
  /** Sent to the endpoint's origin and nowhere else; null for none. */
  token: string | null;
}

/**
 * `HF_ENDPOINT` (a mirror) and `HF_TOKEN`.
 *
 * @throws BadInput where one cannot be used; never with the token or a password in it
 */
export function hubSettings(env: NodeJS.ProcessEnv): HubSettings {
  return {endpoint: endpointOf(env.HF_ENDPOINT?.trim() || HUB), token: tokenOf(env.HF_TOKEN?.trim() || null)};
}

function endpointOf(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : null;
  const found = !address
    ? "no address"
    : address.username || address.password
      ? "an address with a name or password in it"
      : !/^https?:$/.test(address.protocol)
        ? `an address of ${address.protocol}`
        : address.search || address.hash
          ? "an address with a query"
          : null;
  if (found === null) return text.replace(/\/+$/, "");
  throw new BadInput({
    where: "HF_ENDPOINT",
    expected: `the address of a hub, such as ${HUB}`,
    found,
    mend: "Mend it, or unset it for huggingface.co. A token belongs in HF_TOKEN."
  });
}

/** Characters that a header cannot carry would make the error message quote the token. */
function tokenOf(token: string | null): string | null {
  if (token === null || /^[\x21-\x7e]+$/.test(token)) return token;
  throw new BadInput({
    where: "HF_TOKEN",
    expected: "a token of the hub: letters, digits and signs, without spaces",
    found: `${token.length} characters, some of which no token has`,
    mend: "Copy it again from the hub's settings; a line break or quotation marks are the usual causes."
  });
}
