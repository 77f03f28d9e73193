/** How the study was made, from what its file and its tables say. */
import {MODES} from "../../arms.js";
import {settingsOf} from "../../claims/settings.js";
import type {AllCubes} from "../../cubes-reader.js";
import {formatNumber} from "../../format.js";
import {BASELINE_TITLES, MODE_LOOKS, ORDER_TITLES, REDUCTION_TITLES} from "../../palette.js";
import {SOURCE_NAMES} from "../../sentences/entropy.js";
import {listOf} from "../../sentences/phrases.js";
import {CONFIDENCE} from "../../statistics/cluster-bootstrap.js";
import {blocks, claim, count, plain, setting} from "../markdown-text.js";

const LEVEL = `${formatNumber(CONFIDENCE * 100, 0)} %`;

export function methods(cubes: AllCubes): string {
  return blocks(
    task(cubes),
    arms(cubes),
    model(cubes),
    training(cubes),
    statistics(cubes),
    entropies(cubes),
    baselines(cubes)
  );
}

function task({study}: AllCubes): string {
  const axes = listOf(study.axes.map(({title, question}) => `*${plain(title)}* (${plain(question)})`));
  return (
    `Language models learned to judge responses: from a dialogue and a response they predict a label on an axis. ` +
    `The axes are ${axes}. One arm of the study learned the label alone (*label only*); every other learned the label ` +
    "and, after the word *because*, an explanation or a text in its place. If a text without meaning does what the " +
    "real reason does, it was not the meaning that did it."
  );
}

function arms({study}: AllCubes): string {
  const modes = MODES.filter((mode) => mode !== "label-only" && study.arms.some((arm) => arm.mode === mode));
  if (modes.length === 0) return "The study trained label only.";
  const trained = study.arms.filter(({mode}) => mode !== "label-only");
  const orders = [...new Set(trained.map(({order}) => ORDER_TITLES[order]))];
  const reductions = [...new Set(trained.map(({reduction}) => REDUCTION_TITLES[reduction]))];
  const budgets = new Set(trained.map(({tokens = ""}) => tokens));
  const texts = listOf(
    modes.map((mode) => `*${MODE_LOOKS[mode].title.toLowerCase()}* (${plain(MODE_LOOKS[mode].gloss)})`)
  );
  const length =
    study.tokens_budget === "matched"
      ? "Texts in the explanation's place are as long as it is in the tokenizer's tokens, as nearly as whole words allow."
      : study.tokens_budget === "free"
        ? "Texts keep the length that their mode gives them."
        : `Texts are cut at ${setting(study, settingsOf(study).has("arms.tokens") ? "arms.tokens" : "training.max_tokens")} tokens.`;
  return (
    `What stands after *because* is its mode: ${texts}. Modes are crossed with the order of label and text ` +
    `(${listOf(orders)}) and with the loss reduction (${listOf(reductions)}). ${length}` +
    `${budgets.size > 1 ? " Some arms have texts of other lengths." : ""} In all there are ${count("arms")} arms.`
  );
}

/** Where the weights come from; a folder of the user's is not named. */
function model({study}: AllCubes): string {
  const settings = settingsOf(study);
  const from = settings.has("model.scratch")
    ? `of size *${setting(study, "model.scratch")}*, trained from scratch with a byte-level BPE of ${setting(study, "model.vocabulary")} tokens that the study's own training text made`
    : settings.has("model.hub")
      ? `${setting(study, "model.hub")}, revision ${setting(study, "model.revision")}`
      : "one that the authors brought";
  const kind = settings.get("adapter.kind");
  const trained =
    kind === undefined || kind === "none"
      ? "Its weights were trained"
      : `Adapters (${setting(study, "adapter.kind")}, rank ${setting(study, "adapter.rank")}) were trained beside its frozen weights`;
  const whole =
    study.regime === "one-model"
      ? `one model for all ${count("settings")} settings (corpus × axis)`
      : `one model for each of ${count("settings")} settings (corpus × axis)`;
  return `The model is ${from}, with ${count("parameters")} parameters in ${count("layers")} layers. ${trained}: ${whole}.`;
}

function training({study}: AllCubes): string {
  const seeds = study.warm_up_shared
    ? "all arms and seeds start from one language-model warm-up on the training dialogues, so that seeds differ in the order of the data only"
    : "each seed has its own order of the data, and its own start where weights are new";
  return (
    `Whole dialogues went to one side of the split: models were trained on ${count("train-examples")} examples and tested on ` +
    `${count("test-examples")}, each on every axis that it is judged on. Every arm was trained with ${count("seeds")} ` +
    `${study.seeds.length === 1 ? "seed" : "seeds"}; ${seeds}. AdamW took ${setting(study, "training.steps")} steps of ` +
    `${setting(study, "training.batch")} rows at a peak learning rate of ${setting(study, "training.learning_rate")}, alike for all arms.`
  );
}

function statistics({study, verdicts}: AllCubes): string {
  const scope =
    study.seeds.length > 1
      ? "They generalise to other dialogues and, where not said otherwise, to other trainings too, with seeds counted as drawn anew."
      : "With one seed they generalise to other dialogues only, for these trained models.";
  const hypotheses =
    verdicts.length === 0
      ? "The study declared no hypothesis; nothing here is corrected for the number of comparisons."
      : `The ${count("hypotheses")} ${verdicts.length === 1 ? "hypothesis was" : "hypotheses were"} declared in the study file and judged at level ${setting(study, "alpha")} (correction: ${setting(study, "correction")}); nothing else is corrected for the number of comparisons.`;
  return (
    "Effects are paired differences to label only on the same test rows and seeds. " +
    `Intervals are ${LEVEL} Student-t intervals with standard errors clustered by dialogue. ${scope} ${hypotheses}`
  );
}

function entropies({study}: AllCubes): string {
  if (study.estimators.length === 0) return "";
  const names = listOf(study.estimators.map((estimator) => SOURCE_NAMES[estimator]));
  return (
    "Activation entropy was read inside the forward pass at the decision position, whose next token is the label, at every " +
    `layer, in nats: ${plain(names)}.`
  );
}

function baselines({study}: AllCubes): string {
  if (study.baselines.length === 0) return "";
  const names = listOf(study.baselines.map((id) => BASELINE_TITLES[id].toLowerCase()));
  return `Baselines that see only a shortcut were run beside the models: ${plain(names)}. The best of them has an accuracy of ${claim("shortcut", {measure: "accuracy"})}.`;
}
