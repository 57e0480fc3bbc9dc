/**
 * A list of any number of rows as a WAI-ARIA grid: only what is in sight is in the document.
 *
 * For: the lists of the page.
 * Never: a row in the document for each row of the list, except on paper, where the first ones are.
 */

/** @typedef {import("preact").ComponentChildren} Children */
/**
 * @typedef {object} GridColumn
 * @property {string} name
 * @property {string} title
 * @property {number} width in rem, the least one
 * @property {number} [grow] its share of the room that is left
 * @property {boolean} [isNumber]
 * @property {string} [hint]
 * @property {boolean} [isFixed] it cannot be sorted
 * @property {boolean} [isUnprinted] there is no room for it on paper
 */
/**
 * @typedef {object} GridProps
 * @property {string} id
 * @property {string} label
 * @property {GridColumn[]} columns
 * @property {number} count of rows
 * @property {number} at the place of the active row
 * @property {{column: string, isDescending: boolean} | null} order
 * @property {(place: number, column: GridColumn) => Children} cell
 * @property {(place: number) => string} [rowClass]
 * @property {(at: number) => void} onChoose
 * @property {(at: number) => void} onOpen
 * @property {() => void} [onLeave] called for Escape
 * @property {(column: string) => void} onSort
 * @property {unknown} [stamp] the list begins at its top when this changes
 * @property {boolean} isPrinting
 * @property {Children} [empty] shown if there are no rows
 */

import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import { h } from "preact";
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

const OVERSCAN = 8;
const MOST_PRINTED = 2000;
// No browser shows an element that is much higher; 17,895,700 pixels is the least of their bounds.
const MOST_PIXELS = 15000000;
const ROW_HEIGHT_EM = 1.9;

/** @returns {number} the height of a row in pixels, which follows the size of the text */
function measureRow() {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return Math.round(size * 0.8125 * ROW_HEIGHT_EM);
}

/** @param {GridProps} props */
export function Grid(props) {
  const { id, label, at, order, isPrinting, onChoose, onOpen, onLeave, onSort } = props;
  const columns = isPrinting ? props.columns.filter((column) => !column.isUnprinted) : props.columns;
  const rowHeight = measureRow();
  const count = Math.min(props.count, Math.floor(MOST_PIXELS / rowHeight));
  /** @type {{current: HTMLDivElement | null}} */
  const body = useRef(null);
  const [, redraw] = useReducer((/** @type {number} */ number, /** @type {null} */ _) => number + 1, 0);
  /** @returns {import("@tanstack/virtual-core").VirtualizerOptions<HTMLDivElement, HTMLDivElement>} */
  const options = () => ({
    count,
    getScrollElement: () => body.current,
    estimateSize: () => rowHeight,
    paddingStart: rowHeight,
    scrollPaddingStart: rowHeight,
    overscan: OVERSCAN,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(null),
  });
  const [virtualizer] = useState(() => new Virtualizer(options()));
  virtualizer.setOptions(options());
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => {
    if (body.current) {
      body.current.scrollTop = 0;
    }
  }, [props.stamp]);
  useLayoutEffect(() => {
    if (count) {
      virtualizer.scrollToIndex(Math.min(at, count - 1), { align: "auto" });
    }
  }, [at, props.stamp, count]);

  const perPage = Math.max(1, Math.floor((body.current?.clientHeight ?? 0) / rowHeight) - 2);
  /** @type {Record<string, number>} */
  const moves = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + perPage,
    PageUp: at - perPage,
    Home: 0,
    End: count - 1,
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== body.current) {
      return;
    }
    if (event.key in moves) {
      onChoose(moves[event.key]);
    } else if (event.key === "Enter") {
      onOpen(at);
    } else if (event.key === "Escape" && onLeave) {
      onLeave();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  /** @param {number} place @param {object} style */
  const row = (place, style) =>
    h(
      "div",
      {
        key: place,
        id: `${id}-${place}`,
        role: "row",
        class: `row ${place === at ? "active" : ""} ${props.rowClass?.(place) ?? ""}`,
        "aria-rowindex": place + 2,
        "aria-selected": place === at,
        style,
        onClick: () => onChoose(place),
        onDblClick: () => onOpen(place),
      },
      columns.map((column, index) =>
        h(
          "div",
          {
            key: column.name,
            role: "gridcell",
            "aria-colindex": index + 1,
            class: `cell ${column.name} ${column.isNumber ? "number" : ""}`,
          },
          props.cell(place, column),
        ),
      ),
    );
  const printed = Math.min(count, MOST_PRINTED);
  const rows = isPrinting
    ? Array.from({ length: printed }, (_, place) => row(place, {}))
    : virtualizer
        .getVirtualItems()
        .map((item) => row(item.index, { transform: `translateY(${item.start}px)`, height: `${rowHeight}px` }));
  const template = columns
    .map(({ width, grow }) => {
      if (isPrinting) {
        return `minmax(0, ${width}fr)`;
      }
      return grow ? `minmax(${width}rem, ${grow}fr)` : `${width}rem`;
    })
    .join(" ");
  const least = columns.reduce((sum, column) => sum + column.width, 0);
  return h(
    "div",
    {
      id,
      class: "grid",
      ref: body,
      role: "grid",
      tabIndex: 0,
      "aria-label": label,
      "aria-rowcount": props.count + 1,
      "aria-colcount": columns.length,
      "aria-activedescendant": count ? `${id}-${at}` : undefined,
      style: { "--columns": template, "--row": `${rowHeight}px`, "--least": `${least}rem` },
      onKeyDown,
    },
    h(
      "div",
      { class: "sized", role: "rowgroup", style: isPrinting ? {} : { height: `${virtualizer.getTotalSize()}px` } },
      h(
        "div",
        { role: "row", class: "row head", "aria-rowindex": 1 },
        columns.map((column, index) => {
          const isSorted = order?.column === column.name;
          const direction = isSorted ? (order.isDescending ? "descending" : "ascending") : "none";
          return h(
            "div",
            {
              key: column.name,
              role: "columnheader",
              "aria-colindex": index + 1,
              "aria-sort": direction,
              class: `cell ${column.isNumber ? "number" : ""}`,
              title: column.hint ?? "",
            },
            column.isFixed
              ? column.title
              : h(
                  "button",
                  { type: "button", class: "plain", onClick: () => onSort(column.name) },
                  column.title,
                  h(
                    "span",
                    { class: "arrow", "aria-hidden": "true" },
                    isSorted ? (order.isDescending ? "▾" : "▴") : "",
                  ),
                ),
          );
        }),
      ),
      rows,
    ),
    count === 0 && props.empty ? h("p", { class: "empty", role: "presentation" }, props.empty) : null,
    count < props.count
      ? h(
          "p",
          { class: "bound" },
          `The first ${count} of ${props.count} rows are listed: search or filter for the others.`,
        )
      : null,
    isPrinting && printed < props.count
      ? h("p", { class: "bound" }, `The first ${printed} of ${props.count} rows are printed.`)
      : null,
  );
}
