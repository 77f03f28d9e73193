/** The labels of an axis to choose from, each with its key, under which way they go. */
import type {Axis} from "../core/conversation.js";
import {LABEL_KEYS, scaleText} from "../core/judging/rating-progress.js";
import {textElement} from "./dialogue.js";

/**
 * Fills `place`. A pointer gives the label and goes on. Arrow keys between the buttons only give it, since they pass
 * labels on their way to another: `stay` is true then.
 */
export function showLabels(
  place: HTMLFieldSetElement,
  axis: Axis,
  given: string | null | undefined,
  onGive: (label: string, stay: boolean) => void
): void {
  const scale = scaleText(axis);
  place.replaceChildren(
    textElement("legend", scale ? `Label: ${scale}` : "Label"),
    ...axis.labels.map((label, i) => {
      const element = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, {type: "radio", name: "rated-label", value: label, checked: label === given});
      input.addEventListener("click", ({detail}) => onGive(label, detail === 0));
      const key = LABEL_KEYS[i];
      element.append(input, textElement("span", label));
      if (key !== undefined && key !== label) element.append(textElement("kbd", key));
      return element;
    })
  );
}
