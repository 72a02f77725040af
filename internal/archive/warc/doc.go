// Package warc reads and writes WARC files, in which web archives keep what
// servers answered (ISO 28500).
//
// [NewReader] gives the records of a file (versions 0.17 to 1.1), plain or gzip,
// one after the other and with the block of one in memory at a time. [ParseResponse] takes the HTTP message of a record apart. [NewWriter]
// writes WARC/1.1 with a gzip member for each record, so that a reader can begin
// at any record.
//
// What is wrong with a file is a [Fault], named with its place, and concerns that
// record only; reading goes on at the next one:
//
//   - In gzip a record is a member. Whatever is wrong inside, the next begins where
//     the member ends. When the member itself is cut or damaged, the next place is
//     looked for where the magic number stands and what unpacks begins with "WARC/".
//   - In plain files a record must be followed by line ends, and those by the next
//     version line or the end of the file. When it is not, its Content-Length is
//     wrong, and the next version line after its header is looked for.
//
// Digests (sha1, sha256, sha512 and md5, in base32 or hexadecimal) are checked where
// they are given; those of other algorithms are not.
//
// Bodies are given as they were sent: Content-Encoding stays. Transfer codings are
// undone, where the body has them: some archives undo them and keep the header.
//
// Sources: ISO 28500:2017 (WARC 1.1), RFC 1952 (gzip), RFC 9112 (HTTP/1.1).
package warc
