// Draws the pictures of docs/review.md: node pictures.mjs CHROMIUM FOLDER PAGE writes NAME.png into the folder.
//
// For: pictures.py.
// Never: a picture of files other than those that pydicom publishes.

import { join } from "node:path";
import { open, start } from "../tests/review_page/browser.mjs";
import { Person } from "../tests/review_page/person.mjs";

const WINDOW = { width: 1440, height: 810 };
const WHO = "AB";

const [program, folder, path] = process.argv.slice(2);
const started = await start("chromium", program, folder, { window: WINDOW });
try {
  const opened = await open(started, path, WINDOW);
  const { page } = opened;
  const person = new Person(opened);
  const draw = async (name) => {
    // A pointer that lies on the page would show a hint.
    await page.mouse.move(0, 0);
    await person.settle();
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  await person.press("x");
  await person.sign(WHO);
  await person.press("x", "k", "ArrowDown");
  await draw("decide");
  await person.search("head");
  await person.press("Enter");
  await draw("search");
  await person.press("Escape");
  await person.show("Equipment");
  await draw("equipment");
  await person.show("Decide");
  await person.filter("VR", "SH");
  await person.press("b");
  await person.click("dialog label", "what is suggested");
  await draw("many");
} finally {
  await started.browser.close();
}
