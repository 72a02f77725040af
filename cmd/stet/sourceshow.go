package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/news"
	"stet/internal/store"
)

// Bounds of what stet sources show tells.
const (
	shownDays   = 7  // of health, today's among them
	shownEvents = 50 // the last opened
)

func sourcesShowCommand(c *Config) *cobra.Command {
	return &cobra.Command{
		Use:   "show KEY",
		Short: "Show a source: counts, lag, bounds, feeds, health, events, rules",
		Long: `Show all that is known of a source: counts, use of a browser, how far its visits
are behind, how well known the times of its changes are, feeds, figures of its
visits of the last seven days, events (its template changed, a figure left
its band, a host was out) with their times, what pages reserve, hosts whose 304
is not believed, and the ignore rules that hold for it.`,
		Example: "  stet sources show courier\n  stet sources show courier --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, c, func(s *store.Store) error { return showSource(cmd, s, args[0]) })
		},
	}
}

// browserUse is how a source's use of a browser is called.
func browserUse(render string) string { return cmp.Or(render, "off") }

// A shownSource is all that is known of a source, as JSON; see docs/formats.md.
type shownSource struct {
	sourceRow
	Browser string      `json:"browser"`
	Budget  float64     `json:"budget"` // visits an hour; 0 = as many as are polite
	KeepRaw string      `json:"keep_raw"`
	Gone    int         `json:"gone"`
	Held    int         `json:"held"`
	Lag     lagRow      `json:"lag"`
	Bounds  boundsRows  `json:"bounds"`
	FeedsOf []feedRow   `json:"feed_list"`
	Health  []healthRow `json:"health"`
	Events  []eventRow  `json:"events"`
	Ignore  []ignoreRow `json:"ignore"`

	Reserved map[news.Reservation]int `json:"reserved"` // articles, by what their pages reserve
	Liars    []hostRow                `json:"hosts"`    // that sent validators which did not move with the text
}

// A hostRow is a host that sent validators which did not move with the text.
type hostRow struct {
	Host     string `json:"host"`
	Lies     int    `json:"lies"`
	Honest   int    `json:"honest"`
	Believed bool   `json:"believed"` // its 304: pages are asked for under conditions
}

// A lagRow tells how far visits are behind.
type lagRow struct {
	Due      int     `json:"due"`
	Feeds    int     `json:"feeds"`
	Articles int     `json:"articles"`
	Longest  float64 `json:"longest"` // wait of the most overdue, in seconds
}

// line writes the lag on a line.
func (l lagRow) line(w io.Writer) {
	if l.Due == 0 {
		fmt.Fprintln(w, "no visit is due")
		return
	}
	fmt.Fprintf(w, "%d visits are due (%d of feeds), the oldest for %s\n", l.Due, l.Feeds, seconds(l.Longest))
}

// boundsRows tell how well known the times of changes are.
type boundsRows struct {
	Recent boundsRow `json:"recent"` // of the last 30 days
	Ever   boundsRow `json:"ever"`
}

type boundsRow struct {
	Changes int     `json:"changes"`
	Median  float64 `json:"median"` // width of (T1, T2], in seconds
	P90     float64 `json:"p90"`
}

func newBoundsRow(b store.Bounds) boundsRow {
	return boundsRow{b.Changes, b.Median.Seconds(), b.P90.Seconds()}
}

// line writes the bounds on a line; nothing without changes.
func (b boundsRow) line(w io.Writer, when string) {
	if b.Changes == 0 {
		return
	}
	fmt.Fprintf(w, "times of %d changes %s known to within %s (median), %s (nine of ten)\n", b.Changes, when, seconds(b.Median), seconds(b.P90))
}

// seconds is a time span for people.
func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Second)
}

// A healthRow is the figures of a day.
type healthRow struct {
	Day       string  `json:"day"` // UTC
	Visits    int     `json:"visits"`
	Seen      int     `json:"seen"`
	Read      int     `json:"read"`
	Empty     int     `json:"empty"`
	Blocked   int     `json:"blocked"`
	Failed    int     `json:"failed"`
	Changes   int     `json:"changes"`
	Words     float64 `json:"words"`     // median of a page read, estimated
	Furniture float64 `json:"furniture"` // share of the text of a page read, 0 to 1
}

type eventRow struct {
	Kind     news.EventKind `json:"kind"`
	Subject  string         `json:"subject"`
	Note     string         `json:"note"`
	Articles int            `json:"articles"`
	First    time.Time      `json:"first"`
	Last     time.Time      `json:"last"`
	Ended    time.Time      `json:"ended,omitzero"`
}

func showSource(cmd *cobra.Command, s *store.Store, key string) error {
	src, err := sourceNamed(cmd, s, key)
	if err != nil {
		return err
	}
	row := shownSource{
		sourceRow: sourceRow{src.Key, src.Name, src.Home, src.Feeds, src.Articles, src.Versions, src.Changes, src.LastOK},
		Browser:   browserUse(src.Render), Budget: src.Budget, KeepRaw: keepText(src.KeepRaw), Gone: src.Gone, Held: src.Held, FeedsOf: []feedRow{},
	}
	if row.Ignore, err = ignoreRows(cmd, s, key); err != nil {
		return err
	}
	row.Ignore = listed(row.Ignore)
	if err := row.fill(cmd.Context(), s, src.ID, time.Now()); err != nil {
		return err
	}
	newOutput(cmd).row(row, row.write)
	return nil
}

