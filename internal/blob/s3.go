package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// How patient a bucket is asked.
const (
	// Attempts is how often an operation is tried.
	Attempts = 3
	// Patience is the longest that one attempt takes; of a list, the longest
	// silence.
	Patience = 30 * time.Second
	// Pause is the rest after the first attempt; it doubles after each.
	Pause = 250 * time.Millisecond
)

// A bucket is a store in an S3 bucket.
type bucket struct {
	core     *minio.Core
	name     string
	prefix   string // of the names of all objects; empty, or ending in "/"
	patience time.Duration
	pause    time.Duration
}

// failure names what failed and where.
func (b *bucket) failure(what, name string, err error) error {
	return fmt.Errorf("%s object %s in bucket %s: %w", what, name, b.name, err)
}

// try does one operation, again when the service failed and may do better.
func (b *bucket) try(ctx context.Context, what, name string, do func(context.Context) error) error {
	for n := 0; ; n++ {
		attempt, cancel := context.WithTimeout(ctx, b.patience)
		err := reason(do(attempt))
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return b.failure(what, name, ctx.Err())
		case n+1 == Attempts || !passing(err):
			return b.failure(what, name, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(b.pause << n):
		}
	}
}

// reason says ErrNotFound where the service says so of an object. A bucket that is
// not there is another matter.
func reason(err error) error {
	if r := minio.ToErrorResponse(err); err != nil && r.Code == minio.NoSuchKey {
		return ErrNotFound
	}
	return err
}

// passing reports whether an error may be none at the next attempt: of the
// answers, those that blame the service or the haste.
func passing(err error) bool {
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrTooLarge) {
		return false
	}
	status := minio.ToErrorResponse(err).StatusCode
	return status < 400 || status >= 500 || status == 408 || status == 429
}

// Put writes an object whole: S3 shows none that is not.
func (b *bucket) Put(ctx context.Context, name string, data []byte) error {
	return b.try(ctx, "put", name, func(ctx context.Context) error {
		_, err := b.core.PutObject(ctx, b.name, b.prefix+name, bytes.NewReader(data), int64(len(data)), "", "",
			minio.PutObjectOptions{ContentType: "application/zstd", SendContentMd5: true})
		return err
	})
}

// Get reads an object. Its length is known before it is read, and kept to.
func (b *bucket) Get(ctx context.Context, name string) (data []byte, err error) {
	err = b.try(ctx, "get", name, func(ctx context.Context) error {
		body, info, _, err := b.core.GetObject(ctx, b.name, b.prefix+name, minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer body.Close()
		if info.Size > MaxObject {
			return fmt.Errorf("%d bytes: %w", info.Size, ErrTooLarge)
		}
		data, err = io.ReadAll(io.LimitReader(body, MaxObject+1))
		if err == nil && len(data) > MaxObject {
			err = ErrTooLarge
		}
		if err == nil && info.Size >= 0 && int64(len(data)) != info.Size {
			err = io.ErrUnexpectedEOF
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Has asks for the headers of the object.
func (b *bucket) Has(ctx context.Context, name string) (bool, error) {
	err := b.try(ctx, "look for", name, func(ctx context.Context) error {
		_, err := b.core.StatObject(ctx, b.name, b.prefix+name, minio.StatObjectOptions{})
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Settle has nothing to do: an object that can be seen is durable.
func (b *bucket) Settle(ctx context.Context, _ string) error { return ctx.Err() }

// Delete removes an object.
func (b *bucket) Delete(ctx context.Context, name string) error {
	err := b.try(ctx, "delete", name, func(ctx context.Context) error {
		return b.core.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{})
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Each lists the bucket. S3 lists in the order of names: one that is out of order
// is the mark of a list that has no end.
func (b *bucket) Each(ctx context.Context, f func(name string, size int64) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	last := ""
	for o := range b.core.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		name, inside := strings.CutPrefix(o.Key, b.prefix)
		switch {
		case o.Err != nil:
			return fmt.Errorf("list bucket %s: %w", b.name, o.Err)
		case !inside:
			return fmt.Errorf("list bucket %s: %q is not below %q", b.name, o.Key, b.prefix)
		case name <= last:
			return fmt.Errorf("list bucket %s: %q comes after %q: its lists are out of order", b.name, name, last)
		}
		last = name
		if err := f(name, o.Size); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// A place is what an s3:// address says.
type place struct {
	bucket, prefix   string
	endpoint, region string
	insecure         bool // http instead of https
}

// Of the service that is meant when an address names none.
const (
	defaultEndpoint = "s3.amazonaws.com"
	defaultRegion   = "us-east-1"
)

// parsePlace reads s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=REGION&insecure=1.
func parsePlace(where string) (place, error) {
	u, err := url.Parse(where)
	if err != nil {
		// Not the error itself, which quotes the address with what it may hold.
		return place{}, fmt.Errorf("open blobs: %w: the address cannot be read: want s3://BUCKET/PREFIX?endpoint=HOST:PORT", ErrPlace)
	}
	if u.User != nil {
		return place{}, fmt.Errorf("open blobs: %w: s3://%s: no credentials here, but in %s and %s", ErrPlace, u.Host, envKey, envSecret)
	}
	p := place{bucket: u.Host, endpoint: defaultEndpoint, region: defaultRegion}
	if p.prefix = strings.Trim(u.Path, "/"); p.prefix != "" {
		p.prefix += "/"
	}
	if p.bucket == "" || u.Fragment != "" {
		return place{}, fmt.Errorf("open blobs: %w: %q: want s3://BUCKET/PREFIX", ErrPlace, where)
	}
	for key, values := range u.Query() {
		value := values[len(values)-1]
		switch {
		case key == "endpoint" && value != "" && !strings.ContainsAny(value, "/@"):
			p.endpoint = value
		case key == "region" && value != "":
			p.region = value
		case key == "insecure" && (value == "1" || value == "0"):
			p.insecure = value == "1"
		default:
			return place{}, fmt.Errorf("open blobs: %w: s3://%s: setting %s=%q: want endpoint=HOST:PORT, region=NAME or insecure=1", ErrPlace, p.bucket, key, value)
		}
	}
	return p, nil
}
