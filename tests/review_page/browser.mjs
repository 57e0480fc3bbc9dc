// Starts a browser without a window, opens a page from the disk, and watches what must not happen.
//
// For: the subjects of this folder, the benchmark of the page, and the pictures in docs/.
// Never: a request that reaches a network: the browser is given a proxy that does not exist for all but this machine, and
// each request is noted.

import { rm, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "puppeteer-core";

// Port 9 is that of the discard service, which no machine has any more.
const NO_PROXY = { host: "127.0.0.1", port: 9 };
const WINDOW = { width: 1440, height: 900 };

/** Puts what the page must not do into the list that the watch reads; runs in the page before its own script. */
function watchInPage() {
  globalThis.seenProblems = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    globalThis.seenProblems.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
  addEventListener("error", (event) => globalThis.seenProblems.push(`error: ${event.message}`));
  addEventListener("unhandledrejection", (event) => globalThis.seenProblems.push(`rejection: ${event.reason}`));
  // What a value that ran would call.
  for (const name of ["alert", "confirm", "prompt"]) {
    globalThis[name] = () => globalThis.seenProblems.push(`ran: ${name}`);
  }
}

/** Headless Chromium has the dialog for a file to save, but nobody to answer it: the page falls back to a download. */
function forbidPicker() {
  delete globalThis.showSaveFilePicker;
}

/**
 * Starts a browser.
 *
 * @param {"chromium" | "firefox"} name
 * @param {string} program its path
 * @param {string} folder for its profile and its downloads
 * @param {{args?: string[], isDark?: boolean, window?: {width: number, height: number}}} [options]
 */
export async function start(name, program, folder, options = {}) {
  const downloads = join(folder, "downloads");
  await rm(downloads, { recursive: true, force: true });
  await mkdir(downloads, { recursive: true });
  const size = options.window ?? WINDOW;
  const isRoot = process.getuid?.() === 0;
  const common = {
    browser: name === "firefox" ? "firefox" : "chrome",
    executablePath: program,
    headless: true,
    defaultViewport: null,
    timeout: 60000,
    protocolTimeout: 120000,
  };
  const browser =
    name === "firefox"
      ? await launch({
          ...common,
          args: [`--width=${size.width}`, `--height=${size.height}`],
          extraPrefsFirefox: {
            "browser.download.folderList": 2,
            "browser.download.dir": downloads,
            "browser.download.always_ask_before_handling_new_types": false,
            "browser.helperApps.neverAsk.saveToDisk": "text/csv",
            "network.proxy.type": 1,
            "network.proxy.http": NO_PROXY.host,
            "network.proxy.http_port": NO_PROXY.port,
            "network.proxy.ssl": NO_PROXY.host,
            "network.proxy.ssl_port": NO_PROXY.port,
            "network.proxy.allow_hijacking_localhost": true,
            "network.proxy.no_proxies_on": NO_PROXY.host,
            "layout.css.prefers-color-scheme.content-override": options.isDark ? 0 : 1,
          },
        })
      : await launch({
          ...common,
          args: [
            `--window-size=${size.width},${size.height}`,
            `--proxy-server=${NO_PROXY.host}:${NO_PROXY.port}`,
            `--proxy-bypass-list=${NO_PROXY.host}`,
            // A process of root has no sandbox, and many containers have a small /dev/shm.
            ...(isRoot ? ["--no-sandbox"] : []),
            "--disable-dev-shm-usage",
            ...(options.isDark ? ["--force-dark-mode"] : []),
            ...(options.args ?? []),
          ],
        });
  return { browser, name, downloads };
}

/**
 * Opens a file, or the address of a server of this machine, in a window that shares nothing with others, and waits until the page is ready.
 *
 * @param {Awaited<ReturnType<typeof start>>} started
 * @param {string} path
 * @param {{width: number, height: number}} [size]
 */
export async function open(started, path, size = WINDOW) {
  const { browser, name, downloads } = started;
  const context = await browser.createBrowserContext(
    name === "chromium" ? { downloadBehavior: { policy: "allow", downloadPath: downloads } } : {},
  );
  const page = await context.newPage();
  const problems = [];
  const address = /^http:/.test(path) ? path : pathToFileURL(path).href;
  // A page that is served may ask its server; one from the disk is asked for itself alone.
  const isOwn = (/** @type {string} */ asked) =>
    address.startsWith("http:") ? asked.startsWith(`${new URL(address).origin}/`) : asked === address;
  page.on("console", (message) => {
    if (["error", "warn", "warning", "assert"].includes(message.type())) {
      problems.push(`console: ${message.type()} ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.accept();
  });
  page.on("popup", () => problems.push("popup"));
  page.on("request", (request) => {
    const asked = request.url();
    // The download is an address of the page itself; Firefox has the font of its own controls in a data address.
    if (!isOwn(asked) && !/^(?:blob:(?:null\/|file:)|data:font\/)/.test(asked)) {
      problems.push(`request: ${asked}`);
    }
  });
  await page.evaluateOnNewDocument(watchInPage);
  await page.evaluateOnNewDocument(forbidPicker);
  await resize(page, size);
  await page.goto(address, { waitUntil: "load", timeout: 60000 });
  await waitUntilReady(page);
  /** Returns all that must not have happened until now. */
  const listProblems = async () => [...problems, ...(await page.evaluate(() => globalThis.seenProblems))];
  return { page, address, downloads, listProblems, close: () => context.close() };
}

/**
 * Gives the page a size in CSS pixels. At 200 % zoom a page has half the pixels in each direction.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {{width: number, height: number}} size
 */
export async function resize(page, size) {
  try {
    await page.setViewport(size);
  } catch (error) {
    // Firefox ESR 140 does the first half of it, and does not know the second one.
    if (!String(error).includes("setScreenOrientationOverride")) {
      throw error;
    }
  }
  await waitFor(page, (width, height) => innerWidth === width && innerHeight === height, size.width, size.height);
}

/**
 * Waits until a function, run in the page, gives something true, and returns it. (Puppeteer's own waiting makes functions
 * of texts, which the policy of the page forbids in Firefox.)
 *
 * @param {import("puppeteer-core").Page} page
 * @param {(...given: any[]) => any} look
 * @param {...any} given
 */
export async function waitFor(page, look, ...given) {
  for (const end = Date.now() + 60000; ;) {
    const found = await page.evaluate(look, ...given);
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`did not happen in a minute: ${look} ${JSON.stringify(given)}`);
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** @param {import("puppeteer-core").Page} page */
export async function waitUntilReady(page) {
  await waitFor(page, () => document.documentElement.dataset.ready);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
}
