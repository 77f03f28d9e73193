import {studyDatabase} from "../../data-loaders/site/study-archive.js";
import {studyTables} from "../../data-loaders/site/study-tables.js";

process.stdout.write(await studyDatabase(studyTables()));
