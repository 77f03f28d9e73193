/** Text as LaTeX prints it, with pdfLaTeX's own fonts: signs that they lack are set in mathematics. */

const SIGNS: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "\u00a0": "~",
  "–": "--",
  "—": "---",
  "…": "\\ldots{}",
  "“": "``",
  "”": "''",
  "‘": "`",
  "’": "'",
  '"': "''",
  "²": "\\textsuperscript{2}",
  "³": "\\textsuperscript{3}",
  "<": "\\ensuremath{<}",
  ">": "\\ensuremath{>}",
  "|": "\\textbar{}",
  ...Object.fromEntries(["{", "}", "$", "&", "#", "%", "_"].map((sign) => [sign, `\\${sign}`])),
  ...Object.fromEntries(
    Object.entries({
      "−": "-",
      "·": "\\cdot",
      "×": "\\times",
      "±": "\\pm",
      "≤": "\\le",
      "≥": "\\ge",
      "≠": "\\ne",
      "≈": "\\approx",
      "→": "\\rightarrow",
      "←": "\\leftarrow",
      "↑": "\\uparrow",
      "↓": "\\downarrow",
      "∞": "\\infty",
      "√": "\\surd",
      "∑": "\\sum",
      Δ: "\\Delta",
      Σ: "\\Sigma",
      ...Object.fromEntries(
        "α:alpha β:beta γ:gamma δ:delta ε:epsilon η:eta θ:theta κ:kappa λ:lambda μ:mu π:pi ρ:rho σ:sigma τ:tau φ:phi χ:chi ω:omega"
          .split(" ")
          .map((pair) => pair.split(":"))
          .map(([letter, name]) => [letter, `\\${name}`])
      )
    }).map(([sign, name]) => [sign, `\\ensuremath{${name}}`])
  )
};

/** Text with nothing in it that LaTeX would obey or could not print; line ends become spaces. */
export function latexText(text: string): string {
  return [...text.replace(/\s*[\r\n]+\s*/g, " ")].map((character) => SIGNS[character] ?? character).join("");
}

export interface SnippetOptions {
  /** Of the file, without its ending: it is found as PDF or PNG. */
  name: string;
  mm: number;
  caption: string;
  /** Whether it goes over both columns of a page. */
  wide: boolean;
}

/** A figure environment to `\input`. */
export function figureSnippet({name, mm, caption, wide}: SnippetOptions): string {
  const environment = wide ? "figure*" : "figure";
  return [
    "% Needs \\usepackage{graphicx}. The figure has the size that it is drawn for: a change of its width changes its words.",
    `\\begin{${environment}}[t]`,
    "  \\centering",
    `  \\includegraphics[width=${mm}mm]{${name}}`,
    `  \\caption{${latexText(caption)}}`,
    `  \\label{fig:${name}}`,
    `\\end{${environment}}`,
    ""
  ].join("\n");
}
