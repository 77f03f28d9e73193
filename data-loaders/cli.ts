/** The `because` command: arguments in, exit code out. Each command's work is in a file of its own under `cli/`. */
import {Command, InvalidArgumentError, Option} from "commander";
import type {ExportOptions} from "./cli/export.js";
import type {ImportOptions} from "./cli/import.js";
import type {LintOptions} from "./cli/lint.js";
import type {NoiseOptions} from "./cli/noise.js";
import type {LogOptions} from "./cli/run-logs.js";
import type {VerifyOptions} from "./cli/verify.js";
import {
  collectColumn,
  parseDots,
  parseFormats,
  parseMegabytes,
  parseMillimetres,
  parseNames,
  parseSeed,
  parseTableFormats,
  parseTimes,
  studyAlone,
  studyAndFiles
} from "./cli/option-values.js";
import {failWith, finish} from "./cli/outcome.js";
import type {Outcome} from "./cli/outcome.js";
import {VENUES} from "../src/core/paper/paper-size.js";
import {VARIANTS} from "../src/core/paper/print-colours.js";
import {TARGETS} from "./exports/targets.js";
import {FORMATS} from "./paper/formats.js";
import {TABLE_FORMATS} from "./paper/table-formats.js";

/** Options that most commands share. */
export interface StudyOptions {
  study: string;
  data?: string;
  store?: string;
  json?: boolean;
}

const DEMO = "studies/demo.yaml";

const program = new Command("because")
  .description("Does it help to attach a reason to each label? Studies, trained and shown in a notebook.")
  .version("0.1.0")
  .showSuggestionAfterError()
  .showHelpAfterError("(add --help for what may stand here)")
  .configureHelp({sortSubcommands: false})
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** A command about one study. */
function studyCommand(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(new Option("--study <file>", "study file").default(DEMO))
    .option("--data <folder>", "folder that the study's corpus paths start from (default: the study file's)")
    .option("--store <folder>", "folder for everything that is made (default: the study's, else .because)");
}

/** A command about one study, which is its first argument or named by --study. */
function withStudy(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("[study]", "study file")
    .option("--study <file>", "the same, as other commands take it")
    .option("--data <folder>", "folder that the study's corpus paths start from (default: the study file's)")
    .option("--store <folder>", "folder for everything that is made (default: the study's, else .because)");
}

const jsonOption = new Option("--json", "machine-readable output");
const onOption = new Option(
  "--on <place>",
  "place to train at, from your places file (default: the study's, else this machine)"
);
const portOption = new Option(
  "--port <number>",
  "port of the notebook (default: a free one from 3000)"
).argParser(parsePort);

/** Runs a command's work and turns what comes of it into an exit code. */
function act<O>(load: () => Promise<(options: O) => Promise<Outcome>>): (options: O) => Promise<void> {
  return async (options) => {
    try {
      finish(await (await load())(options));
    } catch (error) {
      failWith(error);
    }
  };
}

studyCommand("start", "set up, run a study end to end, build the notebook, serve it")
  .addOption(portOption)
  .option("--no-open", "do not open a browser")
  .option("--no-serve", "do everything, then end instead of serving")
  .addOption(onOption)
  .action(act(async () => (await import("./cli/start.js")).start));

program
  .command("init")
  .description("write a commented study file for your own data, by asking or by flags")
  .option("--from <file>", "your data: .jsonl, .csv or .parquet (.gz too)")
  .option("--response <column>", "column with the response to be judged")
  .option("--turns <column>", "column with the dialogue before it")
  .option("--id <column>", "column with a unique id")
  .option("--dialogue <column>", "column with the dialogue's id")
  .option("--label <axis=column>", "an axis and the column with its label (repeatable)", collect, [])
  .option(
    "--explanation <axis=column>",
    "an axis and the column with its explanation (repeatable)",
    collect,
    []
  )
  .option("--nominal <axis>", "an axis whose labels have no order (repeatable)", collect, [])
  .option("--title <text>", "title of the study")
  .option("--out <file>", "study file to write")
  .option("--force", "overwrite it")
  .action(act(async () => (await import("./cli/init.js")).init));

studyCommand("check", "validate the study file and read its corpora; train nothing, write nothing")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/check.js")).check));
studyCommand(
  "explain",
  "the study with every default, and what it will take: judges' calls, runs, tokens, memory, time"
)
  .option(
    "--prompt",
    "print one example as models are trained on it and as judges are asked about it; nothing is sent"
  )
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/explain.js")).explain));
studyCommand("fetch", "download the study's corpora from the Hugging Face hub, and record their licences")
  .option("--dry-run", "only list files, sizes and licences")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/fetch.js")).fetch));
studyCommand("judge", "ask judges for the votes that are not logged yet, and merge them; train nothing")
  .option("--dry-run", "only estimate calls, tokens and cost")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/judge.js")).judge));
