/** What every stage is given: the study, the store, and where to say what is going on. */
import {Store} from "./store.js";
import type {StudyFile} from "../study/read-study.js";

/** Where stages report. Implemented by the command's display, and by tests. */
export interface Reporter {
  /** A stage was made, or found unchanged. */
  stage(stage: string, key: string, made: boolean): void;
  /** One line worth reading. */
  note(text: string): void;
}

export interface Context {
  file: StudyFile;
  store: Store;
  report: Reporter;
}

export function createContext(file: StudyFile, report: Reporter, store = file.study.store): Context {
  return {file, store: new Store(store), report};
}

export const SILENT: Reporter = {stage: () => undefined, note: () => undefined};
