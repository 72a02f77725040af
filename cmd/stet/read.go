package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/crawl"
	"stet/internal/extract"
)

// A document is what a FILE or URL argument holds.
type document struct {
	body        []byte
	contentType string
	url         *url.URL // final address; nil for a file without --url
	asked       *url.URL
	status      int
	modified    string
	header      http.Header // nil for a file
}

// maxFile is the most bytes read of a file.
const maxFile = crawl.MaxSitemap

func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// readDocument reads a file, "-" for standard input, or gets a URL. at is the
// address that a file came from, or empty.
func readDocument(cmd *cobra.Command, c *Config, arg, at string, want crawl.Want) (document, error) {
	if isURL(arg) {
		return getDocument(cmd, c, arg, want)
	}
	var d document
	if at != "" {
		u, err := url.Parse(at)
		if err != nil || u.Host == "" {
			return d, usage("such as --url https://news.example.org/story", "--url %q is not an absolute address", at)
		}
		d.url = u
	}
	in := cmd.InOrStdin()
	if arg != "-" {
		f, err := os.Open(arg)
		if errors.Is(err, fs.ErrNotExist) {
			return d, usage("name a file, an http:// or https:// address, or - for standard input", "%s: no such file", arg)
		}
		if err != nil {
			return d, &failure{code: exitError, err: err}
		}
		defer f.Close()
		if st, err := f.Stat(); err == nil && st.IsDir() {
			return d, usage("name a file in it", "%s is a directory", arg)
		}
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return d, &failure{code: exitError, err: err}
	}
	if len(body) > maxFile {
		return d, usage("", "%s: larger than %d bytes", arg, maxFile)
	}
	d.body = body
	if strings.EqualFold(filepath.Ext(arg), ".txt") {
		d.contentType = "text/plain"
	}
	return d, nil
}

func getDocument(cmd *cobra.Command, c *Config, arg string, want crawl.Want) (document, error) {
	log, err := c.log(cmd.ErrOrStderr())
	if err != nil {
		return document{}, err
	}
	client, err := c.client(realTime, log)
	if err != nil {
		return document{}, err
	}
	f, err := client.Get(cmd.Context(), crawl.Request{URL: arg, Want: want})
	if err != nil {
		return document{}, &failure{code: exitError, err: err}
	}
	if f.Failure != "" {
		hint := ""
		if f.Failure == crawl.FailAddress {
			hint = "--allow-net PREFIX:PORT allows one, such as 127.0.0.1/32:8099"
		}
		return document{}, &failure{code: exitNothing, err: fmt.Errorf("%s: %s: %s", arg, f.Failure, f.Reason), hint: hint}
	}
	d := document{body: f.Body, contentType: f.Header.Get("Content-Type"), status: f.Status, modified: f.Header.Get("Last-Modified"), header: f.Header}
	d.url, _ = url.Parse(f.Final)
	d.asked, _ = url.Parse(arg)
	return d, nil
}

// page reads the document as a page of an article.
func (d document) page() extract.Result { return extract.Read(d.read()) }

// read is the document as extraction takes it.
func (d document) read() extract.Page {
	return extract.Page{
		URL: d.url, Asked: d.asked, Status: d.status, ContentType: d.contentType, LastModified: d.modified, Body: d.body,
		RobotsTag: d.header.Values("X-Robots-Tag"), TDMReservation: d.header.Get("tdm-reservation"), TDMPolicy: d.header.Get("tdm-policy"),
	}
}