studyCommand("run", "ask judges for what is missing, train and score every run that is not done")
  .addOption(onOption)
  .option("--detach", "end once everything is asked for: a place that is not this machine goes on by itself")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/run.js")).run));
studyCommand("status", "each stage and run: done, stale and why, running, failed and why")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/status.js")).status));
studyCommand("tables", "turn run logs into tables; trains what is missing first")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/tables.js")).tables));
withStudy("noise", "train the same jobs again and measure how far their results differ")
  .addOption(
    new Option("--times <number>", "repetitions, the study's own run included")
      .default(3)
      .argParser(parseTimes)
  )
  .option("--arm <id>", "arm to repeat (repeatable; default: label-only and the explanation)", collect, [])
  .addOption(onOption)
  .addOption(jsonOption)
  .action((study: string | undefined, options: NoiseOptions) =>
    act(async () => {
      const {noise} = await import("./cli/noise.js");
      return (given: NoiseOptions) => noise({...given, ...studyAlone("noise", given.study, study)});
    })(options)
  );
withStudy("export", "write training files and configurations for other trainers")
  .requiredOption("--out <folder>", "new folder to write, or one that an export made")
  .addOption(new Option("--for <trainer>", "who is to read them").choices(TARGETS).makeOptionMandatory())
  .option("--arm <id>", "arm to export (repeatable; default: all)", collect, [])
  .addOption(new Option("--seed <number>", "seed to export (default: all)").argParser(parseSeed))
  .option("--force", "overwrite an export for another trainer or study, and files of it that were changed")
  .addOption(jsonOption)
  .action((study: string | undefined, options: ExportOptions) =>
    act(async () => {
      const {exportStudy} = await import("./cli/export.js");
      return (given: ExportOptions) => exportStudy({...given, ...studyAlone("export", given.study, study)});
    })(options)
  );
withStudy("import", "take predictions of other trainers, or lm-eval's sample logs, for a run of the study")
  .argument("[file...]", "predictions of all test rows: .jsonl, .csv, .tsv or .parquet")
  .requiredOption("--as <arm>", "the arm that was trained")
  .addOption(new Option("--seed <number>", "its seed").argParser(parseSeed).makeOptionMandatory())
  .option(
    "--column <name=column>",
    "a column that has another name in the files (repeatable)",
    collectColumn,
    {}
  )
  .option("--remove", "take the import of this arm and seed back: its own run counts again")
  .addOption(jsonOption)
  .action((study: string | undefined, files: string[], options: ImportOptions) =>
    act(async () => {
      const {importFiles} = await import("./cli/import.js");
      return (given: ImportOptions) =>
        importFiles({...given, ...studyAndFiles("import", given.study, study ? [study, ...files] : [])});
    })(options)
  );
studyCommand("build", "build the notebook as a static site")
  .option("--output <folder>", "copy the site there as well")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/build.js")).build));
studyCommand("publish", "the notebook as others may have it: licences honoured, nothing private, with proofs")
  .requiredOption("--output <folder>", "folder of the site; one that `because publish` wrote is replaced")
  .option(
    "--bundle <file>",
    "write an archive (.zip) too: site, tables, figures, run logs, study, environment"
  )
  .option("--hashes-only", "put hashes of run logs into the bundle instead of the logs")
  .addOption(
    new Option(
      "--largest <mb>",
      "leave out files of the site that are larger, such as DuckDB's 36 MB"
    ).argParser(parseMegabytes)
  )
  .option(
    "--allow <text>",
    "harmless text that looks private, let pass by the scan (repeatable)",
    collect,
    []
  )
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/publish.js")).publish));
program
  .command("verify")
  .description("whether a published site or bundle is whole, and its numbers come out again")
  .argument("<site-or-bundle>", "folder or .zip that `because publish` wrote")
  .addOption(jsonOption)
  .action((path: string, options: VerifyOptions) =>
    act(async () => {
      const {verify} = await import("./cli/verify.js");
      return (given: VerifyOptions) => verify({...given, path});
    })(options)
  );
studyCommand(
  "figures",
  "figures for a paper, with their data, LaTeX and alternative text; trains what is missing first"
)
  .addOption(
    new Option("--only <names>", "figures, with commas between (default: all)").argParser(parseNames)
  )
  .addOption(
    new Option("--format <formats>", `which of ${FORMATS.join(", ")}, with commas between`)
      .default([...FORMATS], FORMATS.join(","))
      .argParser(parseFormats)
  )
  .addOption(
    new Option("--venue <name>", "whose column they are to fill")
      .choices(Object.keys(VENUES))
      .default("neurips")
  )
  .addOption(
    new Option("--width <mm>", "width in millimetres, instead of a venue's").argParser(parseMillimetres)
  )
  .addOption(new Option("--dpi <number>", "dots an inch of PNG").default(300).argParser(parseDots))
  .addOption(
    new Option("--variant <name>", "colours, or greys that need none").choices(VARIANTS).default("colour")
  )
  .option("--output <folder>", "copy them there as well; other files in it stay")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/figures.js")).figures));
