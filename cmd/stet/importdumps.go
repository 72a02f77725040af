package main

import (
	"time"

	"github.com/spf13/cobra"

	"stet/internal/archive"
	"stet/internal/news"
)

// dumpFormats are the formats of other watchers' databases, a command each.
func dumpFormats() []importFormat {
	return []importFormat{
		dumpFormat("newssniffer", archive.NewsSnifferDump, "Add the articles of a News Sniffer",
			"The MySQL dump of a News Sniffer, as mysqldump or mariadb-dump write it: the tables\nnews_articles, news_article_versions and news_article_version_texts. Plain, gzip\nor zstd. Articles that its operator has hidden are left out.",
			"  stet import newssniffer --home https://sniffer.example.org newssniffer.sql.gz", false),
		dumpFormat("newsdiffs", archive.NewsDiffsRepository, "Add the articles of a NewsDiffs",
			"The SQL of a NewsDiffs – its SQLite file or a dump of the tables Articles and\nversion – and its git repositories, which the program git reads.",
			"  stet import newsdiffs --repository newsdiffs/articles newsdiffs.sql.gz", true),
		dumpFormat("diffengine", archive.Diffengine, "Add the articles of a diffengine",
			"The SQLite database of a diffengine, diffengine.db.",
			"  stet import diffengine diffengine.db", false),
		dumpFormat("newsdiff", archive.NewsdiffDump, "Add the articles of an rmdes/newsdiff",
			"The PostgreSQL dump of an rmdes/newsdiff, as pg_dump writes it in plain text.\nPlain, gzip or zstd.",
			"  stet import newsdiff --home https://diff.example.org newsdiff.sql", false),
	}
}

// dumpFlags are what a dump does not say of itself.
type dumpFlags struct {
	home, zone, repository, temporary string
	cmd                               *cobra.Command
}

// dumpFormat gives one format its command.
func dumpFormat(name string, open func(string, archive.DumpOptions) (archive.Reader, error), short, long, example string, git bool) importFormat {
	d := &dumpFlags{}
	return importFormat{name: name, origin: name, short: short, long: long, example: example,
		flags: func(cmd *cobra.Command) { d.add(cmd, git) },
		open: func(path string, source archive.Source, position string) (archive.Reader, error) {
			o, err := d.options(source, position)
			if err != nil {
				return nil, err
			}
			return open(path, o)
		}}
}

func (d *dumpFlags) add(cmd *cobra.Command, git bool) {
	d.cmd = cmd
	cmd.Flags().StringVar(&d.home, "home", "", "the site's own addresses began with this `URL`, and lead to the articles")
	cmd.Flags().StringVar(&d.zone, "zone", "", "times that name no zone are of this `ZONE`, as Europe/Paris")
	cmd.Flags().StringVar(&d.temporary, "temporary", "", "`FOLDER` for a temporary database as large as the texts")
	if git {
		cmd.Flags().StringVar(&d.repository, "repository", "", "`FOLDER` of the git repositories (default: articles, beside the file)")
	}
}

// options checks the flags.
func (d *dumpFlags) options(source archive.Source, position string) (archive.DumpOptions, error) {
	o := archive.DumpOptions{Source: source, Home: d.home, Repository: d.repository, Temporary: d.temporary, Position: position}
	if d.home != "" {
		if _, err := news.ParseAddress(d.home, nil); err != nil {
			return o, usage("", "--home: %w", err)
		}
	}
	if d.zone != "" {
		zone, err := time.LoadLocation(d.zone)
		if err != nil {
			return o, usage("", "--zone: %w", err)
		}
		o.Zone = zone
	}
	p := newProgress(d.cmd.ErrOrStderr())
	o.Loaded = func(rows int) { p.show("read: %d rows", rows) }
	return o, nil
}
