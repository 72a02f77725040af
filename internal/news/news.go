// Package news holds the nouns of stet and what must always be true of them.
//
// A [Source] publishes; a [Feed] of it is polled and lists entries; an entry
// leads to an [Article]; a visit to an article leaves a [Capture]; what
// extraction read in it is its [Content]; content that differs from what stood
// before becomes a [Version]; and "version n appeared", "the article is gone"
// are entries of the change log, a [Change] each. docs/glossary.md has one word
// per concept, and code, schema, addresses and pages use no other.
//
// The package does no input or output and knows no clock. Beside the standard
// library it uses only Unicode and domain-name tables (golang.org/x/text,
// golang.org/x/net): sameness of texts and of addresses is defined here, in
// [Fold] and [ParseAddress], because every stage must agree on it.
package news

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// A Source is a publisher that stet watches.
type Source struct {
	ID        int64
	Key       string        // short, lower case, unique: "bbc"; part of addresses
	Name      string        // as readers know it
	Home      string        // address of its front page, or empty
	Render    string        // how a browser is used for its pages: "" = not at all, RenderDOM, RenderScreenshot
	Budget    float64       // visits an hour that its articles may have; 0 = as many as are polite
	KeepRaw   time.Duration // how long raw bytes of its captures are kept; 0 = for ever
	CreatedAt time.Time
}

// MaxBudget is the most visits an hour that can be asked for.
const MaxBudget = 1e6

// How a browser is used for the pages of a source.
const (
	RenderDOM        = "dom"        // to read what scripts have made of them
	RenderScreenshot = "screenshot" // and to keep a picture of each
)

// MinFeedPeriod is the shortest time between two visits to a feed.
const MinFeedPeriod = 5 * time.Minute

// A Feed is a polled document that lists articles of a source: RSS, Atom, JSON
// Feed, sitemap, news sitemap, or a section page whose links are followed.
type Feed struct {
	ID           int64
	SourceID     int64
	URL          string
	Title        string
	Format       string        // as feed.Format spells it; empty before the first good visit
	Period       time.Duration // between visits, by the operator's word, on the open web at least MinFeedPeriod; 0 = by Pace
	Due          time.Time     // next visit; zero = paused
	ETag         string        // validators of the last good visit
	LastModified string
	LastVisit    time.Time // zero = never
	LastOK       time.Time // last visit that gave entries or 304
	LastOutcome  Outcome
	LastReason   string
	Failures     int // visits in a row that failed
	Entries      int // entries in the document at the last good visit
	CreatedAt    time.Time
	Pace         FeedPace
	TTL          time.Duration // how long a copy may stand, by the document's own word; 0 = unsaid
	Hub, Topic   string        // where it can be subscribed to and by what name (W3C WebSub), by its last document; both or none
	Pushed       bool          // a hub has pushed since the last visit that gave entries
	OutrunAt     time.Time     // last visit that found nothing left of what the document listed before; zero = never
}

// A FeedPace is what visits to a feed have taught of it; package schedule makes
// and reads it.
type FeedPace struct {
	Slow   float64       // new entries per hour, by the last weeks
	Hours  float64       // of watching that Slow rests on, faded; 0 = never visited
	Fast   float64       // new entries per hour, by the hour before the last good visit
	Fill   time.Duration // shortest time in which a part of the document was replaced; 0 = never seen to
	Window int           // how many of Listed were in the last document
	Listed []uint64      // names of entries, hashed; at most MaxListed
}

// MaxListed is how many entries a FeedPace remembers.
const MaxListed = 1000

// OutrunTime is how long a feed whose window was outrun is warned of.
const OutrunTime = 7 * 24 * time.Hour

// Outrun reports whether to warn that entries of the feed may have come and gone
// unseen.
func (f Feed) Outrun(now time.Time) bool {
	return !f.OutrunAt.IsZero() && now.Sub(f.OutrunAt) < OutrunTime
}

// A Field is the part of an entry that a [Filter] looks at.
type Field string

// The fields of an entry that a filter can test.
const (
	FieldURL      Field = "url"
	FieldTitle    Field = "title"
	FieldCategory Field = "category"
)

// A Filter keeps entries out of the archive, or lets only some in. An entry is
// dropped when any "drop" filter matches it, or when the source has "keep"
// filters and none matches.
type Filter struct {
	ID       int64
	SourceID int64 // 0 = all sources
	Field    Field
	Pattern  string // RE2, at most MaxPattern bytes, unanchored
	Keep     bool   // false: drop what matches
}

// MaxPattern is the longest filter pattern, in bytes.
const MaxPattern = 1024

