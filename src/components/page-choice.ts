/** Controls that belong to one page, with their value in its address; they do not travel to other pages. */

/** What the page's address says of a key of its own. */
export function ownValue(key: string): string | null {
  return new URLSearchParams(location.search).get(key);
}

/** Writes it there, without a new entry in the history; null takes it out. */
export function keepOwnValue(key: string, value: string | null): void {
  const query = new URLSearchParams(location.search);
  if (value === null) query.delete(key);
  else query.set(key, value);
  const search = query.size === 0 ? "" : `?${query}`;
  history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
}

export interface PageChoiceOptions<Value extends string> {
  /** What is chosen, in words. */
  title: string;
  /** Of the form's controls. */
  name: string;
  choices: readonly {value: Value; text: string}[];
  /** Undefined where none of the choices holds. */
  chosen: Value | undefined;
  onChoose: (value: Value) => void;
}

/** A row of radio buttons. */
export function pageChoice<Value extends string>(options: PageChoiceOptions<Value>): HTMLFieldSetElement {
  const {title, name, choices, chosen, onChoose} = options;
  const fieldset = document.createElement("fieldset");
  fieldset.className = "page-choice";
  const legend = document.createElement("legend");
  legend.textContent = title;
  fieldset.append(legend);
  for (const {value, text} of choices) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, {type: "radio", name, value, checked: value === chosen});
    input.addEventListener("change", () => onChoose(value));
    label.append(input, ` ${text}`);
    fieldset.append(label);
  }
  return fieldset;
}
