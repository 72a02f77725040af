// Compares texts with the JavaScript library named on the command line.
// Reads pairs as JSON lines {old, new} on stdin, each side a list of lines
// (title, paragraphs), and writes for each a line {chunks, ms} on stdout:
// chunks as [op, text] with op "=", "-" or "+", and the wall time of the
// comparison alone in milliseconds. A pair that fails gives {error}.
import { createInterface } from "node:readline";
import { diffWords, diffWordsWithSpace } from "diff";
import DiffMatchPatch from "diff-match-patch";

const matcher = new DiffMatchPatch();

// What jsdiff and diff-match-patch give, as chunks.
const fromParts = (parts) => parts.map((p) => [p.added ? "+" : p.removed ? "-" : "=", p.value]);
const fromPairs = (pairs) => pairs.map(([op, text]) => [op > 0 ? "+" : op < 0 ? "-" : "=", text]);

const comparisons = {
  jsdiff: { run: diffWords, chunks: fromParts },
  "jsdiff-space": { run: diffWordsWithSpace, chunks: fromParts },
  dmp: {
    run(before, after) {
      const pairs = matcher.diff_main(before, after);
      matcher.diff_cleanupSemantic(pairs);
      return pairs;
    },
    chunks: fromPairs,
  },
};

const comparison = comparisons[process.argv[2]];
if (!comparison) {
  console.error("usage: node compare.mjs " + Object.keys(comparisons).join("|"));
  process.exit(2);
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    const pair = JSON.parse(line);
    const [before, after] = [pair.old.join("\n"), pair.new.join("\n")];
    const start = process.hrtime.bigint();
    const result = comparison.run(before, after);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    answer = { chunks: comparison.chunks(result), ms };
  } catch (e) {
    answer = { error: String(e) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
