package blob

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Where credentials come from, as with all tools for S3.
const (
	envKey    = "AWS_ACCESS_KEY_ID"
	envSecret = "AWS_SECRET_ACCESS_KEY"
	envToken  = "AWS_SESSION_TOKEN"
)

// OpenS3 opens a bucket of an S3-compatible service, or the part of it whose
// names begin with a prefix, by
//
//	s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=REGION&insecure=1
//
// Without endpoint it is Amazon's; region is us-east-1 unless it is given;
// insecure is http for https. The credentials are those of the variables
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if there is one,
// AWS_SESSION_TOKEN: never in the address. Nothing is asked of the service here.
// One prefix belongs to one store, which deletes there what it gives up.
func OpenS3(where string, env func(string) string) (Store, error) {
	return openBucket(where, env, Patience, Pause)
}

func openBucket(where string, env func(string) string, patience, pause time.Duration) (*bucket, error) {
	p, err := parsePlace(where)
	if err != nil {
		return nil, err
	}
	key, secret := env(envKey), env(envSecret)
	if key == "" || secret == "" {
		return nil, fmt.Errorf("open blobs: %w: s3://%s: %s and %s must be set", ErrPlace, p.bucket, envKey, envSecret)
	}
	core, err := minio.NewCore(p.endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(key, secret, env(envToken)),
		Secure:     !p.insecure,
		Region:     p.region,
		Transport:  transport(patience),
		MaxRetries: 1, // we try again ourselves, and not for minutes
	})
	if err != nil {
		return nil, fmt.Errorf("open blobs: %w: s3://%s: endpoint %s: %w", ErrPlace, p.bucket, p.endpoint, err)
	}
	return &bucket{core, p.bucket, p.prefix, patience, pause}, nil
}

// transport waits for nothing longer than patience.
func transport(patience time.Duration) *http.Transport {
	dialer := net.Dialer{Timeout: patience}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &patientConn{c, patience}, nil
		},
		TLSHandshakeTimeout:   patience,
		ResponseHeaderTimeout: patience,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       patience,
		DisableCompression:    true, // bytes as they are kept
		ForceAttemptHTTP2:     true,
	}
}

// A patientConn is a connection whose silence ends it: a list may take long, but
// not one part of it.
type patientConn struct {
	net.Conn
	patience time.Duration
}

// Read waits at most that long for the next bytes.
func (c *patientConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}
