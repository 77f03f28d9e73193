/** Type-checks pages as the modules that they are, and names the page and its line in every message. */
import {dirname, join} from "node:path";
import ts from "typescript";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {pageModule} from "./page-code.js";
import type {SourceFile} from "./source-files.js";

/** Messages `src/index.md:12: …`, empty when all pages are sound. */
export function checkPages(pages: SourceFile[]): string[] {
  const options = compilerOptions();
  const modules = new Map(pages.map(({path, text}) => [join(PROJECT, `${path}.ts`), pageModule(text)]));
  const host = ts.createCompilerHost(options);
  const {getSourceFile, fileExists, readFile} = host;
  host.fileExists = (file) => modules.has(file) || fileExists.call(host, file);
  host.readFile = (file) => modules.get(file) ?? readFile.call(host, file);
  host.getSourceFile = (file, ...rest) =>
    modules.has(file)
      ? ts.createSourceFile(file, modules.get(file)!, ts.ScriptTarget.ES2022, true)
      : getSourceFile.call(host, file, ...rest);
  const globals = join(import.meta.dirname, "page-globals.d.ts");
  const program = ts.createProgram([...modules.keys(), globals], options, host);
  return [...modules.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      message
    );
  });
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(PROJECT, "tsconfig.json");
  const {config} = ts.readConfigFile(file, ts.sys.readFile);
  const {options} = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  // A block's last declaration may be there for other blocks only, and a page has many blocks.
  return {...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false};
}

function message({file, start, messageText}: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  if (!file || start === undefined) return text;
  const page = file.fileName.slice(PROJECT.length).replace(/^\//, "").replace(/\.ts$/, "");
  return `${page}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${text}`;
}
