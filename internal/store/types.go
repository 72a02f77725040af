package store

import (
	"time"

	"stet/internal/news"
)

// A Lease is a claim on one host: its holder alone visits the host, until the
// lease runs out. Token fences a holder that comes too late.
type Lease struct {
	HostID int64
	Host   string // host, with the port when it is not the scheme's own
	Token  string
	Until  time.Time
	Gap    time.Duration // between two requests to the domain, as another machine last kept it; the holder sets what it keeps before it releases the host
	Round  int64         // how often the host was leased, with this time; which of its sources begins
}

// Work is what is due on a leased host.
type Work struct {
	Requests      []Request
	Subscriptions []news.Subscription // for which the host, a hub, is to be asked
	Feeds         []news.Feed
	Articles      []Visiting
}

// A RequestState is where a request stands.
type RequestState string

// The states of a request.
const (
	RequestPending RequestState = "pending"
	RequestDone    RequestState = "done"
	RequestFailed  RequestState = "failed"
)

// A Request is an address that somebody asked stet to watch: a page, a feed, an
// article or a whole source; which of them it is, a visit finds out.
type Request struct {
	ID          int64
	URL         string
	HostID      int64
	Name        string // name for the source, empty = the page's own
	State       RequestState
	Result      string // what came of it, in words; empty while pending
	RequestedAt time.Time
	DoneAt      time.Time // zero while pending
	Due         time.Time // zero when not pending
}

// Doubt counts the visits in a row that spoke against an article's state
// (three times 404, say) until they are believed.
type Doubt struct {
	Outcome news.Outcome // empty = no doubt
	Count   int
	Since   time.Time
}

// A Trace is what the learned policy remembers of an article: see
// schedule.Trace.
type Trace struct {
	Found, Expected float64
	Streak          int
}

// Visiting is an article with all that a visit to it needs to know.
type Visiting struct {
	news.Article
	ETag              string // validators of the last ok capture
	LastModified      string
	Body              news.Digest   // decoded body of the last ok capture
	Period            time.Duration // between visits, as last decided
	Current           *news.Version // the version that it showed last, with its text; nil = none
	Damaged           error         // why the text of Current is not there: ErrDamaged; nil = it is
	CurrentSince      time.Time     // when the article began to show it; zero = none
	Baseline          []uint64      // block keys of the whole page of the last ok capture, ascending
	BaselineExtractor string        // the extractor that made them
	Memory            []byte        // what is known of the blocks of the page, as Visit.Memory left it; nil = nothing
	Model             string        // version of the model of furniture that made Memory
	Doubt             Doubt
	Trace             Trace
	Kind              string    // of page, as the last visit found it: schedule.KindLive or empty
	Signal            string    // channel of the signal that came since the last visit; empty = none
	Announced         bool      // a feed that is well lists it, and would tell of an update
	FeedOKAt          time.Time // last ok visit to a feed of the source; zero = none
	SourceOKAt        time.Time // last ok visit to another article of the source; zero = none
	SourceKey         string
	Render            string  // of the source: see SetRender
	Budget            float64 // of the source: see SetBudget

	Honesty news.Honesty // of the host that it is visited on

	text *link // of Current, until it is read
}

// A FeedVisit is all that one visit to a feed teaches.
type FeedVisit struct {
	Feed    news.Feed // with its new values: due, validators, outcome, failures …
	Entries []FoundEntry
	Channel string                 // by which this feed tells that an entry was updated: schedule.Channel; empty = "feed"
	Pull    func(Signal) time.Time // when to visit an article of which it tells so; nil = now

	Began    time.Time // when the request may have been sent at the earliest; zero = not known
	PushBase string    // public address of this instance, to which hubs may push; empty = none
}

// A Signal is the word of a source that an article was edited, with what is needed
// to decide when to look.
type Signal struct {
	news.Article
	Channel string // "title" when only the title is another
	Period  time.Duration
	Trace   Trace
	Kind    string
}

// A FoundEntry is an entry that passed the filters, by its cleaned address.
type FoundEntry struct {
	Address            news.Address
	GUID, Title        string
	Published, Updated time.Time // by the feed's word; zero = unknown
	Due                time.Time // first visit, if the article is unknown; zero = now
}

// A FeedResult counts what a feed visit brought.
type FeedResult struct {
	Added     int // articles that were unknown
	Known     int // articles that were known
	Signalled int // known ones that are due earlier because the feed says they were updated
}

