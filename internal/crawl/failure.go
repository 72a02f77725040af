package crawl

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// requestFailure names an error that came before the headers of a response.
func requestFailure(ctx context.Context, err error, far stage) (Failure, string) {
	var no *refusal
	var dns *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &no):
		return FailAddress, no.Error()
	case errors.As(err, &dns) && dns.IsNotFound:
		return FailNoName, dnsReason(dns)
	case errors.As(err, &dns):
		return FailDNS, dnsReason(dns)
	case context.Cause(ctx) != nil:
		return FailTimeout, context.Cause(ctx).Error()
	case errors.As(err, &network) && network.Timeout():
		return FailTimeout, err.Error()
	case headersTooLarge(err):
		return FailTooLarge, "response headers are over the limit"
	case far == shaking:
		return FailTLS, err.Error()
	case far == dialing:
		return FailConnect, err.Error()
	case lost(err):
		return FailConnect, "connection lost before a response: " + err.Error()
	}
	return FailProtocol, err.Error()
}

// bodyFailure names an error of reading or decoding a body.
func bodyFailure(ctx context.Context, err error) (Failure, string) {
	switch {
	case errors.Is(err, errTooLarge):
		return FailTooLarge, err.Error()
	case errors.Is(err, errRatio):
		return FailRatio, err.Error()
	case errors.Is(err, errEncoding):
		return FailEncoding, err.Error()
	case context.Cause(ctx) != nil:
		return FailTimeout, context.Cause(ctx).Error()
	case lost(err):
		return FailTruncated, "the body ended early: " + err.Error()
	}
	var network net.Error
	if errors.As(err, &network) {
		return FailTruncated, "the body ended early: " + err.Error()
	}
	return FailProtocol, err.Error()
}

// lost reports whether the error is a connection that ended.
func lost(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// headersTooLarge recognises two errors of net/http that have only a text.
func headersTooLarge(err error) bool {
	s := err.Error()
	return strings.Contains(s, "headers exceeded") || strings.Contains(s, "header list larger")
}

// dnsReason leaves out the address of the name server, which is nobody's
// business but ours.
func dnsReason(err *net.DNSError) string {
	why := err.Err
	if err.IsTimeout {
		why = "name server did not answer"
	}
	return "name " + err.Name + ": " + why
}
