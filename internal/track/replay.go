package track

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// Limits of a replay.
const (
	ReplayBatch  = 64               // responses recorded with one transaction, at most
	ReplayBytes  = 32 << 20         // bytes of bodies of a batch, from which it is recorded though it is smaller
	ReplayAhead  = 24 * time.Hour   // a response from further ahead of our clock is refused
	RedirectTime = time.Minute      // after a redirect, in which the response at its target belongs to it
	MaxHops      = 10_000           // redirects that are remembered
	BusyTime     = 2 * time.Minute  // how long a host is waited for that another process works on
	busyRest     = time.Second      // between two tries
	templateStep = 15 * time.Minute // of the archive's time, between two looks for templates that stopped changing
)

// ReplayOptions are what a Replay works with. Store is required.
type ReplayOptions struct {
	Store    *store.Store
	Source   string         // key of the source that new articles belong to; made when unknown. Empty = by registrable domain
	Raw      Raw            // default RawChanged; not RawNone: what waits for a second look is read again from its raw bytes
	Reserved ReservedPolicy // as in Options
	Watch    bool           // visit from now on what is imported; else an article that is not watched already is not
	Workers  int            // pages that are read at once; default 4
	Now      func() time.Time
	Log      *slog.Logger
}

// A Replay records responses that an archive kept, as if the articles had been
// visited then: each goes through classify, extract and compare like the response to
// a visit, and captures and changes bear the archive's times. When it was recorded
// is ours. What differs from a visit, since nothing can be asked any more:
//
//   - An article is added when a page is one by itself; front pages and all other
//     responses of unknown addresses are passed over.
//   - A suspect difference cannot be looked at twice at once. The look is held: its
//     capture is recorded, neither as a sighting nor as a version, and the next look
//     that the archive has of the article is judged together with it, as a second
//     fetch would be. A change that both show is dated by the first.
//   - There is no witness: another article's page at that very time is nowhere. That
//     a template changed is seen by the blocks that many articles share alone.
//   - A response that is not later than the newest visit to its article is passed
//     over: as known, when that is where it came from, else as older. So responses
//     must come in the order of their times.
//   - Policies learn nothing, no figures of the source are kept, no outage is seen:
//     the gaps of an archive tell of the archive.
//   - A redirect is joined with the response at its target that follows within
//     RedirectTime. A revisit counts as what was captured when it says.
//
// Responses are read (Read) by several goroutines at once and recorded (Record) in
// batches, by one, each batch in one transaction under the leases of its hosts; so a
// batch is recorded whole or not at all.
type Replay struct {
	t    *Tracker
	o    ReplayOptions
	hops map[string]hop // by the key of the target

	mu      sync.Mutex // protects sources
	sources map[string]news.Source

	templates map[int64]time.Time // when templates of a source were last looked after, in the archive's time
	extracted atomic.Int64        // nanoseconds
}

// NewReplay makes a Replay. It errs when there is no store, or raw bytes are not to
// be kept.
func NewReplay(ctx context.Context, o ReplayOptions) (*Replay, error) {
	if o.Store == nil {
		return nil, errors.New("replay: a store is required")
	}
	if o.Raw == RawNone {
		return nil, errors.New("replay: raw bytes must be kept, at least of changes: what waits for a second look is read from them")
	}
	if o.Raw == "" {
		o.Raw = RawChanged
	}
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t := &Tracker{
		o:     Options{Store: o.Store, Raw: o.Raw, Reserved: o.Reserved, Now: o.Now, Log: o.Log, Policy: schedule.NewLearned()},
		rules: newRuleBook(), watch: newWatch(), out: newOutages(), replays: true,
	}
	t.planner = newPlanner(t.o.Policy, 0)
	r := &Replay{t: t, o: o, hops: map[string]hop{}, sources: map[string]news.Source{}, templates: map[int64]time.Time{}}
	if o.Source == "" {
		return r, nil
	}
	src, err := o.Store.AddSource(ctx, news.Source{Key: o.Source, Name: o.Source})
	r.sources[""] = src
	return r, err
}