studyCommand(
  "paper-tables",
  "tables for a paper, in LaTeX, Markdown, HTML and CSV; trains what is missing first"
)
  .addOption(new Option("--only <names>", "tables, with commas between (default: all)").argParser(parseNames))
  .addOption(
    new Option("--format <formats>", `which of ${TABLE_FORMATS.join(", ")}, with commas between`)
      .default([...TABLE_FORMATS], TABLE_FORMATS.join(","))
      .argParser(parseTableFormats)
  )
  .addOption(
    new Option("--venue <name>", "whose column they are to fill")
      .choices(Object.keys(VENUES))
      .default("neurips")
  )
  .addOption(
    new Option("--width <mm>", "width in millimetres, instead of a venue's").argParser(parseMillimetres)
  )
  .option("--measure <id>", "of results and shares (default: accuracy)")
  .option("--output <folder>", "copy them there as well; other files in it stay")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/paper-tables.js")).paperTables));
program
  .command("lint")
  .description("what is wrong with figures of your own, before they go into a paper")
  .argument("<files...>", "SVG, PDF or PNG")
  .addOption(new Option("--venue <name>", "whose column they will fill").choices(Object.keys(VENUES)))
  .addOption(
    new Option("--width <mm>", "width on paper (default: the venue's, else the file's)").argParser(
      parseMillimetres
    )
  )
  .addOption(
    new Option("--variant <name>", "grey: must be told apart in a print without colours")
      .choices(VARIANTS)
      .default("colour")
  )
  .addOption(jsonOption)
  .action((files: string[], options: LintOptions) =>
    act(async () => {
      const {lint} = await import("./cli/lint.js");
      return (given: LintOptions) => lint({...given, files});
    })(options)
  );
studyCommand(
  "report",
  "prose whose numbers are claims, as HTML, Markdown and LaTeX; trains what is missing first"
)
  .option("--strict", "fail where a number is typed by hand, or a claim is not known")
  .option("--output <folder>", "copy it there as well; other files in it stay")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/report.js")).report));
studyCommand("preview", "edit the notebook's pages with live reload, and follow runs on its page Live")
  .addOption(portOption)
  .option("--live", "train nothing: follow what `because run` trains meanwhile")
  .option("--no-open", "do not open a browser")
  .action(act(async () => (await import("./cli/preview.js")).preview));

program
  .command("places")
  .description("where you can train: this machine, and what your places file names")
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/places.js")).places));
program
  .command("prepare")
  .description("set a place up: send the trainer, make its Python environment")
  .argument("<place>", "its name in your places file")
  .addOption(jsonOption)
  .action((name: string, options: {json?: boolean}) =>
    act(async () => {
      const {prepare} = await import("./cli/places.js");
      return (given: {json?: boolean}) => prepare({...given, name});
    })(options)
  );
studyCommand("logs", "what a run's process says")
  .argument("<run>", "a run's id, or the beginning of it")
  .addOption(onOption)
  .option("-f, --follow", "go on until the run ends")
  .action((run: string, options: LogOptions) =>
    act(async () => {
      const {logs} = await import("./cli/run-logs.js");
      return (given: LogOptions) => logs({...given, run});
    })(options)
  );
studyCommand("cancel", "end runs that go on at a place")
  .argument("[run...]", "their ids, or the beginnings of them (default: all of this store)")
  .addOption(onOption)
  .addOption(jsonOption)
  .action((runs: string[], options: LogOptions) =>
    act(async () => {
      const {cancel} = await import("./cli/run-logs.js");
      return (given: LogOptions) => cancel({...given, runs});
    })(options)
  );

program
  .command("doctor")
  .description("what is installed, what is missing, and how to mend it")
  .option("--study <file>", "study whose needs are looked at too")
  .option("--store <folder>", "store to look at (default: the study's, else .because)")
  .option("--on <place>", "look at a place of your places file instead of this machine")
  .addOption(portOption)
  .addOption(jsonOption)
  .action(act(async () => (await import("./cli/doctor.js")).doctor));
studyCommand(
  "clean",
  "remove the tables, notebooks and figures in the store, which are made again in seconds, and more on request"
)
  .option("--runs", "the study's jobs and trained runs as well")
  .option("--votes", "the log of judges' votes, of all studies; they were paid for")
  .option("--all", "the whole store but the Python environment and the votes")
  .option("--dry-run", "only say what would be removed")
  .option("--yes", "do not ask")
  .action(act(async () => (await import("./cli/clean.js")).clean));
program
  .command("schema")
  .description("the study file's JSON Schema, for editors")
  .action(act(async () => (await import("./cli/schema.js")).schema));

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
  return port;
}

await program.parseAsync();
