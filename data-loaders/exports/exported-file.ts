/** A file of an export, made line by line as it is written: the texts of all arms need not be in memory at once. */
import {stringify} from "yaml";

export interface ExportedFile {
  /** Within the export, with `/`. */
  path: string;
  text: () => Iterable<string>;
}

export function jsonLines<R>(path: string, rows: R[], recordOf: (row: R) => object): ExportedFile {
  return {
    path,
    *text() {
      for (const row of rows) yield `${JSON.stringify(recordOf(row))}\n`;
    }
  };
}

/** YAML 1.1, which Python reads: `no` is quoted there, and a number with an exponent needs a point. */
export function yamlFile(path: string, comment: string, value: object): ExportedFile {
  const text = stringify(value, {version: "1.1"}).replaceAll(/(: |- )(-?\d+)(e[-+]?\d+)$/gm, "$1$2.0$3");
  return textFile(path, `# ${comment}\n${text}`);
}

export function textFile(path: string, text: string): ExportedFile {
  return {path, text: () => [text]};
}
