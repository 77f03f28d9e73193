/** Wide tables scroll sideways by themselves, so that the page does not: by touch, by wheel and by keys. */

/**
 * A box for a table. Where columns are out of sight, the edge that they are behind shows it, and the box is a region of
 * this name that keys reach; where all are seen it is nothing of its own.
 */
export function scrollRegion(table: HTMLTableElement, name: string): HTMLElement {
  const frame = document.createElement("div");
  frame.className = "table-frame";
  const scroll = document.createElement("div");
  scroll.className = "table-scroll";
  scroll.append(table);
  frame.append(scroll);
  const look = () => {
    const hidden = scroll.scrollWidth - scroll.clientWidth;
    frame.toggleAttribute("data-before", scroll.scrollLeft > 1);
    frame.toggleAttribute("data-after", hidden - scroll.scrollLeft > 1);
    const names = {tabindex: "0", role: "region", "aria-label": name};
    for (const [attribute, value] of Object.entries(names))
      if (hidden > 1) scroll.setAttribute(attribute, value);
      else scroll.removeAttribute(attribute);
  };
  scroll.addEventListener("scroll", look, {passive: true});
  const watch = new ResizeObserver(look);
  watch.observe(scroll);
  watch.observe(table);
  return frame;
}
