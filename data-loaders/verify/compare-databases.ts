/** Two databases row by row: their files may differ though their rows don't. */
import {DuckDBInstance} from "@duckdb/node-api";
import {identifier, literal} from "../tables/database.js";

/** How the published one differs from what comes out again; null where no row does. */
export async function compareDatabases(published: string, again: string): Promise<string | null> {
  const instance = await DuckDBInstance.create(":memory:", {threads: "1"});
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
  try {
    await connection.run(`ATTACH ${literal(published)} AS published (READ_ONLY)`);
    await connection.run(`ATTACH ${literal(again)} AS again (READ_ONLY)`);
    const tables = await rows("SELECT DISTINCT table_name AS name FROM duckdb_tables() ORDER BY 1");
    for (const {name} of tables) {
      const [one, other] = ["published", "again"].map(
        (of) => `SELECT * FROM ${of}.${identifier(String(name))}`
      );
      const [count] = await rows(
        `SELECT (SELECT count(*) FROM (${one} EXCEPT ALL ${other}))::INTEGER AS gone, (SELECT count(*) FROM (${other} EXCEPT ALL ${one}))::INTEGER AS come`
      );
      if (count!.gone !== 0 || count!.come !== 0)
        return `${String(name)}: ${String(count!.gone)} rows that don't come out again, ${String(count!.come)} others instead`;
    }
    return null;
  } catch (error) {
    return (error as Error).message.split("\n")[0]!;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
