/** Where queries are written: a text area with the keys one expects, and Tab left to the keyboard's own use. */

export interface Editor {
  element: HTMLElement;
  area: HTMLTextAreaElement;
  /** Writes at the cursor, with a space where words would touch, and puts the cursor behind it. */
  insert: (text: string) => void;
}

const KEYS = "Ctrl+Enter, or ⌘+Enter, runs the query; Escape cancels it. Tab leaves the editor.";

export function sqlEditor(sql: string, {run, cancel}: {run: () => void; cancel: () => void}): Editor {
  const element = document.createElement("div");
  const label = document.createElement("label");
  label.textContent = "Query";
  label.htmlFor = "sql-editor";
  const area = document.createElement("textarea");
  Object.assign(area, {
    id: "sql-editor",
    className: "sql-editor",
    value: sql,
    spellcheck: false,
    wrap: "off"
  });
  area.setAttribute("autocapitalize", "off");
  area.setAttribute("autocomplete", "off");
  area.setAttribute("aria-describedby", "sql-keys");
  const keys = document.createElement("small");
  Object.assign(keys, {id: "sql-keys", textContent: KEYS});
  const fit = () => (area.rows = Math.min(24, Math.max(7, area.value.split("\n").length + 1)));
  const write = (text: string) => {
    // Kept by the browser's own undo, unlike an assignment.
    if (!document.execCommand("insertText", false, text))
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    fit();
  };
  area.addEventListener("input", fit);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      const indent = indentAt(area.value, area.selectionStart);
      if (indent === "") return;
      event.preventDefault();
      write(`\n${indent}`);
    } else if (event.key === "Escape") cancel();
  });
  fit();
  element.append(label, area, keys);
  return {
    element,
    area,
    insert(text) {
      area.focus();
      const before = area.value.slice(0, area.selectionStart);
      write(`${before === "" || /[\s(.]$/.test(before) ? "" : " "}${text}`);
    }
  };
}

/** Spaces that the cursor's line begins with. */
export function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))![0];
}
