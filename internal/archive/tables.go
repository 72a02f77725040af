package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// Limits of one article of a dump; one beyond them is a fault.
const (
	MaxVersions = store.MaxImportVersions // versions of it
	MaxHistory  = 256 << 20               // bytes of the texts of all of them
)

// MaxFaults is how many bad rows of a dump are named; the rest is counted.
const MaxFaults = 1000

// DumpOptions are what a dump does not say of itself. The zero value is good for
// most.
type DumpOptions struct {
	// Source is what all articles are of; without a key, what each of them says.
	Source Source
	// Home is the address of the site whose dump it is ("https://sniffer.example.org"):
	// the addresses that articles had there lead to them here. "" = they are left out.
	Home string
	// Zone is of times that name none; nil = UTC, and for NewsDiffs what its
	// repository says.
	Zone *time.Location
	// Repository is the folder of NewsDiffs' git repositories; "" = the folder
	// "articles" beside the file.
	Repository string
	// Position is where to go on, as Reader.Position gave it; "" = the beginning.
	Position string
	// Temporary is the folder for the temporary database, which becomes as large as the
	// texts of the dump; "" = the system's own.
	Temporary string
	// Loaded is told, now and then, how many rows have been read before the first
	// article is given; nil = nobody.
	Loaded func(rows int)
}

// A format is what the dumps of one program are like.
type format struct {
	origin    string
	relations []relation
	keeps     []string // columns of versions that stet has no place for
	// next gives the id of the first article after $1, in the order of reading.
	next string
	// history makes the history of one article. Its versions need not be in order.
	// With a fault it has none.
	history func(t *tables, id int64) (History, []*Fault, error)
	// orphans counts versions without an article and gives the first one's id.
	orphans string
	// lacks tells why an article of a dump that was cut short is not whole; nil when
	// nothing shows that.
	lacks func(t *tables, id int64, h *History) error
}

// tables reads the histories of a file of tables: first all of it into a [spill],
// then one article after another, in the order of their ids.
type tables struct {
	format
	o       DumpOptions
	open    func() (rows, func() bool, error) // the file: its rows, and whether it was cut short
	spill   *spill
	ctx     context.Context
	close   []func() error
	after   int64 // id of the article that was given last
	cut     bool
	faults  []*Fault // not yet given
	unnamed int      // faults beyond MaxFaults
	ended   bool
}

// newTables makes the reader of a format. The file is read at the first Next.
func newTables(f format, path string, o DumpOptions, plain dialect) (*tables, error) {
	t := &tables{format: f, o: o, ctx: context.Background(), after: -1 << 63}
	if o.Position != "" {
		after, err := strconv.ParseInt(o.Position, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("position %q: not one of this reader", o.Position)
		}
		t.after = after
	}
	file, err := openDump(path)
	if err != nil {
		return nil, err
	}
	t.close = append(t.close, file.Close)
	if file.isSQLite() {
		s, err := openSQLite(path, f.relations)
		if err != nil {
			return nil, errors.Join(err, t.Close())
		}
		t.close = append(t.close, s.Close)
		t.open = func() (rows, func() bool, error) { return s, func() bool { return s.failed }, nil }
		return t, nil
	}
	names := make([]string, len(f.relations))
	for i, r := range f.relations {
		names[i] = r.name
	}
	if plain == mysql {
		plain = file.dialect()
	}
	d := newDump(file.text, plain, names)
	t.open = func() (rows, func() bool, error) { return d, func() bool { return d.cut }, nil }
	return t, nil
}

// bad keeps a fault to be given.
func (t *tables) bad(f *Fault) {
	if len(t.faults) >= MaxFaults {
		t.unnamed++
		return
	}
	t.faults = append(t.faults, f)
}

// load fills the spill.
func (t *tables) load() (err error) {
	if t.spill, err = newSpill(t.o.Temporary, t.relations); err != nil {
		return err
	}
	t.close = append(t.close, t.spill.Close)
	from, cut, err := t.open()
	if err != nil {
		return err
	}
	t.spill.told = t.o.Loaded
	if err := t.spill.fill(t.ctx, from, t.bad); err != nil {
		return err
	}
	t.cut = cut()
	if t.unnamed > 0 {
		t.faults = append(t.faults, &Fault{Where: "dump", Err: fmt.Errorf("%d more bad rows", t.unnamed)})
		t.unnamed = 0
	}
	return t.lost()
}

// lost names the versions whose article is not there.
func (t *tables) lost() error {
	var n int
	var first sql.NullInt64
	if err := t.spill.db.QueryRow(t.orphans).Scan(&n, &first); err != nil {
		return fmt.Errorf("temporary database: %w", err)
	}
	if n > 0 {
		t.faults = append(t.faults, &Fault{Where: fmt.Sprintf("version %d", first.Int64), Err: fmt.Errorf("what it belongs to is not in the dump; so with %d versions in all", n)})
	}
	return nil
}

// Next gives the next article that has versions.
func (t *tables) Next() (History, error) {
	if t.spill == nil {
		if err := t.load(); err != nil {
			return History{}, fmt.Errorf("read %s dump: %w", t.origin, err)
		}
	}
	for {
		if len(t.faults) > 0 {
			f := t.faults[0]
			t.faults = t.faults[1:]
			return History{}, f
		}
		if t.ended {
			return History{}, io.EOF
		}
		h, err := t.step()
		if err != nil {
			return History{}, fmt.Errorf("read %s dump: %w", t.origin, err)
		}
		if len(h.Versions) > 0 {
			return h, nil
		}
	}
}