// Check says what is wrong with a filter: an unknown field, a pattern that is
// empty, too long or no regular expression.
func (f Filter) Check() error {
	switch {
	case f.Field != FieldURL && f.Field != FieldTitle && f.Field != FieldCategory:
		return fmt.Errorf("filter: field %q: want url, title or category", f.Field)
	case f.Pattern == "" || len(f.Pattern) > MaxPattern:
		return fmt.Errorf("filter: pattern of %d bytes: want 1 to %d", len(f.Pattern), MaxPattern)
	}
	if _, err := regexp.Compile(f.Pattern); err != nil {
		return fmt.Errorf("filter: pattern %q: %w", f.Pattern, err)
	}
	return nil
}

// An Outcome is what kind of page came back from a visit. Only [OK] can make a
// version.
type Outcome string

// The outcomes.
const (
	OK         Outcome = "ok"          // an article, whole, with its text
	Unchanged  Outcome = "unchanged"   // 304, or the same bytes or content as before
	Gone       Outcome = "gone"        // 404, 410, 451, or redirected to the front page
	Moved      Outcome = "moved"       // redirected to another site, or to another article
	Soft404    Outcome = "soft-404"    // status 200, but the page says that there is nothing here
	Blocked    Outcome = "blocked"     // 401, 403, 429, captcha, robots.txt, our own address guard
	Consent    Outcome = "consent"     // a cookie or terms wall instead of the article
	Paywall    Outcome = "paywall"     // a stub shorter than the text we already have
	Truncated  Outcome = "truncated"   // the body was cut short
	NotArticle Outcome = "not-article" // an index page, an image, a feed …
	Failed     Outcome = "error"       // DNS, connection, TLS, time-out, 5xx, undecodable
)

// Outcomes lists every outcome, in the order of the glossary.
var Outcomes = []Outcome{OK, Unchanged, Gone, Moved, Soft404, Blocked, Consent, Paywall, Truncated, NotArticle, Failed}

// A State is where an article stands.
type State string

// The states of an article.
const (
	New       State = "new"       // found, no version yet
	Live      State = "live"      // has a version; the last word is that it is online
	StateGone State = "gone"      // confirmed gone
	Away      State = "moved"     // confirmed: its address leads to another site
	Barred    State = "blocked"   // confirmed: we are kept out (captcha, 401, 403, robots.txt)
	Paywalled State = "paywalled" // confirmed: only a stub is shown
	Duplicate State = "duplicate" // its address belongs to another article; not visited
)

// An Article is a tracked work, identified by its canonical address.
type Article struct {
	ID        int64
	SourceID  int64
	URL       string // where it is visited
	State     State
	Headline  string // of the version that was last seen; the entry's title before the first
	Language  string // BCP 47, or empty
	Versions  int    // how many versions are recorded
	FoundAt   time.Time
	Published time.Time // by the publisher's word; zero = unknown
	Due       time.Time // next visit; zero = none
	LastVisit time.Time // zero = never
	LastOK    time.Time // last visit that showed the article; zero = never
	ChangedAt time.Time // when the newest version was first seen; zero = none yet
	GoneAt    time.Time // first visit that did not find it, when State is gone
	StateAt   time.Time // when State began: first visit that found it so; zero = not recorded
	Hidden    string    // why it may not be shown (law); empty = may be shown
	Captures  int       // recorded so far; a confirmed visit leaves two
	Held      int       // blocks held back so far (see Held)
	Alternates

	Reserved   Reserved  // by its page, when it was last read
	ReservedAt time.Time // since when it is known to reserve that; zero = it reserves nothing
}

// Alternates tells that an article goes back and forth between texts that are
// known already (a headline test), so that returns are counted as sightings
// rather than recorded as new versions.
type Alternates struct {
	Between   []int // version numbers, ascending; empty = it does not alternate
	Sightings int   // returns counted so far
}

// A Capture is the recorded result of one visit to an article.
type Capture struct {
	ID         int64
	ArticleID  int64
	URL        string // asked for
	FinalURL   string // after redirects
	At         time.Time
	Outcome    Outcome
	Reason     string // in words, for people: "HTTP 404", "captcha page"
	Status     int    // HTTP; 0 = no response
	Header     string // response status line and headers as received; empty unless raw is kept
	WireSize   int64  // bytes of the body as sent
	Raw        Digest // SHA-256 of the body as sent, key of its blob; zero = not kept
	Encoding   string // Content-Encoding of the raw body
	RemoteAddr string
	Extractor  string // name and version of the extractor, empty if it did not run
	Model      string // version of the model of the source's furniture that was used, empty if none
	Screenshot Digest // SHA-256 of a picture of the page, key of its blob; zero = none
	VersionID  int64  // the version that this visit showed; 0 = none
}