// An Archived is a response as an archive kept it.
type Archived struct {
	URL        string
	At         time.Time
	RemoteAddr string
	Status     int
	StatusLine string // "200 OK"
	Proto      string
	Header     http.Header
	Wire       []byte   // body as sent, with its Content-Encoding
	Cut        string   // why the body is not whole; empty = it is
	Same       *Earlier // the archive has no body, since it was that of an earlier response; nil = it has
	Place      any      // the caller's, who gets it back; not read here
}

// An Earlier is the response that a revisit refers to. Zero fields are not told.
type Earlier struct {
	URL string
	At  time.Time
}

// A Fate is what became of an archived response.
type Fate string

// The fates.
const (
	MadeVersion Fate = "version"        // of a known article or of one that was added
	WasSighting Fate = "sighting"       // of a known version
	WasHeld     Fate = "held"           // it differs; the next look at the article decides
	ShowedNone  Fate = "not seen"       // of a known article, which it does not show; recorded
	NoArticle   Fate = "not an article" // of an unknown address; not recorded
	WasRedirect Fate = "redirect"       // remembered for the response that follows
	WasOlder    Fate = "older"          // than what is known of the article; not recorded
	WasKnown    Fate = "known"          // recorded before
	WasRefused  Fate = "refused"        // it cannot be used, for the reason given
)

// Fates are all of them, in the order of a summary.
func Fates() []Fate {
	return []Fate{MadeVersion, WasSighting, WasHeld, ShowedNone, NoArticle, WasRedirect, WasOlder, WasKnown, WasRefused}
}

// A Replayed is what became of one response.
type Replayed struct {
	Archived
	Fate   Fate
	Reason string // of all but versions and sightings, in words
	Added  bool   // with it, an article was added
}

// A Reading is an archived response that was read, ready to be recorded.
type Reading struct {
	Archived
	address news.Address
	refused string // why it cannot be used; empty = it can
	fetch   crawl.Fetch
	page    *extract.Result // nil = not read, because it is not needed as far as can be told
	source  news.Source     // by whose rules it was read, and which a new article belongs to
}

// Extraction is how long pages have been read so far, by the clock on the wall, all
// goroutines together.
func (r *Replay) Extraction() time.Duration { return time.Duration(r.extracted.Load()) }

// Read decodes the body and reads the page. It may be called by several goroutines
// at once. Errors are of our own doing.
func (r *Replay) Read(ctx context.Context, a Archived) (Reading, error) {
	a.At = a.At.UTC().Truncate(time.Microsecond)
	x := Reading{Archived: a}
	var err error
	if x.address, err = news.ParseAddress(a.URL, nil); err != nil {
		x.refused = err.Error()
		return x, nil
	}
	if a.At.IsZero() || a.At.After(r.o.Now().Add(ReplayAhead)) {
		x.refused = "its time is missing, or is yet to come"
		return x, nil
	}
	x.fetch = fetchOf(a)
	if a.Same != nil || redirects(a) {
		return x, nil
	}
	return x, r.read(ctx, &x)
}

// fetchOf is the fetch that would have brought the response.
func fetchOf(a Archived) crawl.Fetch {
	f := crawl.Fetch{
		URL: a.URL, Final: a.URL, Status: a.Status, StatusLine: a.StatusLine, Proto: a.Proto, Header: a.Header,
		RemoteAddr: a.RemoteAddr, Wire: a.Wire, Start: a.At, End: a.At,
	}
	if f.Header == nil {
		f.Header = http.Header{}
	}
	if a.Cut != "" {
		f.Failure, f.Reason = crawl.FailTruncated, "the archived body is not whole: "+a.Cut
		return f
	}
	crawl.Unpack(&f)
	return f
}

// read reads the page, unless what is known of the article tells that this is not
// needed: it may be by the time it is recorded, and is made up for then.
func (r *Replay) read(ctx context.Context, x *Reading) error {
	known, found, err := r.known(ctx, r.o.Store, x.address.Key)
	if err != nil || found && (!x.At.After(known.LastVisit) || news.Sum(x.fetch.Body) == known.Body) || x.fetch.Failure != "" {
		x.source.ID = known.SourceID
		return err
	}
	if found {
		x.source.ID = known.SourceID
	} else if x.source, err = r.sourceOf(ctx, x.URL, false); err != nil {
		return err
	}
	rules, err := r.rules(ctx, r.o.Store, x.source.ID)
	if err != nil {
		return err
	}
	page := r.extract(x.fetch, rules)
	x.page = &page
	if !found && r.noArticle(*x) == "" {
		x.source, err = r.sourceOf(ctx, x.URL, true)
	}
	return err
}

