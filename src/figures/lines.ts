/** Lines of modes over an ordered variable, with bands and labels at their ends: what layer and fifth figures share. */
import * as Plot from "@observablehq/plot";
import type {Mode} from "../core/arms.js";
import {MODE_LOOKS, modeColor, modeTextColor} from "../core/palette.js";
import {markerOf, modesOf, spreadLabels} from "./marks.js";

export interface LineDatum {
  mode: Mode;
  x: number;
  value: number;
  low: number | null;
  high: number | null;
  title: string;
  /** Small multiple that the point belongs to. */
  panel?: string;
}

/** Intervals as bands or as rules, lines and markers, one mode's colour and shape each. */
export function modeLines(data: LineDatum[], intervals: "bands" | "rules" = "bands"): Plot.Markish[] {
  const fx = data.some(({panel}) => panel !== undefined) ? {fx: "panel"} : {};
  const known = data.filter(({low, high}) => low !== null && high !== null);
  const color = ({mode}: LineDatum) => modeColor(mode);
  return [
    intervals === "bands"
      ? Plot.areaY(known, {
          ...fx,
          x: "x",
          y1: "low",
          y2: "high",
          z: "mode",
          fill: color,
          fillOpacity: 0.16,
          className: "band"
        })
      : Plot.ruleX(known, {
          ...fx,
          x: "x",
          y1: "low",
          y2: "high",
          stroke: color,
          strokeWidth: 1.5,
          className: "interval"
        }),
    Plot.line(data, {...fx, x: "x", y: "value", z: "mode", stroke: color, strokeWidth: 2, className: "line"}),
    ...modesOf(data).map((mode) =>
      Plot.dot(
        data.filter((d) => d.mode === mode),
        {
          ...fx,
          x: "x",
          y: "value",
          r: 3.75,
          symbol: markerOf(mode) as Plot.SymbolType,
          fill: modeColor(mode),
          title: "title",
          className: "value"
        }
      )
    )
  ];
}

/** Names the modes at the right end of their lines, moved apart where they would touch. Needs the panel's y scale. */
export function labelLineEnds(svg: SVGSVGElement & Plot.Plot, data: LineDatum[]): SVGSVGElement {
  const [x, y] = [svg.scale("x"), svg.scale("y")];
  const last = modesOf(data).map((mode) =>
    data.filter((d) => d.mode === mode).reduce((a, b) => (b.x > a.x ? b : a))
  );
  const end = Math.max(...last.map((d) => d.x));
  const places = spreadLabels(
    last.map(({value}) => Number(y!.apply(value))),
    15
  );
  last.forEach(({mode}, i) => {
    const text = svg.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("x", String(Number(x!.apply(end)) + 12));
    text.setAttribute("y", String(places[i]! + 4));
    text.setAttribute("text-anchor", "start");
    text.setAttribute("font-weight", "600");
    text.setAttribute("fill", modeTextColor(mode));
    text.setAttribute("class", "line-label");
    text.textContent = MODE_LOOKS[mode].title;
    svg.append(text);
  });
  return svg;
}
