# Compares texts as News Sniffer does: paragraphs by their longest common
# subsequence, the k-th removed with the k-th added of a gap as a pair, and
# the words between white space of a pair again by theirs.
# Reads pairs as JSON lines {old, new} on stdin, each side a list of lines
# (title, paragraphs), and writes for each a line {chunks, ms} on stdout:
# chunks as [op, text] with op "=", "-" or "+", and the wall time of the
# comparison in milliseconds.
require "json"
require "diff/lcs"

# words compares a pair of paragraphs and gives chunks of a word each.
def words(before, after)
  Diff::LCS.sdiff(before.split, after.split).flat_map do |change|
    case change.action
    when "!" then [["-", change.old_element + " "], ["+", change.new_element + " "]]
    when "+" then [["+", change.new_element + " "]]
    else [[change.action, change.old_element + " "]]
    end
  end
end

def paragraphs(before, after)
  Diff::LCS.sdiff(before, after).flat_map do |change|
    chunks = case change.action
             when "!" then words(change.old_element, change.new_element)
             when "+" then [["+", change.new_element]]
             else [[change.action, change.old_element]]
             end
    chunks << ["=", "\n"]
  end
end

$stdout.sync = true
$stdin.each_line do |line|
  pair = JSON.parse(line)
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  chunks = paragraphs(pair["old"], pair["new"])
  ms = (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) * 1000
  puts JSON.generate(chunks: chunks, ms: ms)
rescue StandardError => e
  puts JSON.generate(error: e.message)
end
