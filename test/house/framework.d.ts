declare module "@observablehq/framework/dist/placeholder.js" {
  /** Splits text at `${…}`; `pos` is where a placeholder ends, after its brace. */
  export function parsePlaceholder(
    input: string
  ): Generator<{type: "html_block" | "placeholder"; content: string; pos: number}>;
}
