package store

import (
	"context"
	"time"

	"stet/internal/news"
)

// A verifyRow is a version with its neighbours.
type verifyRow struct {
	id, articleID, sourceID int64
	number, words           int
	digest, identity        news.Digest
	headline                string
	encoding                int
	body                    []byte
	captureOf, seq          int64 // article of the capture; place in the log; 0 = none
	changeOf                int64
	changeNumber            int
	articleSource           int64
	first, last             time.Time
	at                      time.Time // of the capture
	same                    bool      // text as the version before it; imported ones must only differ in their bytes
}

const verifyVersions = `SELECT v.id, v.article_id, v.source_id, v.number, v.words, v.digest, v.identity, v.headline, v.encoding, v.body,
	coalesce(k.article_id, 0), k.at, coalesce(c.seq, 0), coalesce(c.article_id, 0), coalesce(c.number, -1), coalesce(a.source_id, 0),
	n.first_at, n.last_at,
	CASE WHEN p.digest = v.digest OR (p.identity = v.identity AND v.extractor NOT LIKE 'import/%') THEN 1 ELSE 0 END
	FROM version v LEFT JOIN capture k ON k.id = v.capture_id LEFT JOIN change c ON c.version_id = v.id
	LEFT JOIN article a ON a.id = v.article_id LEFT JOIN seen n ON n.version_id = v.id
	LEFT JOIN version p ON p.article_id = v.article_id AND p.number = v.number - 1
	ORDER BY v.article_id, v.number`

func scanVerifyRow(r row) (x verifyRow, err error) {
	return x, r.Scan(&x.id, &x.articleID, &x.sourceID, &x.number, &x.words, bytes32{(*[32]byte)(&x.digest)}, bytes32{(*[32]byte)(&x.identity)},
		&x.headline, &x.encoding, &x.body, &x.captureOf, when{&x.at}, &x.seq, &x.changeOf, &x.changeNumber, &x.articleSource,
		when{&x.first}, when{&x.last}, &x.same)
}

// versions reads every version anew.
func (v *verifier) versions(ctx context.Context) error {
	rows, err := v.QueryContext(ctx, verifyVersions)
	if err != nil {
		return err
	}
	defer rows.Close()
	article, next := int64(0), 0
	for rows.Next() {
		x, err := scanVerifyRow(rows)
		if err != nil {
			return err
		}
		if x.articleID != article {
			article, next = x.articleID, 0
		}
		if x.number != next {
			v.problem("article %d: version %d where %d should be", article, x.number, next)
		}
		next = x.number + 1
		v.version(x)
		v.step("versions")
	}
	return rows.Err()
}

func (v *verifier) version(x verifyRow) {
	say := func(what string) {
		v.problem("version %d (article %d, number %d): %s", x.id, x.articleID, x.number, what)
	}
	switch {
	case x.captureOf == 0:
		say("its capture is missing")
	case x.captureOf != x.articleID:
		say("its capture is of another article")
	case !x.first.Equal(x.at):
		say("first seen at another time than its capture")
	}
	switch {
	case x.seq == 0:
		say("no entry in the change log")
	case x.changeOf != x.articleID || x.changeNumber != x.number:
		say("its entry in the change log is of another version")
	}
	if x.sourceID != x.articleSource {
		say("of another source than its article")
	}
	if x.first.IsZero() || x.last.Before(x.first) {
		say("no sane seen window")
	}
	if x.same {
		say("the same text as the version before it")
	}
	v.text(x, say)
}

// text makes anew from the text what is recorded of it.
func (v *verifier) text(x verifyRow, say func(what string)) {
	c, err := v.s.decodeContent(x.encoding, x.body, x.digest)
	if err != nil {
		say(err.Error())
		return
	}
	switch {
	case news.Sum(c.Canonical()) != x.digest:
		say("its text serialised anew has another digest")
	case c.Identity() != x.identity:
		say("its text has another identity")
	case c.Headline != x.headline:
		say("its headline is not that of its text")
	case words(c) != x.words:
		say("its count of words is not true")
	}
}