// fill adds lag, bounds, feeds, figures and events.
func (r *shownSource) fill(ctx context.Context, s *store.Store, sourceID int64, now time.Time) error {
	_, lags, err := s.Lag(ctx)
	if err != nil {
		return err
	}
	l := lags[sourceID]
	r.Lag = lagRow{l.Due(), l.Feeds, l.Articles, l.Longest.Seconds()}
	recent, ever, err := s.Bounds(ctx, sourceID)
	if err != nil {
		return err
	}
	r.Bounds = boundsRows{newBoundsRow(recent), newBoundsRow(ever)}
	feeds, err := s.Feeds(ctx, sourceID)
	if err != nil {
		return err
	}
	subs, err := s.Subscriptions(ctx, sourceID)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		row := newFeedRow(f, now)
		row.Push = pushOf(subs, f.ID, now)
		r.FeedsOf = append(r.FeedsOf, row)
	}
	pulses, err := s.Pulses(ctx, sourceID, now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-shownDays))
	if err != nil {
		return err
	}
	r.Health = healthByDay(pulses)
	if err := r.fillManners(ctx, s, sourceID); err != nil {
		return err
	}
	events, err := s.Events(ctx, sourceID, shownEvents)
	if err != nil {
		return err
	}
	r.Events = []eventRow{}
	for _, e := range events {
		r.Events = append(r.Events, eventRow{e.Kind, e.Subject, e.Note, e.Articles, e.First, e.Last, e.Ended})
	}
	return nil
}

// fillManners adds what pages reserve, and hosts that lie.
func (r *shownSource) fillManners(ctx context.Context, s *store.Store, sourceID int64) (err error) {
	if r.Reserved, err = s.Reservations(ctx, sourceID); err != nil {
		return err
	}
	hosts, err := s.Liars(ctx, sourceID)
	r.Liars = []hostRow{}
	for _, h := range hosts {
		r.Liars = append(r.Liars, hostRow{h.Host, h.Lies, h.Honest, h.Believed()})
	}
	return err
}

// writeManners writes them for people; nothing when there is nothing to tell.
func (r shownSource) writeManners(w io.Writer) {
	var counts []string
	for _, what := range news.Reservations {
		if n := r.Reserved[what]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s by %d", what, n))
		}
	}
	if len(counts) > 0 {
		fmt.Fprintf(w, "reserved by the pages of articles: %s\n", strings.Join(counts, ", "))
	}
	for _, h := range r.Liars {
		told := "its 304 is not believed: pages are always fetched whole"
		if h.Believed {
			told = "its 304 is believed all the same"
		}
		fmt.Fprintf(w, "%s: %d of %d changes came under validators that had not moved; %s\n", h.Host, h.Lies, h.Lies+h.Honest, told)
	}
}

// healthByDay adds up hourly figures, in order; days without a visit are left
// out.
func healthByDay(hours []news.Pulse) []healthRow {
	rows := []healthRow{}
	var day news.Pulse
	for i, p := range hours {
		day.Add(p)
		date := p.Hour.UTC().Format(time.DateOnly)
		if i+1 < len(hours) && hours[i+1].Hour.UTC().Format(time.DateOnly) == date {
			continue
		}
		rows = append(rows, healthRow{
			date, day.Visits, day.Seen, day.Read, day.Empty, day.Blocked, day.Failed, day.Changes,
			day.MedianWords(), day.Furniture / float64(max(day.Read, 1)),
		})
		day = news.Pulse{}
	}
	return rows
}

// write writes all of it for people.
func (r shownSource) write(w io.Writer) {
	fmt.Fprintf(w, "%s  %s  %s\n", r.Key, r.Name, r.Home)
	fmt.Fprintf(w, "browser %s; %d articles, %d gone; %d versions, %d changes; %d blocks held back\n", r.Browser, r.Articles, r.Gone, r.Versions, r.Changes, r.Held)
	if !r.LastOK.IsZero() {
		fmt.Fprintf(w, "last seen %s\n", local(r.LastOK))
	}
	r.writeManners(w)
	r.Lag.line(w)
	r.Bounds.Recent.line(w, "of the last 30 days")
	r.Bounds.Ever.line(w, "ever")
	if r.Budget > 0 {
		fmt.Fprintf(w, "budget %s\n", budgetText(r.Budget))
	}
	if r.KeepRaw != forever {
		fmt.Fprintf(w, "raw captures are kept for %s\n", r.KeepRaw)
	}
	section(w, "feeds", len(r.FeedsOf))
	for _, f := range r.FeedsOf {
		f.line(w)
		f.pace(w)
		f.Push.write(w)
	}
	section(w, fmt.Sprintf("health, the last %d days", shownDays), len(r.Health))
	for _, h := range r.Health {
		fmt.Fprintf(w, "  %s %5d visits, %d showed the article, %d blocked, %d failed; %d pages read, %d without text, %.0f words each, %.0f %% furniture; %d changes\n",
			h.Day, h.Visits, h.Seen, h.Blocked, h.Failed, h.Read, h.Empty, h.Words, 100*h.Furniture, h.Changes)
	}
	section(w, "events", len(r.Events))
	for _, e := range r.Events {
		e.line(w)
	}
	section(w, "ignore rules", len(r.Ignore))
	for _, g := range r.Ignore {
		g.line(w)
	}
}

// section begins a list.
func section(w io.Writer, name string, n int) {
	if n == 0 {
		name += ": none"
	}
	fmt.Fprintf(w, "\n%s\n", name)
}

// line writes the event on a line.
func (e eventRow) line(w io.Writer) {
	until := "goes on"
	if !e.Ended.IsZero() {
		until = "ended " + local(e.Ended)
	}
	fmt.Fprintf(w, "  %s to %s, %s  %s  %s", local(e.First), local(e.Last), until, e.Kind, e.Note)
	if e.Articles > 0 {
		fmt.Fprintf(w, "  (%d articles)", e.Articles)
	}
	fmt.Fprintln(w)
}
