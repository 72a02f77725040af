package archive

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"stet/internal/news"
	"stet/internal/store"
)

// OriginNewsEdits is the origin of what came from the files of NewsEdits.
const OriginNewsEdits = "newsedits"

// The columns of table entryversion that are read: those that must be there, and
// the names that the time of a version goes by, best first.
const (
	editsTable   = "entryversion"
	editsEntry   = "entry_id"
	editsVersion = "version"
	editsTitle   = "title"
	editsText    = "summary"
	editsURL     = "url"
)

func editsTimes() []string {
	return []string{"created", "created_at", "date", "time", "timestamp", "fetched_at"}
}

// NewsEdits reads a SQLite file of the corpus NewsEdits (Spangher and others,
// 2022): a row of table entryversion is a version, its summary the paragraphs with
// "</p><p>" between them. An entry is an article. What the pages of News Sniffer
// show around a text in the part that was taken from there is left out: see
// editsParagraphs. The other columns are kept beside each version.
type NewsEdits struct {
	db      *sql.DB
	rows    *sql.Rows
	columns []string
	when    string // column of the time
	source  Source
	from    int64 // entries after this one
	ahead   *editsRow
	ended   bool
}

// An editsRow is a row by the names of its columns.
type editsRow struct {
	entry  int64
	values map[string]any
}

// OpenNewsEdits opens a SQLite file; it is never written to. position is an
// earlier reader's: the entry after which to go on.
func OpenNewsEdits(path string, source Source, position string) (_ *NewsEdits, err error) {
	n := &NewsEdits{source: source, from: -1 << 63}
	if position != "" {
		if n.from, err = strconv.ParseInt(position, 10, 64); err != nil {
			return nil, fmt.Errorf("position %.40q of a file of NewsEdits: not one of ours", position)
		}
	}
	if _, err := os.Stat(path); err != nil { // SQLite would make the file
		return nil, err
	}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"mode": {"ro"}, "_pragma": {"query_only(1)", "trusted_schema(0)"}}.Encode()}
	if n.db, err = sql.Open("sqlite", dsn.String()); err != nil {
		return nil, err
	}
	n.db.SetMaxOpenConns(1)
	if err = n.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), n.db.Close())
	}
	return n, nil
}

// begin looks which columns there are, and asks for the rows.
func (n *NewsEdits) begin() error {
	probe, err := n.db.Query(`SELECT * FROM ` + editsTable + ` LIMIT 0`)
	if err != nil {
		return fmt.Errorf("no file of NewsEdits that can be read (unpack it, if it is compressed): %w", err)
	}
	n.columns, err = probe.Columns()
	if err = errors.Join(err, probe.Close()); err != nil {
		return err
	}
	for _, want := range []string{editsEntry, editsVersion, editsTitle, editsText, editsURL} {
		if !slices.Contains(n.columns, want) {
			return fmt.Errorf("table %s has no column %s", editsTable, want)
		}
	}
	for _, name := range editsTimes() {
		if n.when == "" && slices.Contains(n.columns, name) {
			n.when = name
		}
	}
	if n.when == "" {
		return fmt.Errorf("table %s has no column with a time: none of %s", editsTable, strings.Join(editsTimes(), ", "))
	}
	n.rows, err = n.db.Query(`SELECT * FROM `+editsTable+` WHERE CAST(`+editsEntry+` AS INTEGER) > $1
		ORDER BY CAST(`+editsEntry+` AS INTEGER), CAST(`+editsVersion+` AS INTEGER)`, n.from)
	return err
}

// Position implements Reader.
func (n *NewsEdits) Position() string { return strconv.FormatInt(n.from, 10) }

// Close implements Reader.
func (n *NewsEdits) Close() error { return errors.Join(n.rows.Close(), n.db.Close()) }

