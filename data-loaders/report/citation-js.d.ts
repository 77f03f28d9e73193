/** The little of citation-js that reports use; it brings no types. */
declare module "@citation-js/core" {
  export interface CslName {
    given?: string;
    family?: string;
    "non-dropping-particle"?: string;
    "dropping-particle"?: string;
    suffix?: string;
    literal?: string;
  }
  export interface CslEntry {
    id: string;
    type: string;
    title?: string;
    author?: CslName[];
    editor?: CslName[];
    issued?: {"date-parts"?: (number | string)[][]};
    "container-title"?: string;
    publisher?: string;
    volume?: string | number;
    issue?: string | number;
    page?: string;
    DOI?: string;
    URL?: string;
  }
  export const plugins: {
    input: {chain(text: string, options: {generateGraph: boolean; forceType: string}): CslEntry[]};
  };
}
declare module "@citation-js/plugin-bibtex";
