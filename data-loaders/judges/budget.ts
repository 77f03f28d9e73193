/** A hard limit of money and tokens: a call is sent only if the most that it can cost still fits. */
import type {JudgeConfig} from "../../src/core/study.js";

export interface Usage {
  input_tokens: number;
  output_tokens: number;
}

export interface Spend {
  tokens: number;
  money: number;
}

/** What tokens cost, in the study's currency; null without a price. */
export function costOf({price}: JudgeConfig, {input_tokens, output_tokens}: Usage): number | null {
  return price ? (input_tokens * price.input + output_tokens * price.output) / 1e6 : null;
}

/** As an amount of both, for the budget. */
export function spendOf(judge: JudgeConfig, usage: Usage): Spend {
  return {tokens: usage.input_tokens + usage.output_tokens, money: costOf(judge, usage) ?? 0};
}

export const NOTHING: Spend = {tokens: 0, money: 0};

/**
 * The budget of a study's votes, over all its judges and over all starts: what the log holds for these votes counts as
 * spent. It is passed only if a service uses more than was asked for, and then by what is in flight at most.
 */
export class Budget {
  readonly #limits: {money?: number; tokens?: number};
  #spent: Spend;
  #reserved: Spend = NOTHING;
  #calls = 0;
  #exhausted = false;
  #waiting: (() => void)[] = [];

  constructor(limits: {money?: number; tokens?: number}, spent: Spend = NOTHING) {
    this.#limits = limits;
    this.#spent = spent;
  }

  get spent(): Spend {
    return this.#spent;
  }

  /** Whether a call did not fit: nothing is sent any more. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /**
   * Sets aside the most that a call can cost. Where it does not fit beside the calls in flight, waits for them, since
   * they mostly cost less. Gives what settles it with the real spending; null if the budget has no room for it.
   */
  async reserve(most: Spend): Promise<((actual: Spend) => void) | null> {
    while (!this.#exhausted && !this.#fits(most)) {
      if (this.#calls === 0) this.#exhaust();
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#exhausted ? null : this.hold(most);
  }

  /** The same, but null at once where it does not fit now: others may be in flight, or nothing fits any more. */
  reserveNow(most: Spend): ((actual: Spend) => void) | null {
    return !this.#exhausted && this.#fits(most) ? this.hold(most) : null;
  }

  /** Sets aside what was sent already, whether it fits or not. */
  hold(most: Spend): (actual: Spend) => void {
    this.#calls += 1;
    this.#reserved = sum(this.#reserved, most);
    return (actual) => {
      this.#calls -= 1;
      this.#reserved =
        this.#calls === 0 ? NOTHING : sum(this.#reserved, {tokens: -most.tokens, money: -most.money});
      this.#spent = sum(this.#spent, actual);
      this.#wake();
    };
  }

  #fits(most: Spend): boolean {
    const would = sum(sum(this.#spent, this.#reserved), most);
    return (
      would.tokens <= (this.#limits.tokens ?? Infinity) && would.money <= (this.#limits.money ?? Infinity)
    );
  }

  #exhaust(): void {
    this.#exhausted = true;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function sum(a: Spend, b: Spend): Spend {
  return {tokens: a.tokens + b.tokens, money: a.money + b.money};
}