// A Visit is all that one visit to an article teaches; it is recorded whole or
// not at all. At most one of Sighting, Return and Version is set.
type Visit struct {
	Lease     Lease
	ArticleID int64
	Capture   news.Capture
	Confirm   *news.Capture // the confirming second capture, when one was made
	Differs   bool          // Confirm shows something that Capture does not, maybe a later edit: the seen window ends with Capture

	State        news.State    // "" keeps the state
	Due          time.Time     // next visit; zero = none
	Period       time.Duration // between visits
	Trace        Trace
	Kind         string // of page; schedule.KindLive or empty
	Doubt        Doubt
	ETag         string // validators of the last ok capture
	LastModified string
	Body         news.Digest    // decoded body of the last ok capture
	Keys         []uint64       // new baseline; nil keeps the old one
	Extractor    string         // that made Keys
	Memory       []byte         // what is known now of the blocks of the page, at most MaxMemory; nil keeps what is there
	Model        string         // version of the model of furniture that made Memory; "" keeps
	Addresses    []news.Address // it answered under: asked, final, canonical
	MoveTo       string         // new visiting URL; "" = same

	Sighting bool          // the current version was seen again
	Return   *int          // the text of this older version was seen again (alternation)
	Version  *news.Version // a new version; Number must be the article's count
	Changes  []news.Change // to append; Seq, ArticleID, VersionID, RecordedAt are filled in

	Published   time.Time // zero keeps what is known
	Language    string    // "" keeps what is known
	StateAt     time.Time // when State began; zero = the earlier time if it goes on, else the capture's
	GoneAt      time.Time // StateAt of StateGone; preferred to it
	DuplicateOf int64     // this article's addresses belong to that article; 0 = no

	Held      []news.Held // blocks held back: see HeldBlocks
	Recur     []uint64    // keys of blocks that are on this article: see Recurring
	Furniture []uint64    // keys of blocks that were seen to be the source's own: they count as TemplateArticles articles'
	Event     *news.Event // that this visit speaks of; Kind, Subject, Note and Articles (at least 1) are read
	Pulse     *news.Pulse // what the visit adds to the figures of its hour

	Reserved *news.Reserved // by the page, as this visit found it; nil keeps what is known
	Withhold *string        // why readers may not see the article for what its page reserves, "" = they may; nil keeps. What was hidden by hand stays so
	Lie      *bool          // a request without conditions brought another text: whether under the very validators that were held; nil = tells nothing
}

// A Page is a part of a list, which goes from the newest line to the oldest: Size
// lines, from 1 to MaxPageSize (else the nearest bound). It begins below the cursor
// Before, or ends right above the cursor After, as [Ends] of another page gave them; a
// cursor of 0 or less is none, and Before goes first. Without a cursor, and where
// less than a page is above After, it is the newest page. No list counts its lines.
type Page struct {
	Size          int
	Before, After int64
}

// Ends are the cursors that lead on from a page: Newer is After of the page above it,
// Older is Before of the page below; 0 = the list ends here.
type Ends struct{ Newer, Older int64 }

// A VersionQuery selects versions. Zero fields select all.
type VersionQuery struct {
	Page
	SourceKey   string
	ArticleID   int64
	ChangedOnly bool // without the first versions
}

// A VersionRow is a line in a list of versions: without the text.
type VersionRow struct {
	ID         int64
	ArticleID  int64
	Number     int
	Headline   string
	Words      int
	Seen       news.Seen
	SourceKey  string
	SourceName string
	URL        string          // where the article is visited
	State      news.State      // of the article
	Hidden     string          // of the article
	Versions   int             // of the article
	Change     news.Change     // that the version made
	Appraisal  *news.Appraisal // of Change, without findings and reasons; nil = not there
}

// An ArticleQuery selects articles. Zero fields select all.
type ArticleQuery struct {
	Page
	SourceKey string
	State     news.State
}

// An ArticleRow is a line in a list of articles.
type ArticleRow struct {
	news.Article
	SourceKey  string
	SourceName string
	Appraisal  *news.Appraisal // of the change that made the newest version, as in VersionRow
}

// An AddressRow is an address that an article was seen under.
type AddressRow struct {
	URL, Key  string
	Origin    string // how it was found: "feed", "visit", "request", "import" …
	FirstSeen time.Time
	LastSeen  time.Time
}

// A SourceRow is a source with its counts.
type SourceRow struct {
	news.Source
	Feeds      int
	Failing    int // feeds whose last visit failed
	Articles   int
	Versions   int
	Changes    int // entries of the change log, without first versions and live blogs that only grew
	Gone       int
	Held       int       // blocks held back, over all articles
	LastVisit  time.Time // zero = never
	LastOK     time.Time // last visit that showed an article
	LastChange time.Time // last of those that Changes counts
}

// Totals are the counts of the whole store; Changes counts as in SourceRow.
type Totals struct {
	Sources, Feeds, Articles, Versions, Changes, Gone int
	LastVisit, LastChange                             time.Time
}

// A Report is what Verify found.
type Report struct {
	Checked  map[string]int // how many of what were checked
	Problems []string       // in words, at most MaxProblems
}

// Progress is told how far a long work is.
type Progress func(done, total int)
