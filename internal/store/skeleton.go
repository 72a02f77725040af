package store

import (
	"context"
	"errors"
	"time"

	"stet/internal/news"
	"stet/internal/search"
)

var errSkeleton = errors.New("body not written")

func (s *Store) Backup(ctx context.Context, dir string) error { return errSkeleton }
func (s *Store) AddSource(ctx context.Context, src news.Source) (news.Source, error) {
	return src, errSkeleton
}
func (s *Store) AddFeed(ctx context.Context, f news.Feed) (news.Feed, bool, error) {
	return f, false, errSkeleton
}
func (s *Store) RemoveFeed(ctx context.Context, id int64) error             { return errSkeleton }
func (s *Store) PauseFeed(ctx context.Context, id int64, paused bool) error { return errSkeleton }
func (s *Store) AddFilter(ctx context.Context, f news.Filter) (news.Filter, error) {
	return f, errSkeleton
}
func (s *Store) Filters(ctx context.Context) ([]news.Filter, error) { return nil, errSkeleton }
func (s *Store) RemoveFilter(ctx context.Context, id int64) error   { return errSkeleton }
func (s *Store) AddRequest(ctx context.Context, url, host, name string) (Request, error) {
	return Request{}, errSkeleton
}
func (s *Store) Request(ctx context.Context, id int64) (Request, error) {
	return Request{}, errSkeleton
}
func (s *Store) Requests(ctx context.Context, limit int) ([]Request, error) { return nil, errSkeleton }
func (s *Store) FinishRequest(ctx context.Context, l Lease, id int64, ok bool, result string) error {
	return errSkeleton
}
func (s *Store) LeaseHost(ctx context.Context, d time.Duration) (Lease, bool, error) {
	return Lease{}, false, errSkeleton
}
func (s *Store) LeaseNamed(ctx context.Context, host string, d time.Duration) (Lease, bool, error) {
	return Lease{}, false, errSkeleton
}
func (s *Store) RenewLease(ctx context.Context, l *Lease, d time.Duration) error { return errSkeleton }
func (s *Store) ReleaseHost(ctx context.Context, l Lease, notBefore time.Time) error {
	return errSkeleton
}
func (s *Store) NextReady(ctx context.Context) (time.Time, bool, error) {
	return time.Time{}, false, errSkeleton
}
func (s *Store) Due(ctx context.Context, l Lease, limit int) (Work, error) {
	return Work{}, errSkeleton
}
func (s *Store) Visiting(ctx context.Context, articleID int64) (Visiting, error) {
	return Visiting{}, errSkeleton
}
func (s *Store) RecordFeedVisit(ctx context.Context, l Lease, v FeedVisit) (FeedResult, error) {
	return FeedResult{}, errSkeleton
}
func (s *Store) AddArticle(ctx context.Context, sourceID int64, a news.Address, title, origin string, published, due time.Time) (news.Article, bool, error) {
	return news.Article{}, false, errSkeleton
}
func (s *Store) RecordVisit(ctx context.Context, v Visit) ([]news.Change, error) {
	return nil, errSkeleton
}
func (s *Store) CountIdentity(ctx context.Context, articleID int64, identity news.Digest, since time.Time) (n, number int, err error) {
	return 0, 0, errSkeleton
}
func (s *Store) Hide(ctx context.Context, articleID int64, reason string) error { return errSkeleton }
func (s *Store) PutBlob(ctx context.Context, data []byte) (news.Digest, error) {
	return news.Digest{}, errSkeleton
}
func (s *Store) Blob(ctx context.Context, d news.Digest) ([]byte, error) { return nil, errSkeleton }
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]news.Change, error) {
	return nil, errSkeleton
}
func (s *Store) Cursor(ctx context.Context, name string) (int64, error)      { return 0, errSkeleton }
func (s *Store) SetCursor(ctx context.Context, name string, seq int64) error { return errSkeleton }
func (s *Store) Head(ctx context.Context) (int64, error)                     { return 0, errSkeleton }
func (s *Store) IndexChanges(ctx context.Context, limit int) (int, error)    { return 0, errSkeleton }
func (s *Store) Verify(ctx context.Context, p Progress) (Report, error)      { return Report{}, errSkeleton }
func (s *Store) VersionList(ctx context.Context, q VersionQuery) ([]VersionRow, int, error) {
	return nil, 0, errSkeleton
}
func (s *Store) ArticleList(ctx context.Context, q ArticleQuery) ([]ArticleRow, int, error) {
	return nil, 0, errSkeleton
}
func (s *Store) Article(ctx context.Context, id int64) (news.Article, news.Source, error) {
	return news.Article{}, news.Source{}, errSkeleton
}
func (s *Store) ArticleVersions(ctx context.Context, id int64) ([]news.Version, error) {
	return nil, errSkeleton
}
func (s *Store) ArticleChanges(ctx context.Context, id int64) ([]news.Change, error) {
	return nil, errSkeleton
}
func (s *Store) ArticleAddresses(ctx context.Context, id int64) ([]AddressRow, error) {
	return nil, errSkeleton
}
func (s *Store) Captures(ctx context.Context, articleID int64, limit int) ([]news.Capture, error) {
	return nil, errSkeleton
}
func (s *Store) CaptureOf(ctx context.Context, captureID int64) (news.Capture, error) {
	return news.Capture{}, errSkeleton
}
func (s *Store) Version(ctx context.Context, id int64) (news.Version, error) {
	return news.Version{}, errSkeleton
}
func (s *Store) VersionByNumber(ctx context.Context, articleID int64, number int) (news.Version, error) {
	return news.Version{}, errSkeleton
}
func (s *Store) Lookup(ctx context.Context, key string) (int64, error) { return 0, errSkeleton }
func (s *Store) Sources(ctx context.Context) ([]SourceRow, error)      { return nil, errSkeleton }
func (s *Store) Source(ctx context.Context, key string) (SourceRow, error) {
	return SourceRow{}, errSkeleton
}
func (s *Store) Feeds(ctx context.Context, sourceID int64) ([]news.Feed, error) {
	return nil, errSkeleton
}
func (s *Store) Totals(ctx context.Context) (Totals, error) { return Totals{}, errSkeleton }
func (s *Store) Health(ctx context.Context, since time.Time) (map[string]int, error) {
	return nil, errSkeleton
}
func (s *Store) Overdue(ctx context.Context) (int, time.Duration, error) { return 0, 0, errSkeleton }
func (s *Store) Search(ctx context.Context, q search.Query, p Page) ([]VersionRow, int, error) {
	return nil, 0, errSkeleton
}
