package warc

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// checkDigests says which digest of a record is not that of its block. A payload's
// is the body's, as some tools see it with its transfer coding and some without; a
// revisit names that of what it has not.
func checkDigests(r Record) *wrong {
	if !r.keeps() {
		return nil
	}
	if d := r.Fields.Get("WARC-Block-Digest"); d != "" && !matches(d, r.Block) {
		return &wrong{"the block is not what its digest says", -1}
	}
	d := r.Fields.Get("WARC-Payload-Digest")
	if d == "" || r.Type != TypeResponse || r.Shortcut != "" {
		return nil
	}
	_, payload, ok := bytes.Cut(r.Block, []byte("\r\n\r\n"))
	if !ok || matches(d, payload) {
		return nil
	}
	if resp, err := ParseResponse(r.Block); err == nil && matches(d, resp.Body) {
		return nil
	}
	return &wrong{"the payload is not what its digest says", -1}
}

// matches reports whether a digest, "sha1:…" in base32 or hexadecimal, is that of
// the data. One that cannot be computed here is believed.
func matches(labelled string, data []byte) bool {
	name, want, ok := strings.Cut(labelled, ":")
	if !ok {
		return true
	}
	var sum []byte
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "sha1", "sha-1":
		x := sha1.Sum(data)
		sum = x[:]
	case "sha256", "sha-256":
		x := sha256.Sum256(data)
		sum = x[:]
	case "sha512", "sha-512":
		x := sha512.Sum512(data)
		sum = x[:]
	case "md5":
		x := md5.Sum(data)
		sum = x[:]
	default:
		return true
	}
	want = strings.TrimRight(strings.TrimSpace(want), "=")
	b32 := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum)
	return strings.EqualFold(want, b32) || strings.EqualFold(want, hex.EncodeToString(sum))
}