// step reads one article; one without versions was never fetched, or is a fault.
func (t *tables) step() (History, error) {
	var id int64
	err := t.spill.db.QueryRow(t.format.next, t.after).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		t.ended = true
		return History{}, nil
	}
	if err != nil {
		return History{}, err
	}
	h, faults, err := t.history(t, id)
	if err != nil {
		return History{}, err
	}
	t.after = id
	h.Origin = t.origin
	if t.o.Source.Key != "" {
		h.Source = t.o.Source
	}
	t.faults = append(t.faults, faults...)
	if len(h.Versions) == 0 {
		return History{}, nil
	}
	if err := t.checked(id, &h); err != nil {
		t.faults = append(t.faults, &Fault{Where: fmt.Sprintf("article %d", id), Subject: h.URL, Err: err})
		return History{}, nil
	}
	return h, nil
}

// checked puts the versions in order and finds what cannot be a history.
func (t *tables) checked(id int64, h *History) error {
	if _, err := news.ParseAddress(h.URL, nil); err != nil {
		return err
	}
	slices.SortStableFunc(h.Versions, func(a, b Version) int { return a.At.Compare(b.At) })
	if t.cut && t.lacks != nil {
		return t.lacks(t, id, h)
	}
	return nil
}

// Position is the id of the article that was given last.
func (t *tables) Position() string {
	if t.after == -1<<63 {
		return ""
	}
	return strconv.FormatInt(t.after, 10)
}

// Close removes the temporary database and closes the file.
func (t *tables) Close() error {
	var err error
	for _, c := range slices.Backward(t.close) {
		err = errors.Join(err, c())
	}
	t.close = nil
	return err
}

// A fields is a row of the spill, its columns by name; NULL is "".
type fields map[string]string

// records gives the rows of a query. Texts of more than MaxHistory bytes
// together, or more rows than versions are allowed, are a fault of the article.
func (t *tables) records(query string, id int64) ([]fields, error) {
	rows, err := t.spill.db.Query(query, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []fields
	size := 0
	for rows.Next() {
		texts := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		r := fields{}
		for i, n := range names {
			r[n] = texts[i].String
			size += len(texts[i].String)
		}
		out = append(out, r)
		if err := tooLarge(len(out), size); err != nil {
			return nil, &Fault{Where: fmt.Sprintf("article %d", id), Err: err}
		}
	}
	return out, rows.Err()
}

// tooLarge holds the limits of one article.
func tooLarge(versions, size int) error {
	switch {
	case versions > MaxVersions:
		return fmt.Errorf("more than %d versions", MaxVersions)
	case size > MaxHistory:
		return fmt.Errorf("versions of more than %d bytes together", MaxHistory)
	}
	return nil
}

// versionsOf makes the versions of an article of its rows by read, which gives why
// a version cannot be read. Then the article is left out with all of them: a gap
// in a history would look like one big edit.
func (t *tables) versionsOf(query string, id int64, old string, read func(fields) (Version, error)) ([]Version, []*Fault, error) {
	records, err := t.records(query, id)
	if f, ok := IsFault(err); ok {
		return nil, []*Fault{f}, nil
	}
	var out []Version
	var first *Fault
	for _, r := range records {
		v, err := read(r)
		if err != nil && first == nil {
			first = &Fault{Where: "version " + r["id"], Subject: fmt.Sprintf("article %d", id), Err: fmt.Errorf("%w: article left out", err)}
		}
		v.OldID, v.Extra = r["id"], t.extra(old, r)
		out = append(out, v)
	}
	if first != nil {
		return nil, []*Fault{first}, nil
	}
	return out, nil, err
}

// one gives the only record of a query.
func (t *tables) one(query string, id int64) (fields, error) {
	records, err := t.records(query, id)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return fields{}, nil
	}
	return records[0], nil
}

// link is an address of the site that the dump is of, nil without Home.
func (t *tables) link(path string) []string {
	if t.o.Home == "" {
		return nil
	}
	return []string{strings.TrimRight(t.o.Home, "/") + path}
}

// extra is what a row says beside the text: the old ids by the names that JSON
// lines have for them, so that an export keeps them, and under the format's name
// those of its columns that are kept.
func (t *tables) extra(old string, r fields) json.RawMessage {
	kept := map[string]string{}
	for _, c := range t.keeps {
		if r[c] != "" {
			kept[c] = r[c]
		}
	}
	out := map[string]any{nameArticleID: old, nameID: r["id"]}
	if len(kept) > 0 {
		out[t.origin] = kept
	}
	b, err := json.Marshal(out)
	if err != nil { // strings by strings: cannot fail
		panic("archive: strings do not marshal: " + err.Error())
	}
	return b
}

// addresses are those of the candidates that are pages and not the article's own.
func addresses(own string, candidates ...string) []string {
	var out []string
	for _, c := range candidates {
		if isAddress(c) && c != own && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

func isAddress(s string) bool {
	_, err := news.ParseAddress(s, nil)
	return err == nil
}
