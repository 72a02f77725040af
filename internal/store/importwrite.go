package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

// importBatch writes the histories in turn. The sources' counts are written once,
// at the end.
func (t *tx) importBatch(ctx context.Context, batch []importing) ([]Imported, error) {
	done := make([]Imported, len(batch))
	b := importer{tx: t, sources: map[string]int64{}, hosts: map[string]int64{}, tallies: map[int64]tally{}}
	for i, in := range batch {
		var err error
		if done[i], err = b.article(ctx, in); err != nil {
			return nil, fmt.Errorf("%s: %w", in.Address.URL, err)
		}
	}
	for sourceID, d := range b.tallies {
		if err := t.count(ctx, sourceID, d); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// An importer is the transaction of a batch, with what it need not ask twice.
type importer struct {
	*tx
	sources, hosts map[string]int64
	tallies        map[int64]tally
}

// A standingImport is an article that an import adds to; the zero one is new.
type standingImport struct {
	id, sourceID int64
	state        news.State
	visited      bool
	versions     []knownVersion
}

// A knownVersion is a version that is there.
type knownVersion struct {
	id          int64
	digest      news.Digest
	first, last time.Time
}

func (a *standingImport) newest() *knownVersion { return &a.versions[len(a.versions)-1] }

// Statements that run for each article or version of an import; they are
// compiled once (see hot.go).
const (
	importFind = `SELECT a.id, a.source_id, a.state, CASE WHEN a.last_ok IS NULL THEN 0 ELSE 1 END
		FROM address d JOIN article a ON a.id = d.article_id WHERE d.key = $1`
	importVersions = `SELECT v.id, v.digest, n.first_at, n.last_at FROM version v JOIN seen n ON n.version_id = v.id
		WHERE v.article_id = $1 ORDER BY v.number`
	importArticle = `INSERT INTO article (source_id, host_id, url, state, headline, language, hidden, found_at, published, due,
		period, versions, current, current_since, changed_at, captures, etag, last_modified, doubt_outcome, doubt_count, alternates, returns)
		VALUES ($1, $2, $3, 'live', $4, $5, '', $6, $7, $8, 0, $9, CAST($9 AS BIGINT) - 1, $10, $10, $9, '', '', '', 0, '', 0) RETURNING id`
	importGrow = `UPDATE article SET state = 'live', headline = $2, versions = versions + $3, current = versions + $3 - 1,
		current_since = $4, changed_at = $4, captures = captures + $3, alternates = '', returns = 0,
		language = CASE WHEN language = '' THEN $5 ELSE language END, published = coalesce(published, $6) WHERE id = $1`
	importAddress = `INSERT INTO address (key, article_id, url, origin, first_seen, last_seen) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (key) DO NOTHING`
	importCapture = `INSERT INTO capture (article_id, url, final_url, at, outcome, reason, status, header, wire_size, encoding, remote_addr, extractor)
		VALUES ($1, '', '', $2, 'ok', '', 0, '', 0, '', '', '') RETURNING id`
	importChange = `INSERT INTO change (article_id, type, version_id, number, recorded_at, after_at, before_at,
		headline, words_added, words_removed, silent, grown, posts, note)
		VALUES ($1, 'version', $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, '')`
	importExtra = `INSERT INTO import_version (version_id, origin, old_id, extra) VALUES ($1, $2, $3, $4)`
	importOldID = `INSERT INTO import_article (origin, old_id, source_id, article_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (origin, old_id, source_id) DO NOTHING`
	importSeen = `UPDATE seen SET last_at = $2 WHERE version_id = $1 AND last_at < $2`
)

func importWrites() []string {
	return []string{versionRow, seenRow, importFind, importVersions, importArticle, importGrow, importAddress, importCapture, importChange, importExtra, importOldID, importSeen}
}

// article records one history, or says why not. Nothing is written before that
// is decided.
func (b *importer) article(ctx context.Context, in importing) (done Imported, err error) {
	if in.refused == nil {
		in.refused = in.future(b.now)
	}
	if in.refused != nil {
		return Imported{Refused: in.refused}, nil
	}
	a, err := b.standing(ctx, in.Address.Key)
	if err != nil {
		return done, err
	}
	plan, refused := a.plan(in.texts)
	if refused != nil {
		return Imported{Refused: refused}, nil
	}
	done = Imported{New: a.id == 0, Added: len(plan.add), Known: plan.known, Same: plan.same}
	if a.id == 0 {
		if err = b.create(ctx, in, &a); err != nil {
			return done, err
		}
	}
	done.ArticleID = a.id
	if plan.grow > 0 {
		if _, err = b.ExecContext(ctx, importSeen, plan.grow, micros(plan.grown)); err != nil {
			return done, err
		}
	}
	return done, errors.Join(b.names(ctx, in, a), b.append(ctx, in, a, plan.add, done.New))
}

// future says so when a version is yet to come.
func (p importing) future(now time.Time) error {
	for _, x := range p.texts {
		if x.first.After(now) || x.last.After(now) {
			return fmt.Errorf("version seen at %s: that is in the future", x.first.Format(time.RFC3339))
		}
	}
	return nil
}

// standing reads the article of an address, and its versions.
func (b *importer) standing(ctx context.Context, key string) (a standingImport, err error) {
	a, err = one(ctx, b.tx, func(r row) (a standingImport, err error) {
		return a, r.Scan(&a.id, &a.sourceID, &a.state, &a.visited)
	}, importFind, key)
	if errors.Is(err, ErrNotFound) {
		return standingImport{}, nil
	}
	if err != nil {
		return a, err
	}
	a.versions, err = list(ctx, b.tx, func(r row) (v knownVersion, err error) {
		return v, r.Scan(&v.id, bytes32{(*[32]byte)(&v.digest)}, when{&v.first}, when{&v.last})
	}, importVersions, a.id)
	return a, err
}

// An importPlan is what an import adds to an article.
type importPlan struct {
	add         []importText
	known, same int
	grow        int64 // version whose seen window grows; 0 = none
	grown       time.Time
}

// plan decides what of a history is new, or why it cannot be taken.
func (a *standingImport) plan(texts []importText) (p importPlan, refused error) {
	for _, x := range texts {
		p.same += x.same
	}
	for i, x := range texts {
		n := len(a.versions)
		switch {
		case n == 0:
			p.add = texts[i:]
			return p, a.closed()
		case a.knows(x):
			p.known++
		case a.newest().digest == x.text.digest && !x.first.Before(a.newest().last):
			p.same++ // the part of a history before ended with this text
		case x.first.Before(a.newest().last):
			return p, fmt.Errorf("%w: the version of %s is not in the history that is here, which reaches to %s",
				ErrConflict, x.first.Format(time.RFC3339), a.newest().last.Format(time.RFC3339))
		default:
			p.add = texts[i:]
			return p, a.closed()
		}
		if newest := a.newest(); newest.digest == x.text.digest && x.last.After(newest.last) && !a.visited {
			newest.last = x.last
			p.grow, p.grown = newest.id, x.last
		}
	}
	return p, nil
}

// knows reports whether the text is here, seen at that time.
func (a *standingImport) knows(x importText) bool {
	for _, v := range a.versions {
		if v.digest == x.text.digest && !x.first.Before(v.first) && !x.first.After(v.last) {
			return true
		}
	}
	return false
}

// closed says why an article takes no more imported versions: what our own
// visits saw is not mixed with what others did.
func (a *standingImport) closed() error {
	switch {
	case a.visited:
		return fmt.Errorf("%w: our own visits have seen the article", ErrConflict)
	case a.state != "" && a.state != news.New && a.state != news.Live:
		return fmt.Errorf("%w: the article is %s", ErrConflict, a.state)
	}
	return nil
}

// create makes the row of a new article, complete with the counts that the
// versions will make true.
func (b *importer) create(ctx context.Context, in importing, a *standingImport) (err error) {
	if a.sourceID, err = b.source(ctx, in.Source); err != nil {
		return err
	}
	hostID, err := b.hostID(ctx, in.Address.Host)
	if err != nil {
		return err
	}
	newest := in.texts[len(in.texts)-1]
	due := b.planned(in.Due)
	a.id, err = b.id(ctx, importArticle, a.sourceID, hostID, in.Address.URL, newest.Content.Headline, in.Language, micros(in.texts[0].first),
		micros(in.Published), micros(due), len(in.texts), micros(newest.first))
	if err != nil {
		return err
	}
	d := b.tallies[a.sourceID]
	d.articles++
	b.tallies[a.sourceID] = d
	return b.ready(ctx, hostID, due)
}

// source gives the source of a key, and makes it when there is none.
func (b *importer) source(ctx context.Context, src news.Source) (id int64, err error) {
	if id = b.sources[src.Key]; id != 0 {
		return id, nil
	}
	if src.Name == "" {
		src.Name = src.Key
	}
	if src, err = b.addSource(ctx, src); err != nil {
		return 0, fmt.Errorf("source %q: %w", src.Key, err)
	}
	b.sources[src.Key] = src.ID
	return src.ID, nil
}

func (b *importer) hostID(ctx context.Context, name string) (id int64, err error) {
	if id = b.hosts[name]; id != 0 {
		return id, nil
	}
	if id, err = b.host(ctx, name); err == nil {
		b.hosts[name] = id
	}
	return id, err
}

// names notes the addresses and the old id.
func (b *importer) names(ctx context.Context, in importing, a standingImport) error {
	first, last := in.texts[0].first, in.texts[len(in.texts)-1].last
	for _, d := range append([]news.Address{in.Address}, in.Aliases...) {
		if _, err := b.ExecContext(ctx, importAddress, d.Key, a.id, d.URL, "import", micros(first), micros(last)); err != nil {
			return err
		}
	}
	if in.OldID == "" {
		return nil
	}
	_, err := b.ExecContext(ctx, importOldID, in.Origin, in.OldID, a.sourceID, a.id)
	return err
}

// append records versions behind those that the article has.
func (b *importer) append(ctx context.Context, in importing, a standingImport, add []importText, created bool) error {
	if len(add) == 0 {
		return nil
	}
	newest := add[len(add)-1]
	if !created {
		err := b.exec(ctx, importGrow, a.id, newest.Content.Headline, len(add), micros(newest.first), in.Language, micros(in.Published))
		if err != nil {
			return err
		}
	}
	var before *news.Content
	var lastSeen time.Time
	if n := len(a.versions); n > 0 {
		v, err := b.version(ctx, `v.article_id = $1 AND v.number = $2`, a.id, n-1)
		if err != nil {
			return err
		}
		before, lastSeen = &v.Content, v.Seen.Last
		add[0].added, add[0].removed = bagOfWords(v.Content, add[0].Content)
	}
	for i, x := range add {
		if err := b.importVersion(ctx, in, a, len(a.versions)+i, x, before, lastSeen); err != nil {
			return err
		}
		before, lastSeen = &x.Content, x.last
	}
	b.tell(a, add)
	return nil
}

// tell adds to the counts of the source.
func (b *importer) tell(a standingImport, add []importText) {
	d := b.tallies[a.sourceID]
	d.versions += len(add)
	d.changes += len(add)
	if len(a.versions) == 0 {
		d.versioned++
		d.changes-- // the first version is no change
	}
	if newest := add[len(add)-1].first; len(a.versions)+len(add) > 1 && newest.After(d.lastChange) {
		d.lastChange = newest
	}
	b.tallies[a.sourceID] = d
}

// importVersion writes the rows of one version: capture first, since the version
// names it.
func (b *importer) importVersion(ctx context.Context, in importing, a standingImport, number int, x importText, before *news.Content, lastSeen time.Time) error {
	captureID, err := b.id(ctx, importCapture, a.id, micros(x.first))
	if err != nil {
		return err
	}
	v := news.Version{ArticleID: a.id, Number: number, Content: x.Content, CaptureID: captureID, Extractor: importExtractor + in.Origin,
		Seen: news.Seen{First: x.first, Last: x.last, Sightings: 1}}
	id, err := b.insertVersion(ctx, v, x.text, a.sourceID)
	if err != nil {
		return err
	}
	var after any
	headline, silent := false, false
	if before != nil {
		if lastSeen.Before(x.first) {
			after = micros(lastSeen)
		}
		headline = news.Fold(before.Headline) != news.Fold(x.Content.Headline)
		silent = !before.Modified.IsZero() && before.Modified.Equal(x.Content.Modified)
	}
	_, err = b.ExecContext(ctx, importChange, a.id, id, number, micros(b.now), after, micros(x.first), bit(headline), x.added, x.removed, bit(silent))
	if err == nil && (x.OldID != "" || x.Extra != "") {
		_, err = b.ExecContext(ctx, importExtra, id, in.Origin, x.OldID, x.Extra)
	}
	return err
}
