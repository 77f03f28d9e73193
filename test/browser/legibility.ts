/** Measures, in an open page, whether text can be read and what is focused can be seen. */
import type {Page} from "playwright-core";

/**
 * All text of a page that stands out too little from what is behind it: at least 4.5 : 1, or 3 : 1 where it is large
 * (WCAG 2.2 AA). Text of a figure is measured against the page behind the figure.
 */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Color = [number, number, number, number];
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const brush = canvas.getContext("2d", {willReadFrequently: true})!;
    /** Any CSS colour as red, green, blue and opacity, 0 to 1. */
    const parse = (css: string): Color => {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = css;
      brush.fillRect(0, 0, 1, 1);
      return [...brush.getImageData(0, 0, 1, 1).data].map((value) => value / 255) as Color;
    };
    const over = ([r, g, b, a]: Color, below: Color): Color => {
      const mix = (top: number, bottom: number) => top * a + bottom * (1 - a);
      return [mix(r, below[0]), mix(g, below[1]), mix(b, below[2]), 1];
    };
    const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]: Color) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const canvasColor = parse("canvas");
    const behind = (element: Element | null): Color =>
      element
        ? over(parse(getComputedStyle(element).backgroundColor), behind(element.parentElement))
        : canvasColor;
    const opacity = (element: Element | null): number =>
      element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;
    const hex = (color: Color) =>
      `#${color
        .slice(0, 3)
        .map((value) =>
          Math.round(value * 255)
            .toString(16)
            .padStart(2, "0")
        )
        .join("")}`;

    const faint: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      if (
        !text ||
        !element ||
        ["SCRIPT", "STYLE", "NOSCRIPT", "TITLE", "DESC", "title", "desc", "style"].includes(element.tagName)
      )
        continue;
      if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      const style = getComputedStyle(element);
      const paint = element instanceof SVGElement ? style.fill : style.color;
      if (paint === "none") continue;
      const background = behind(element);
      const [r, g, b, a] = parse(paint);
      const color = over([r, g, b, a * opacity(element)], background);
      const [light, dark] = [luminance(color), luminance(background)].sort((x, y) => y - x) as [
        number,
        number
      ];
      const size = parseFloat(style.fontSize);
      const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < needed - 0.005) {
        faint.push(
          `“${text.slice(0, 40)}”: ${hex(color)} on ${hex(background)} is ${ratio.toFixed(2)}, not ${needed}`
        );
      }
    }
    return faint;
  });
}

/** Presses Tab up to `steps` times; describes each focused element that shows no sign of it. */
export async function unseenFocus(page: Page, steps = 40): Promise<string[]> {
  const unseen = new Set<string>();
  for (let step = 0; step < steps; step++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      const shows = (element: Element | null | undefined): boolean => {
        if (!element) return false;
        const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(element);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
      };
      // A control that is drawn by its label shows focus there.
      const around = [focused, focused.closest("label"), focused.parentElement, focused.nextElementSibling];
      const name = focused.getAttribute("aria-label") ?? focused.textContent?.trim().slice(0, 30) ?? "";
      return around.some(shows)
        ? null
        : `<${focused.tagName.toLowerCase()} id="${focused.id}" class="${focused.getAttribute("class") ?? ""}"> ${name}`;
    });
    if (found) unseen.add(found);
  }
  return [...unseen];
}

/** By how many pixels the page is wider than the window, and what sticks out. */
export function overflow(page: Page): Promise<{pixels: number; elements: string[]}> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const pixels = document.documentElement.scrollWidth - width;
    const scrolls = (element: Element | null): boolean =>
      !!element &&
      element !== document.body &&
      (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const elements =
      pixels > 0
        ? [...document.querySelectorAll("body *")].filter(
            (element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element.parentElement)
          )
        : [];
    return {
      pixels,
      elements: elements
        .slice(0, 5)
        .map((element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}">`)
    };
  });
}

/**
 * Texts of figures in sight that leave their figure, or lie over another text of it: a figure's sizes are computed
 * without a text engine, and only a browser tells how wide its fonts are.
 */
export function misplacedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** Pixels that a text may reach out of the figure, or into another's box, before anything is hidden. */
    const [out, across, down] = [3, 2, 5];
    const said: string[] = [];
    for (const svg of document.querySelectorAll("svg.figure")) {
      if (!svg.checkVisibility()) continue;
      const name = svg.closest<HTMLElement>("[data-figure]")?.dataset.figure ?? "a figure";
      const figure = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")]
        .map((text) => ({text: text.textContent ?? "", box: text.getBoundingClientRect()}))
        .filter(({text, box}) => text.trim() !== "" && box.width > 0);
      for (const {text, box} of texts)
        if (box.left < figure.left - out || box.right > figure.right + out)
          said.push(`${name}: “${text}” leaves the figure`);
      texts.forEach(({text, box}, i) => {
        for (const other of texts.slice(i + 1)) {
          const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
          const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
          if (wide > across && high > down) said.push(`${name}: “${text}” lies over “${other.text}”`);
        }
      });
    }
    return said;
  });
}
