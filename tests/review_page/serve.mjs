// Runs the subjects of this folder in one browser, as they are asked for: a line of JSON each, answered by one.
//
// For: test_review_page.py: node serve.mjs chromium|firefox PROGRAM FOLDER
// Never: a subject in a window that another one has used.

import { createInterface } from "node:readline";
import { open, start } from "./browser.mjs";
import { Person } from "./person.mjs";
import * as subjects from "./subjects.mjs";

const [name, program, folder] = process.argv.slice(2);
const started = await start(name, program, folder);
try {
  for await (const line of createInterface({ input: process.stdin })) {
    const { subject, page: path, given } = JSON.parse(line);
    const opened = await open(started, path, given.size);
    const answer = { failure: "", problems: [], facts: null };
    try {
      answer.facts = (await subjects[subject]({ ...opened, person: new Person(opened), name, given })) ?? null;
      answer.problems = await opened.listProblems();
    } catch (error) {
      answer.failure = `${error.stack}\nproblems: ${(await opened.listProblems().catch(() => [])).join("\n")}`;
      await opened.page.screenshot({ path: `${folder}/${subject}.png` }).catch(() => {});
    }
    await opened.close();
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
} finally {
  await started.browser.close();
}
