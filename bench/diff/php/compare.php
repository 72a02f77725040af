<?php
// Compares texts with wikidiff2, the extension that MediaWiki compares with.
// Reads pairs as JSON lines {old, new} on stdin, each side a list of lines
// (title, paragraphs), and writes for each a line {chunks, ms} on stdout:
// chunks as [op, text, moved] with op "=", "-" or "+", and the wall time of
// wikidiff2_inline_diff, as a page of history asks for it, in milliseconds.
// The chunks are from the JSON form of the same comparison, which is not timed.

const CONTEXT = 2;      // unchanged lines around a change on a page of history
const ALL = 1_000_000;  // lines of context, more than any text has

// The types of the lines and of the highlighted ranges in the JSON form.
const LINE_SAME = 0, LINE_ADDED = 1, LINE_DELETED = 2, LINE_CHANGED = 3, LINE_MOVED_FROM = 4, LINE_MOVED_HERE = 5;
const RANGE_DELETED = 1;

// pieces cuts a line in which both texts stand into chunks.
function pieces(array $line): array {
    $out = [];
    $at = 0;
    foreach ($line["highlightRanges"] ?? [] as $range) {
        $out[] = ["=", substr($line["text"], $at, $range["start"] - $at), false];
        $out[] = [$range["type"] === RANGE_DELETED ? "-" : "+", substr($line["text"], $range["start"], $range["length"]), false];
        $at = $range["start"] + $range["length"];
    }
    $out[] = ["=", substr($line["text"], $at), false];
    return $out;
}

// ends gives one end of a moved line: what stands at the other end only is
// left out, and what is equal has moved, as the operation says.
function ends(array $pieces, string $op): array {
    $out = [];
    foreach ($pieces as [$is, $text, $moved]) {
        if ($is === "=") {
            $out[] = [$op, $text, true];
        } elseif ($is === $op) {
            $out[] = [$op, $text, false];
        }
    }
    return $out;
}

function chunks(array $lines): array {
    $moved = []; // the line where the text is now, by its id
    foreach ($lines as $line) {
        if ($line["type"] === LINE_MOVED_HERE) {
            $moved[$line["moveInfo"]["id"]] = $line;
        }
    }
    $out = [];
    foreach ($lines as $line) {
        $new = match ($line["type"]) {
            LINE_ADDED => [["+", $line["text"], false]],
            LINE_DELETED => [["-", $line["text"], false]],
            LINE_CHANGED => pieces($line),
            LINE_MOVED_FROM => ends(pieces($moved[$line["moveInfo"]["linkId"]]), "-"),
            LINE_MOVED_HERE => ends(pieces($line), "+"),
            LINE_SAME => [["=", $line["text"], false]],
        };
        array_push($out, ...$new);
        $out[] = ["=", "\n", false];
    }
    return $out;
}

while (($line = fgets(STDIN)) !== false) {
    $pair = json_decode($line, true);
    $old = implode("\n", $pair["old"]);
    $new = implode("\n", $pair["new"]);
    $start = hrtime(true);
    wikidiff2_inline_diff($old, $new, CONTEXT);
    $ms = (hrtime(true) - $start) / 1e6;
    $read = json_decode(wikidiff2_inline_json_diff($old, $new, ALL), true);
    if ($old === $new) { // it gives no lines at all then
        $read = ["diff" => [["type" => LINE_SAME, "text" => $old]]];
    }
    $answer = $read === null ? ["error" => json_last_error_msg()] : ["chunks" => chunks($read["diff"]), "ms" => $ms];
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
    flush();
}
