package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stet/internal/appraise"
	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
	"stet/internal/track"
)

// A Config is what the commands that watch need to know. Each field is a flag,
// a variable STET_NAME, and a key of the config file, by the name in its
// comment.
type Config struct {
	Data      string        // data: directory of the database and the raw captures
	DB        string        // db: postgres://… of the database; empty = the one in the data directory
	Blobs     string        // blobs: where the raw captures are, a directory or s3://BUCKET/PREFIX; empty = in data
	Contact   string        // contact: address of a page or mailbox, told to every site we visit
	AllowNet  string        // allow-net: PREFIX:PORT,… of private networks that may be visited
	Policy    string        // policy: when articles are visited again, as schedule.Named knows it
	Budget    string        // hourly-budget: visits to articles an hour, of all sources together; off = as many as are polite
	FeedEvery time.Duration // feed-every: between visits to a feed that is added; 0 = auto, by its learned pace
	Pace      time.Duration // pace: least time between two requests to one host
	Workers   int           // workers: hosts worked on at once
	Raw       string        // raw: which raw captures are kept, all, changed or none
	Reserved  string        // reserved: what is done with articles whose pages reserve something, see track.ParseReservedPolicy
	Chromium  string        // chromium: program that shows pages which need a browser; empty = found in PATH
	LogLevel  string        // log-level: debug, info, warn or error

	pushBase string // where hubs may push to; see pushBase in serve.go

	Significance appraise.Weights // significance: points of the reasons that are not the default; a table in the file
}

// dataFlag adds --data and --blobs.
func (c *Config) dataFlag(fs *pflag.FlagSet) {
	fs.StringVar(&c.Data, "data", dataDir(), "directory of the database and the raw captures")
	fs.StringVar(&c.Blobs, "blobs", "", "`PLACE` of the raw captures: a directory, or s3://BUCKET/PREFIX?endpoint=HOST:PORT with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set; default: blobs in the data directory")
	fs.StringVar(&c.DB, "db", "", "`URL` of a PostgreSQL database, postgres://USER@HOST/NAME, in place of the one in --data")
}

// at is where the store is that the configuration names.
func (c *Config) at(o store.Options) store.Options {
	o.Dir, o.DB, o.Blobs = c.Data, c.DB, c.Blobs
	return o
}

// netFlags adds what every command that fetches takes.
func (c *Config) netFlags(fs *pflag.FlagSet) {
	fs.StringVar(&c.Contact, "contact", "", "page or mailbox that sites can complain to; part of our User-Agent")
	fs.StringVar(&c.AllowNet, "allow-net", "", "private networks that may be visited, as `PREFIX:PORT,…`, such as 127.0.0.1/32:8099")
	fs.DurationVar(&c.Pace, "pace", crawl.DefaultPace, "least time between two requests to one host")
	fs.StringVar(&c.LogLevel, "log-level", "warn", "debug, info, warn or error")
}

// watchFlags adds what every command that watches takes.
func (c *Config) watchFlags(fs *pflag.FlagSet) {
	c.netFlags(fs)
	fs.StringVar(&c.Policy, "policy", "learned", "when to visit an article again: `POLICY` is learned, newssniffer, newsdiffs, every:15m …; see stet simulate")
	fs.StringVar(&c.Budget, "hourly-budget", "off", "visits to articles an hour, of all sources together: `N` or off")
	fs.Var((*feedEvery)(&c.FeedEvery), "feed-every", "time between visits to a feed that is added: auto, as its pace is learned, or a `DURATION`")
	fs.IntVar(&c.Workers, "workers", 4, "hosts worked on at once")
	fs.StringVar(&c.Raw, "raw", string(track.RawChanged), "raw captures to keep: all, changed or none")
	fs.StringVar(&c.Reserved, "reserved", string(track.Keep), "articles whose pages say noindex, noarchive or tdm-reservation: `HOW` is keep, hide or skip, or for single ones noarchive=hide,tdm=skip")
	fs.StringVar(&c.Chromium, "chromium", "", chromiumUsage)
	c.weightsFlag(fs)
}

// chromiumUsage describes the flag.
const chromiumUsage = "`PATH` of Chromium or Chrome, for sources that need a browser; default: found in PATH"

// check refuses what cannot be meant.
func (c *Config) check() error {
	if c.Pace < 0 || c.Workers < 0 || c.FeedEvery < 0 {
		return usage("", "pace, workers and feed-every cannot be negative")
	}
	if c.FeedEvery > 0 && c.FeedEvery < news.MinFeedPeriod && c.AllowNet == "" {
		return usage("a shorter one is for sites of your own, with --allow-net", "feed-every %v: want at least %v", c.FeedEvery, news.MinFeedPeriod)
	}
	if c.Raw != "" && !slices.Contains([]track.Raw{track.RawAll, track.RawChanged, track.RawNone}, track.Raw(c.Raw)) {
		return usage("", "raw %q: want all, changed or none", c.Raw)
	}
	if _, err := track.ParseReservedPolicy(c.Reserved); err != nil {
		return usage("such as hide, or noarchive=hide,tdm=skip", "%w", err)
	}
	if _, err := parseBudget(c.Budget); err != nil {
		return err
	}
	if c.Policy != "" {
		if _, err := schedule.Named(c.Policy); err != nil {
			return usage("", "%w", err)
		}
	}
	if _, err := crawl.ParseAllowNet(c.AllowNet); err != nil {
		return usage("such as 127.0.0.1/32:8099 for one port of this machine", "allow-net: %w", err)
	}
	return nil
}

func (c *Config) log(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, usage("", "log-level %q: want debug, info, warn or error", c.LogLevel)
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})), nil
}

// dataDir is stet's folder among the user's data (XDG base directories).
func dataDir() string { return xdg("XDG_DATA_HOME", ".local/share") }

func xdg(variable, fallback string) string {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stet")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "stet-data"
	}
	return filepath.Join(home, fallback, "stet")
}

// settle gives every flag that the command line left alone its value from the
// environment or the config file.
func settle(cmd *cobra.Command, env func(string) (string, bool)) error {
	file, path, err := readConfig(cmd, env)
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, c := range cmd.Root().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
	}
	for key := range file {
		if !known[key] {
			return usage("stet serve --help lists the settings", "config file %s: unknown setting %q", path, key)
		}
	}
	var bad error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" || f.Name == "version" || f.Name == "config" {
			return
		}
		name := "STET_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := env(name)
		from := name
		if !ok {
			var v any
			if v, ok = file[f.Name]; !ok {
				return
			}
			value, from = fmt.Sprint(v), path+": "+f.Name
			if table, ok := tableText(v); ok {
				value = table
			}
		}
		if err := f.Value.Set(value); err != nil {
			bad = errors.Join(bad, usage("", "%s: %q: %v", from, value, err))
		}
	})
	return bad
}

// readConfig reads the config file: the one asked for, or the usual one if it
// is there.
func readConfig(cmd *cobra.Command, env func(string) (string, bool)) (map[string]any, string, error) {
	path, err := cmd.Flags().GetString("config")
	if err != nil {
		return nil, "", nil // completion and the like
	}
	asked := path != ""
	if !asked {
		path, asked = env("STET_CONFIG")
	}
	if !asked {
		path = filepath.Join(xdg("XDG_CONFIG_HOME", ".config"), "stet.toml")
	}
	var file map[string]any
	_, err = toml.DecodeFile(path, &file)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", usage("", "config file %s: %w", path, err)
	}
	return file, path, nil
}
