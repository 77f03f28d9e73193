/**
 * The tables' database: DuckDB on one thread, so that sums of floating-point numbers have one order and the same
 * input gives the same bits. `study.duckdb` is this database, closed.
 */
import {
  DuckDBInstance,
  type DuckDBListVector,
  type DuckDBDataChunk,
  type DuckDBDoubleVector,
  type DuckDBValue
} from "@duckdb/node-api";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** Read by every DuckDB from 0.10 on, that of duckdb-wasm 1.32 in the browser included. */
const STORAGE_VERSION = "v0.10.2";

/** Leaves bytes between what it writes as memory held them, so that the same rows would make other files. */
const CARELESS = "alprd";

export type SqlRow = Record<string, unknown>;

export class Database {
  private open = true;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: Awaited<ReturnType<DuckDBInstance["connect"]>>
  ) {}

  /** Opens a database in a file that doesn't exist yet, or `:memory:`. */
  static async create(path: string, {threads = 1}: {threads?: number} = {}): Promise<Database> {
    const settings = {
      threads: String(threads),
      storage_compatibility_version: STORAGE_VERSION,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false"
    };
    const instance = await DuckDBInstance.create(path, settings);
    const connection = await instance.connect();
    await connection.run(`SET disabled_compression_methods = '${CARELESS}'`);
    return new Database(instance, connection);
  }

  async run(sql: string, values?: Record<string, DuckDBValue>): Promise<void> {
    await this.connection.run(sql, values);
  }

  /** Rows as objects; for small results. */
  async rows(sql: string, values?: Record<string, DuckDBValue>): Promise<SqlRow[]> {
    return (await this.connection.runAndReadAll(sql, values)).getRowObjectsJS();
  }

  /** Columns by name; for large results. */
  async columns(sql: string, values?: Record<string, DuckDBValue>): Promise<Record<string, unknown[]>> {
    return (await this.connection.runAndReadAll(sql, values)).getColumnsObjectJS();
  }

  /** A large result, chunk by chunk, without a copy of it as a whole. */
  async *chunks(sql: string): AsyncGenerator<Chunk> {
    const result = await this.connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield new Chunk(chunk);
    }
  }

  /** Creates a table of rows, by way of a file of JSON lines. `types` gives its columns: name → DuckDB type. */
  async createTable(name: string, types: Record<string, string>, rows: object[]): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "because-tables-"));
    try {
      const file = join(folder, "rows.jsonl");
      await writeFile(file, rows.map((row) => `${JSON.stringify(row, wellFormed)}\n`).join(""));
      const columns = Object.entries(types).map(([column, type]) => `${literal(column)}: ${literal(type)}`);
      await this.run(
        `CREATE TABLE ${name} AS FROM read_json(${literal(file)}, format = 'newline_delimited', ` +
          `columns = {${columns.join(", ")}}, maximum_object_size = 268435456)`
      );
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  }

  /** Writes everything to the file and closes it. */
  async close(): Promise<void> {
    await this.connection.run("CHECKPOINT");
    this.discard();
  }

  /** Closes, if it is open still, without care for what is in the file. */
  discard(): void {
    if (!this.open) return;
    this.open = false;
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** Rows of a result as DuckDB lays them out: typed arrays, valid until the next chunk. Columns must not hold NULL. */
export class Chunk {
  readonly rows: number;

  constructor(private readonly chunk: DuckDBDataChunk) {
    this.rows = chunk.rowCount;
  }

  /** A column of DOUBLE, INTEGER or UTINYINT. */
  numbers(column: number): Float64Array | Int32Array | Uint8Array {
    return itemsOf<Float64Array | Int32Array | Uint8Array>(this.chunk.getColumnVector(column));
  }

  /** A column of UBIGINT as pairs of 32 bits, the low half first. */
  words(column: number): Uint32Array {
    const items = itemsOf<BigUint64Array>(this.chunk.getColumnVector(column));
    return new Uint32Array(items.buffer, items.byteOffset, 2 * items.length);
  }

  /** A column of DOUBLE[], whose lists may hold NULL. */
  lists(column: number): DoubleLists {
    return new DoubleLists(this.chunk.getColumnVector(column) as DuckDBListVector);
  }
}

/** The array that a vector reads its values from. The package types it as private; values one by one take ten times as long. */
function itemsOf<T>(vector: object): T {
  return (vector as {items: T}).items;
}

/** Lists of DOUBLE, all in one array. */
export class DoubleLists {
  /** Items of all lists. Those that are NULL hold anything: see {@link isNull}. */
  readonly items: Float64Array;
  /** Start and length of each list as 64 bits, of which the low halves say all: a chunk is small. */
  private readonly entries: Uint32Array;
  private readonly child: DuckDBDoubleVector;
  private readonly holdsNull: boolean;

  constructor(vector: DuckDBListVector) {
    const {entryData} = vector as unknown as {entryData: BigUint64Array};
    this.entries = new Uint32Array(entryData.buffer, entryData.byteOffset, 2 * entryData.length);
    this.child = vector.childVector as DuckDBDoubleVector;
    this.items = itemsOf<Float64Array>(this.child);
    this.holdsNull = (this.child as unknown as {validity: {data: unknown}}).validity.data !== null;
  }

  /** Where list `i` begins. */
  start(i: number): number {
    return this.entries[4 * i]!;
  }

  /** Length of list `i`. */
  count(i: number): number {
    return this.entries[4 * i + 2]!;
  }

  isNull(item: number): boolean {
    return this.holdsNull && this.child.getItem(item) === null;
  }
}

/** Half of a character, as a cut text may end with, is in no JSON that DuckDB reads: it becomes U+FFFD. */
function wellFormed(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(LONE_SURROGATE, "\uFFFD") : value;
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A table's or column's name in SQL, whatever it holds: files of others may name theirs as they like. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
