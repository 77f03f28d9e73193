/**
 * What Observable Framework puts into the scope of a page without an import. Only what works offline is here. For
 * pages alone: tsconfig.json leaves this file out, so that no module takes `width` for a global.
 */

interface PageFile {
  readonly name: string;
  readonly href: string;
  readonly mimeType: string;
  /** `any`: a page says what it reads. */
  json(): Promise<any>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): Promise<ReadableStream<Uint8Array>>;
}

declare function FileAttachment(name: string): PageFile;
/** Shows a value below the block, and returns it. */
declare function display<T>(value: T): T;
/** Shows an input, and returns its value, now and whenever it changes. */
declare function view<T>(input: Element & {value: T}): T;
/** Calls `render` with the width of its place in pixels, now and whenever it changes. */
declare function resize(render: (width: number, height: number) => Node | string): Element;
declare function Mutable<T>(value: T): {value: T};
declare const Generators: {
  input<T>(element: Element & {value: T}): T;
  observe<T>(initialize: (change: (value: T) => void) => (() => void) | void): T;
  width(element: Element): number;
  dark(): boolean;
};
/** Width of the main column in pixels. */
declare const width: number;
declare const dark: boolean;
declare const now: number;
declare const invalidation: Promise<void>;
declare function visibility(): Promise<void>;
