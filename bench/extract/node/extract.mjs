// Reads pages as JSON lines {url, html} on stdin and writes for each a line
// {html, ms} on stdout: the article as the extractor named on the command line
// gives it, as HTML, and the CPU time in milliseconds, parsing included.
// A page that the extractor fails on gives {error}.
import { createInterface } from "node:readline";
import { JSDOM, VirtualConsole } from "jsdom";
import { Readability } from "@mozilla/readability";
import { Defuddle } from "defuddle/node";

const quiet = new VirtualConsole(); // pages' broken styles are no news

const extractors = {
  readability(page) {
    const dom = new JSDOM(page.html, { url: page.url, virtualConsole: quiet });
    const article = new Readability(dom.window.document).parse();
    dom.window.close();
    return article?.content ?? "";
  },
  async defuddle(page) {
    const article = await Defuddle(page.html, page.url, { useAsync: false }); // given text, it parses with linkedom
    return article?.content ?? "";
  },
};

const extract = extractors[process.argv[2]];
if (!extract) {
  console.error("usage: node extract.mjs readability|defuddle");
  process.exit(2);
}
console.log = console.warn = console.error = console.info = console.debug = () => {}; // stdout is for answers

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const before = process.cpuUsage();
  let answer;
  try {
    answer = { html: await extract(JSON.parse(line)) };
  } catch (e) {
    answer = { error: String(e) };
  }
  const used = process.cpuUsage(before);
  answer.ms = (used.user + used.system) / 1000;
  process.stdout.write(JSON.stringify(answer) + "\n");
}