// rules are those of a source; 0 has none.
func (r *Replay) rules(ctx context.Context, s *store.Store, sourceID int64) ([]extract.Ignore, error) {
	if sourceID == 0 {
		return nil, nil
	}
	return r.t.rules.of(ctx, s, sourceID, r.o.Now(), r.o.Log)
}

func (r *Replay) extract(f crawl.Fetch, rules []extract.Ignore) extract.Result {
	page := pageOf(f)
	page.Ignore = rules
	began := time.Now()
	defer func() { r.extracted.Add(int64(time.Since(began))) }()
	return extract.Read(page)
}

// known gives the article of an address.
func (r *Replay) known(ctx context.Context, s *store.Store, key string) (a store.Visiting, found bool, err error) {
	id, err := s.Lookup(ctx, key)
	if err == nil {
		a, err = s.Visiting(ctx, id)
	}
	if errors.Is(err, store.ErrNotFound) {
		return a, false, nil
	}
	a.Render = "" // the archive has what the server sent
	return a, err == nil, err
}

// sourceOf gives the source that a new article of that address belongs to, which is
// made if need be; else a source that is unknown has no id.
func (r *Replay) sourceOf(ctx context.Context, rawURL string, need bool) (news.Source, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if src, told := r.sources[""]; told {
		return src, nil
	}
	key, home, err := sourceOfURL(rawURL)
	if err != nil {
		return news.Source{}, err
	}
	if src, ok := r.sources[key]; ok {
		return src, nil
	}
	row, err := r.o.Store.Source(ctx, key)
	src := row.Source
	switch {
	case errors.Is(err, store.ErrNotFound) && need:
		src, err = r.o.Store.AddSource(ctx, news.Source{Key: key, Name: home.Host, Home: home.String()})
	case errors.Is(err, store.ErrNotFound):
		return news.Source{}, nil
	}
	if err == nil {
		r.sources[key] = src
	}
	return src, err
}

// noArticle says why the response of an unknown address makes no article; empty when
// it makes one.
func (r *Replay) noArticle(x Reading) string {
	switch {
	case x.page == nil:
		return "no whole page: " + x.fetch.Reason
	case x.page.Outcome != news.OK:
		return string(x.page.Outcome) + ": " + x.page.Reason
	case isFront(x.address):
		return "the front page of a site"
	}
	if treatment, why := r.o.Reserved.of(extract.Reserved(pageOf(x.fetch))); treatment == Skip {
		return why
	}
	return ""
}

// A hop is a redirect that is remembered.
type hop struct {
	from   news.Address
	status int
	at     time.Time
}

// redirects reports whether a response leads elsewhere.
func redirects(a Archived) bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, a.Status) && a.Header.Get("Location") != ""
}

// redirected remembers a redirect. What does not fit makes all earlier ones
// forgotten: they are needed for RedirectTime only.
func (r *Replay) redirected(x Reading) Replayed {
	target, err := news.ParseAddress(x.Header.Get("Location"), mustURL(x.address))
	out := Replayed{Archived: x.Archived, Fate: WasRedirect}
	if err != nil || target.Key == x.address.Key {
		return out
	}
	if len(r.hops) >= MaxHops {
		clear(r.hops)
	}
	r.hops[target.Key] = hop{x.address, x.Status, x.At}
	return out
}

// way gives the redirects that led to a response, the first one first.
func (r *Replay) way(x Reading) (from news.Address, hops []crawl.Hop) {
	to := x.address
	for len(hops) < crawl.MaxRedirects {
		h, ok := r.hops[to.Key]
		if late := x.At.Sub(h.at); !ok || late < 0 || late > RedirectTime {
			break
		}
		hops = slices.Insert(hops, 0, crawl.Hop{URL: h.from.URL, Status: h.status, Location: to.URL})
		from, to = h.from, h.from
	}
	return from, hops
}
