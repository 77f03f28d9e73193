/** What of the SQL page lives in its address: the query, and how its result is shown. */
import type {ChartSpec} from "../figures/query-chart.js";

export interface SqlState {
  sql: string;
  show: "table" | "chart";
  chart: Partial<ChartSpec>;
}

/** Servers refuse addresses that are much longer. */
export const LONGEST = 6000;
const CHART_KEYS = ["mark", "x", "y", "color"] as const;

export function readState(search: string): SqlState {
  const query = new URLSearchParams(search);
  const chart: Partial<Record<string, string>> = {};
  for (const key of CHART_KEYS) if (query.has(key)) chart[key] = query.get(key)!;
  return {
    sql: query.get("sql") ?? "",
    show: query.get("show") === "chart" ? "chart" : "table",
    chart: chart
  };
}

/** The address' query with this state, keys of others kept; null where the query is too long for an address. */
export function writeState({sql, show, chart}: SqlState, search: string): string | null {
  const query = new URLSearchParams(search);
  const put = (key: string, value: string | undefined) => {
    if (value) query.set(key, value);
    else query.delete(key);
  };
  put("sql", sql.trim());
  put("show", show === "chart" ? "chart" : undefined);
  for (const key of CHART_KEYS) put(key, show === "chart" ? chart[key] : undefined);
  const text = query.size === 0 ? "" : `?${query}`;
  return text.length > LONGEST ? null : text;
}