// Next implements Reader: the versions of one entry. Bad versions of an entry
// make it a fault as a whole, for what is missing in the middle of a history would
// look like one big edit.
func (n *NewsEdits) Next() (History, error) {
	rows, err := n.entry()
	if err != nil {
		return History{}, err
	}
	entry := rows[0].entry
	n.from = entry
	h := History{Source: n.source, Origin: OriginNewsEdits, OldID: strconv.FormatInt(entry, 10)}
	for _, r := range rows {
		if h.URL == "" {
			h.URL = r.text(editsURL)
		} else if other := r.text(editsURL); other != "" && other != h.URL && !slices.Contains(h.Aliases, other) {
			h.Aliases = append(h.Aliases, other)
		}
		v, err := n.version(r)
		if err != nil {
			return History{}, &Fault{Where: fmt.Sprintf("entry %d, version %s", entry, r.text(editsVersion)), Subject: h.URL, Err: err}
		}
		h.Versions = append(h.Versions, v)
	}
	if h.Source.Key == "" {
		if a, err := news.ParseAddress(h.URL, nil); err == nil {
			h.Source = Source{Key: sourceKey(strings.TrimPrefix(a.Host, "www."))}
		}
	}
	return h, nil
}

// entry reads the rows of the next entry.
func (n *NewsEdits) entry() (rows []editsRow, err error) {
	if n.ahead != nil {
		rows = append(rows, *n.ahead)
		n.ahead = nil
	}
	for !n.ended {
		r, err := n.row()
		if err == io.EOF {
			n.ended = true
			break
		}
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 && rows[0].entry != r.entry {
			n.ahead = &r
			return rows, nil
		}
		if len(rows) <= store.MaxImportVersions { // with one too many the store refuses it
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, io.EOF
	}
	return rows, nil
}

func (n *NewsEdits) row() (r editsRow, err error) {
	if !n.rows.Next() {
		if err = n.rows.Err(); err == nil {
			err = io.EOF
		}
		return r, err
	}
	cells := make([]any, len(n.columns))
	into := make([]any, len(n.columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	if err = n.rows.Scan(into...); err != nil {
		return r, err
	}
	r.values = make(map[string]any, len(cells))
	for i, name := range n.columns {
		r.values[name] = cells[i]
	}
	r.entry, _ = strconv.ParseInt(strings.TrimSuffix(r.text(editsEntry), ".0"), 10, 64) // SQLite put it in its place as a number
	return r, nil
}

// text gives a cell as text; "" when it is NULL.
func (r editsRow) text(column string) string {
	switch v := r.values[column].(type) {
	case nil:
		return ""
	case []byte:
		return clean(string(v))
	case time.Time:
		return formatTime(v)
	default:
		return clean(fmt.Sprint(v))
	}
}

// version makes a version of a row.
func (n *NewsEdits) version(r editsRow) (v Version, err error) {
	if v.At, err = editsTime(r.text(n.when)); err != nil {
		return v, fmt.Errorf("%s: %w", n.when, err)
	}
	v.Content.Headline = editsPlain(r.text(editsTitle))
	v.Content.Blocks, v.Content.Cut = paragraphs(editsParagraphs(r.text(editsText)))
	if v.Content.Headline == "" && len(v.Content.Blocks) == 0 {
		return v, errors.New("neither title nor summary")
	}
	v.OldID = r.text(editsEntry) + "-" + r.text(editsVersion) // as the corpus joins its tables
	rest := make([]member, 0, len(n.columns))
	for _, name := range n.columns {
		if name == editsTitle || name == editsText || name == editsURL || r.values[name] == nil {
			continue
		}
		value, err := editsCell(r, name)
		if err != nil {
			return v, fmt.Errorf("%s: %w", name, err)
		}
		rest = append(rest, member{editsName(name), value})
	}
	v.Extra = appendMembers(nil, rest)
	return v, nil
}

// editsName keeps apart from the members of our own lines what has their names.
func editsName(column string) string {
	quoted := string(appendText(nil, column))
	name := quoted[1 : len(quoted)-1]
	if slices.Contains([]string{nameSource, nameSeenAt, nameParagraphs, nameLanguage, namePublished, nameLastSeen, nameID, nameArticleID, nameAliases, nameContent}, name) {
		return "newsedits_" + name
	}
	return name
}

func editsCell(r editsRow, name string) ([]byte, error) {
	switch v := r.values[name].(type) {
	case int64, float64, bool:
		return json.Marshal(v)
	default:
		return appendText(nil, r.text(name)), nil
	}
}