// A Version is the content of an article at a place in its history. It is
// never altered once recorded; only its [Seen] window grows.
type Version struct {
	ID        int64
	ArticleID int64
	Number    int // from 0, without gaps
	Content   Content
	Digest    Digest // of Content.Canonical
	CaptureID int64
	Extractor string
	Seen      Seen
}

// Seen is the window in which a version was seen. The version was online at
// least from First to Last; it may have been up to the neighbouring visits.
type Seen struct {
	First     time.Time
	Last      time.Time
	Sightings int // visits that showed it
}

// A ChangeType says what a change-log entry tells.
type ChangeType string

// The types of change.
const (
	VersionAppeared ChangeType = "version"   // a version was recorded (number 0 included)
	ArticleGone     ChangeType = "gone"      // confirmed by repeated visits
	ArticleReturned ChangeType = "returned"  // seen again after it was gone, moved, blocked or paywalled
	ArticleMoved    ChangeType = "moved"     // now found at another address, or its address leads to another site
	ArticleBarred   ChangeType = "blocked"   // we are kept out; what it says now cannot be known
	ArticlePaywall  ChangeType = "paywalled" // only a stub is shown
)

// A Change is an entry of the change log. It happened after After, when the old
// state was last seen, and not later than Before, when the new one was first
// seen: T1 and T2.
type Change struct {
	Seq          int64 // place in the log, ascending
	ArticleID    int64
	Type         ChangeType
	VersionID    int64 // for VersionAppeared; else 0
	Number       int   // of that version
	RecordedAt   time.Time
	After        time.Time // T1; zero when nothing was known before
	Before       time.Time // T2
	Headline     bool      // the headline changed
	WordsAdded   int
	WordsRemoved int
	Silent       bool   // text changed, the page's own modified date did not
	Grown        bool   // a live blog: only posts were added; no edit of what stood
	Posts        int    // posts of a live blog that were added
	Note         string // for gone and moved: reason or new address
}

// An EventKind says what an [Event] tells.
type EventKind string

// The kinds of event.
const (
	TemplateChanged EventKind = "template" // many articles changed by the same blocks: the source's doing, no article's
	HealthAlarm     EventKind = "alarm"    // a figure of the source left its own band
	Outage          EventKind = "outage"   // nothing of the source can be seen on one of its hosts
)

// An Event is something that happened to a source as a whole. It is no change
// of any article.
type Event struct {
	ID       int64
	SourceID int64
	Kind     EventKind
	Subject  string    // what it is about: the measure of an alarm, the host of an outage; of a template event, the digest of its blocks
	Note     string    // in words, for people
	Articles int       // that it touched, so far
	First    time.Time // when it was first seen
	Last     time.Time // when it was last seen
	Ended    time.Time // zero = goes on
}

// An Ignore is a rule that keeps blocks of a source's pages out of its
// articles: by CSS selector of an element around them, by a pattern in their
// text, or both, when both must hold.
type Ignore struct {
	ID        int64
	SourceID  int64  // 0 = all sources
	Selector  string // CSS; empty = any
	Pattern   string // RE2 on the block's text, unanchored, at most MaxPattern bytes; empty = any
	Note      string // why, for people
	CreatedAt time.Time
}

// MaxSelector is the longest selector of an ignore rule, in bytes.
const MaxSelector = 512

// Check says what is wrong with a rule: neither selector nor pattern, one of
// them too long, or a pattern that is no regular expression. Selectors are read
// by who uses them.
func (g Ignore) Check() error {
	switch {
	case g.Selector == "" && g.Pattern == "":
		return errors.New("ignore rule: neither selector nor pattern")
	case len(g.Selector) > MaxSelector:
		return fmt.Errorf("ignore rule: selector of %d bytes: want at most %d", len(g.Selector), MaxSelector)
	case len(g.Pattern) > MaxPattern:
		return fmt.Errorf("ignore rule: pattern of %d bytes: want at most %d", len(g.Pattern), MaxPattern)
	}
	if _, err := regexp.Compile(g.Pattern); err != nil {
		return fmt.Errorf("ignore rule: pattern %q: %w", g.Pattern, err)
	}
	return nil
}

// A Held is a block that was held back: it came or went, and that is not the
// publisher's edit.
type Held struct {
	Key    uint64 // of its text
	Text   string // at most MaxHeldText bytes
	Why    string // in words: "rotates", "on many articles", "rule 3" …
	Times  int    // looks in which it was held back
	First  time.Time
	Last   time.Time
	Absent bool // what was held back is that it went, not that it came
}

// MaxHeldText is how much of the text of a block that is held back is kept, in bytes.
const MaxHeldText = 300
