/**
 * Requests to the Hugging Face hub. Its npm client (`@huggingface/hub` 2.17) was not taken: it verifies no checksum,
 * resumes nothing, and follows the hub's `Link` header with the token wherever that leads.
 */
import {BadInput} from "../../src/core/bad-input.js";
import type {HubSettings} from "./hub-settings.js";
import {refused} from "./hub-errors.js";
import {askedPause, PassingTrouble, patiently, PATIENCE} from "./patience.js";
import type {Patience} from "./patience.js";
import {kindAt} from "./repository.js";
import type {Repository} from "./repository.js";

/** Milliseconds of silence after which a connection is given up. */
const SILENCE = 30_000;
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Tries while the hub has never answered: a wrong address should not take minutes to find out. */
const FIRST_CONTACT = 2;
const MESSAGE_LENGTH = 300;

export interface HubOptions {
  patience?: Patience;
  silence?: number;
  /** One line worth reading: what went wrong and when it is tried again. */
  note?: (text: string) => void;
}

/** An answer that is being read. `heard` is called at every chunk, `end` when nothing more is wanted of it. */
export interface Answer {
  response: Response;
  /** Of the hub itself, before it passed on to where the file lies. */
  hubHeaders: Headers;
  heard(): void;
  end(): void;
}

export class HubClient {
  readonly host: string;
  readonly #settings: HubSettings;
  readonly #options: Required<HubOptions>;
  #answered = false;

  constructor(
    settings: HubSettings,
    {patience = PATIENCE, silence = SILENCE, note = () => undefined}: HubOptions = {}
  ) {
    this.#settings = settings;
    this.#options = {patience, silence, note};
    this.host = new URL(settings.endpoint).host;
  }

  /** A JSON document of the hub, tried until it answers. `dataset` names the dataset or model in messages. */
  async json(
    path: string,
    dataset: string,
    signal?: AbortSignal
  ): Promise<{body: unknown; headers: Headers}> {
    return this.patiently(dataset, signal, async () => {
      const {response, hubHeaders, end} = await this.open(path, dataset, {signal});
      const text = await response
        .text()
        .catch((error: unknown) => Promise.reject(this.interrupted(error)))
        .finally(end);
      try {
        return {body: JSON.parse(text) as unknown, headers: hubHeaders};
      } catch {
        throw new PassingTrouble("an answer that is no JSON");
      }
    });
  }

  /**
   * Tries again while troubles pass; says so.
   *
   * @throws BadInput when they do not
   */
  async patiently<T>(
    dataset: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
    gained?: () => boolean
  ): Promise<T> {
    const {patience, note} = this.#options;
    const tries = this.#answered ? patience.tries : Math.min(patience.tries, FIRST_CONTACT);
    const pausing = (trouble: PassingTrouble, pause: number): void =>
      note(`${this.host}: ${trouble.message}; trying again in ${Math.max(1, Math.round(pause / 1000))} s`);
    try {
      return await patiently(work, {patience: {...patience, tries}, gained, pausing, signal});
    } catch (error) {
      if (!(error instanceof PassingTrouble)) throw error;
      const asked = error.asked === null ? "" : `, which asks to wait ${Math.ceil(error.asked / 1000)} s`;
      throw new BadInput({
        where: `${dataset} at ${this.host}`,
        expected: "an answer of the hub",
        found: `${error.message}${asked}`,
        mend: "Check the network, and HF_ENDPOINT if you set it; then fetch again: what has arrived is kept."
      });
    }
  }

  /**
   * Opens one address of the hub, once, following it to where the file lies. The token goes to the endpoint's own
   * origin only, and is left out after a redirect to another, for good.
   *
   * @param path with a leading slash, and encoded
   * @throws PassingTrouble where another try may help
   * @throws BadInput where none would
   */
  async open(
    path: string,
    dataset: string,
    {headers = {}, signal}: {headers?: Record<string, string>; signal?: AbortSignal} = {}
  ): Promise<Answer> {
    const watch = new SilenceWatch(this.#options.silence, signal);
    try {
      let url = new URL(`${this.#settings.endpoint}${path}`);
      let home = true;
      let hubHeaders: Headers | null = null;
      for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
        home &&= url.origin === new URL(this.#settings.endpoint).origin;
        const response = await this.#get(url, headers, home, watch);
        hubHeaders ??= response.headers;
        const next = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
        if (next === null) {
          await this.#expectSuccess(response, {kind: kindAt(path), dataset}, home);
          return {response, hubHeaders, heard: () => watch.heard(), end: () => watch.end()};
        }
        await response.body?.cancel();
        url = new URL(next, url);
      }
      throw new PassingTrouble("redirects without end");
    } catch (error) {
      watch.end();
      signal?.throwIfAborted();
      throw error;
    }
  }

  async #get(
    url: URL,
    headers: Record<string, string>,
    home: boolean,
    watch: SilenceWatch
  ): Promise<Response> {
    const {token} = this.#settings;
    try {
      const response = await fetch(url, {
        redirect: "manual",
        // Packed on the way, a file has no length and its parts are not parts of it.
        headers: {
          ...headers,
          "accept-encoding": "identity",
          ...(home && token ? {authorization: `Bearer ${token}`} : {})
        },
        signal: watch.signal
      });
      this.#answered = true;
      watch.heard();
      return response;
    } catch (error) {
      throw this.interrupted(error);
    }
  }

  /** A dropped or silent connection, in few words; nothing of a request stands in it. */
  interrupted(error: unknown): PassingTrouble {
    if (error instanceof Silence) return new PassingTrouble(`silence for ${this.#options.silence / 1000} s`);
    const {code} = ((error as Error).cause ?? error) as {code?: unknown};
    return new PassingTrouble(
      typeof code === "string" ? `no connection (${code})` : "a connection that broke off"
    );
  }

  async #expectSuccess(
    response: Response,
    repository: Pick<Repository, "kind" | "dataset">,
    home: boolean
  ): Promise<void> {
    const {status, headers} = response;
    if (response.ok || status === 416) return;
    const message = headers.get("x-error-message") ?? (await errorIn(response));
    if (status === 429 || status === 408 || status >= 500)
      throw new PassingTrouble(
        `${status} ${status === 429 ? "too many requests" : "from the hub"}`,
        askedPause(headers)
      );
    // Where a file lies, addresses are signed and expire; the hub gives a new one at the next try.
    if (!home) throw new PassingTrouble(`${status} from where the hub passed on to`);
    const {endpoint, token} = this.#settings;
    throw refused({
      ...repository,
      endpoint,
      status,
      code: headers.get("x-error-code"),
      message: message && this.#discreet(message),
      withToken: token !== null
    });
  }

  /** A hub's words, without the token that it may have repeated. */
  #discreet(message: string): string {
    const {token} = this.#settings;
    return (token ? message.replaceAll(token, "…") : message).replace(/\s+/g, " ").slice(0, MESSAGE_LENGTH);
  }
}

/** `error` of a JSON answer; null where there is none. */
async function errorIn(response: Response): Promise<string | null> {
  const text = await response.text().catch(() => "");
  try {
    const {error} = JSON.parse(text) as {error?: unknown};
    return typeof error === "string" ? error : null;
  } catch {
    return null;
  }
}

class Silence extends Error {}

/** Ends a connection on which nothing was heard for a while, or that is no longer wanted. */
class SilenceWatch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(silence: number, wanted?: AbortSignal) {
    this.#timer = setTimeout(() => this.#controller.abort(new Silence()), silence);
    this.#timer.unref();
    this.signal = wanted ? AbortSignal.any([wanted, this.#controller.signal]) : this.#controller.signal;
  }

  heard(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
