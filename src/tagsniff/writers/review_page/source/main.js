/**
 * Starts the page: reads the data, brings back what was kept, and shows it.
 *
 * For: the page, whose only script this is.
 * Never: leaves the person without a word: what fails is said on the page.
 */

import { h, render } from "preact";
import { App, showTheme } from "./app.js";
import { Container, unpack } from "./container.js";
import { DiskKeeping, ServedKeeping, Settings } from "./keeping.js";
import { Model } from "./model.js";
import { Report } from "./report.js";
import { Store } from "./store.js";

/** @returns {string} the token of the server, which is taken out of the address bar */
function takeToken() {
  const token = location.hash.slice(1);
  if (token) {
    history.replaceState(null, "", location.pathname);
  }
  return token;
}

async function start() {
  const page = document.getElementById("page");
  const data = document.getElementById("data");
  if (!page || !data) {
    return;
  }
  const settings = new Settings();
  showTheme(settings.theme);
  try {
    const digest = data.dataset.digest ?? "";
    const container = new Container(await unpack(data.textContent ?? ""));
    data.remove();
    const report = new Report(container, digest);
    const store = new Store(report);
    const model = new Model(report, store, settings);
    const show = () => render(h(App, { model }), page);
    let isWaiting = false;
    model.onChange = () => {
      if (!isWaiting) {
        isWaiting = true;
        queueMicrotask(() => {
          isWaiting = false;
          show();
        });
      }
    };
    const onChange = () => {
      model.recount();
      model.changed();
    };
    model.keeping = report.head.served
      ? new ServedKeeping(store, takeToken(), onChange)
      : new DiskKeeping(store, digest, onChange);
    await model.keeping.restore();
    store.listeners.add((act, isUndone) => model.keeping.keep(act, isUndone));
    model.update();
    page.replaceChildren();
    show();
    document.getElementById("elements")?.focus({ preventScroll: true });
    watchPrinting(model, show);
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  } catch (error) {
    page.textContent = `This page could not be shown: ${error instanceof Error ? error.message : "unknown reason"}.`;
  }
}

/** @param {Model} model @param {() => void} show */
function watchPrinting(model, show) {
  addEventListener("beforeprint", () => {
    model.isPrinting = true;
    show();
  });
  addEventListener("afterprint", () => {
    model.isPrinting = false;
    show();
  });
}

start();
