/** Corpora made of the same dialogues must not be trained on what another is tested on. */
import {BadInput} from "../../src/core/bad-input.js";
import {dialoguesOnBothSides, type Split} from "../../src/core/split.js";
import type {Example} from "../../src/core/conversation.js";
import type {Study} from "../../src/core/study.js";
import {poolsOf} from "../study/dialogue-pools.js";

/**
 * Throws BadInput where corpora of one pool are asked for so many examples that the end that is tested on meets the end
 * that is trained on. Corpora that are not in `drawn` are not looked at.
 */
export function refuseLeaks(
  study: Pick<Study, "corpora">,
  drawn: readonly ({id: string} & Split<Pick<Example, "dialogue_id">>)[]
): void {
  for (const ids of poolsOf(study).values()) {
    const own = drawn.filter(({id}) => ids.includes(id));
    const both = dialoguesOnBothSides(own);
    if (both.size > 0)
      throw new BadInput({
        where: `corpora ${own.map(({id}) => id).join(", ")}`,
        expected:
          "no dialogue that one is trained on and another tested on, since they hold the same dialogues",
        found: `${both.size} such dialogues`,
        mend: "Lower their split.train or split.test, or raise their limit."
      });
  }
}
