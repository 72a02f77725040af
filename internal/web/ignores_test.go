package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"stet/internal/extract"
	"stet/internal/news"
)

func TestIgnoresOfAdmin(t *testing.T) {
	d := newDesk(t, nil).harbour()
	c, ctx := d.enter(), context.Background()
	try := url.Values{"source": {"harbour"}, "pattern": {"^Ship number"}, "note": {"ships"}, "do": {"try"}}
	a := d.post(c, "/admin/ignores", try)
	if a.StatusCode != 200 {
		t.Fatalf("try = %d", a.StatusCode)
	}
	a.wants(t, "trial", "It would have hidden 18 blocks in 3 versions of the last 9 that are stored.", "Ship number 10 waited in the roads.", "Save the rule")
	rules := func() []news.Ignore {
		src, err := d.store.Source(ctx, "harbour")
		d.must(err)
		r, err := d.store.Ignores(ctx, src.ID)
		d.must(err)
		return r
	}
	if len(rules()) != 2 {
		t.Error("a trial keeps the rule")
	}
	save := url.Values{"tried": {attr(find(a.doc, "input", "name=tried")[0], "value")}, "do": {"save"}, "source": try["source"], "pattern": {"^Ship"}, "note": try["note"]}
	if b := d.post(c, "/admin/ignores", save); b.StatusCode != 200 || len(rules()) != 2 || !strings.Contains(b.main(), "altered after its trial") {
		t.Errorf("a rule altered after its trial is kept: %d, %d rules", b.StatusCode, len(rules()))
	}
	save["pattern"] = try["pattern"]
	if b := d.post(c, "/admin/ignores", save); b.StatusCode != 303 || b.Header.Get("Location") != "/admin/ignores#rules" {
		t.Errorf("save = %d", b.StatusCode)
	}
	kept := rules()
	if len(kept) != 3 || kept[2].Pattern != "^Ship number" || kept[2].Note != "ships" || kept[2].SourceID == 0 {
		t.Fatalf("rules %+v", kept)
	}
	d.get("/admin/ignores", "Cookie", c.String()).wants(t, "list", "text that matches ^Ship number ships")
	if b := d.post(c, "/admin/ignores/"+id(kept[2].ID).String()+"/remove", nil); b.StatusCode != 303 || len(rules()) != 2 {
		t.Errorf("remove = %d, %d rules", b.StatusCode, len(rules()))
	}
	if b := d.post(c, "/admin/ignores/"+id(kept[2].ID).String()+"/remove", nil); b.StatusCode != 404 {
		t.Errorf("remove twice = %d", b.StatusCode)
	}
	d.post(c, "/admin/ignores", url.Values{"selector": {"aside"}, "do": {"try"}}).wants(t, "selector", "stet ignore try", "Save the rule")
	d.post(c, "/admin/ignores", url.Values{"source": {"harbour"}, "pattern": {"[^\x00-\x7f]{900}"}, "do": {"try"}}).wants(t, "no match", "0 blocks in 0 versions")
	quiet := newDesk(t, nil)
	quiet.post(quiet.enter(), "/admin/ignores", url.Values{"pattern": {"x"}, "do": {"try"}}).wants(t, "empty store", "No version is stored")
}

// TestIgnoreForm: what is wrong stands beside its field, and the rest of the
// form is kept.
func TestIgnoreForm(t *testing.T) {
	d := newDesk(t, nil)
	d.source("courier", "The Lessing Courier")
	c := d.enter()
	for _, tt := range []struct {
		name, field, value string
		want               string // about which field there is a complaint; empty = none
	}{
		{"neither", "note", "x", "pattern"},
		{"a pattern that is none", "pattern", "(", "pattern"},
		{"the longest pattern", "pattern", strings.Repeat("x", news.MaxPattern), ""},
		{"one byte longer", "pattern", strings.Repeat("x", news.MaxPattern+1), "pattern"},
		{"a selector that is none", "selector", "p >", "selector"},
		{"another pseudo-class", "selector", "p:has(a)", "selector"},
		{"not", "selector", `p:NOT(.a)[title="a:b"] > i.c\:d`, ""},
		{"as many parts as may be", "selector", strings.Repeat("p ", MaxParts), ""},
		{"one part more", "selector", strings.Repeat("p ", MaxParts) + "> p", "selector"},
		{"a combinator at the end", "selector", "p, ", "selector"},
		{"a quotation mark that is not closed", "selector", `[title="a]`, "selector"},
		{"a descendant inside not", "selector", "p:not(.a .b)", "selector"},
		{"the longest selector", "selector", "." + strings.Repeat("x", MaxSelector-1), ""},
		{"one byte longer than that", "selector", "." + strings.Repeat("x", MaxSelector), "selector"},
		{"no such source", "source", "none", "source"},
		{"the longest note", "note2", strings.Repeat("x", MaxNote), ""},
		{"a longer note", "note2", strings.Repeat("x", MaxNote+1), "note"},
	} {
		form := url.Values{"do": {"save"}, "note": {"kept"}, tt.field: {tt.value}}
		if tt.field == "source" || tt.field == "note2" {
			form.Set("pattern", "y")
		}
		if tt.field == "note2" {
			form.Set("note", tt.value)
		}
		a := d.post(c, "/admin/ignores", form)
		var got []string
		for _, e := range find(a.doc, "p", "class=err") {
			got = append(got, strings.TrimSuffix(attr(e, "id"), "-error"))
		}
		if status := map[bool]int{true: 400, false: 200}[tt.want != ""]; a.StatusCode != status || strings.Join(got, ",") != tt.want {
			t.Errorf("%s = %d, complaints about %q, want %q", tt.name, a.StatusCode, got, tt.want)
		}
		if tt.want != "" && len(find(a.doc, "", "aria-describedby="+tt.want+"-error", "aria-invalid=true")) != 1 {
			t.Errorf("%s: the field is not marked", tt.name)
		}
		if in := find(a.doc, "input", "id=note"); attr(in[0], "value") != form.Get("note") {
			t.Errorf("%s: the note is lost", tt.name)
		}
	}
	if rules, err := d.store.Ignores(context.Background(), 0); err != nil || len(rules) != 0 {
		t.Errorf("%d rules are kept, %v", len(rules), err)
	}
}

func TestTrialLimits(t *testing.T) {
	d := newDesk(t, nil)
	src := d.source("courier", "The Lessing Courier")
	var many []news.Content
	for i := range TrialVersions + 1 {
		many = append(many, text2content("en", "Tides", "", strings.Repeat("Tide ", i+1)))
	}
	d.tell("tides", src, many, time.Minute)
	t1, err := d.site.try(context.Background(), news.Ignore{Pattern: "Tide"}, "courier")
	if err != nil || t1.Versions != TrialVersions || t1.Blocks != TrialVersions || len(t1.Shown) != TrialShown {
		t.Errorf("%+v, %v", t1, err)
	}
	for _, tt := range []struct {
		n    int
		want bool
	}{{TrialText - 1, true}, {TrialText, false}} {
		d.tell("long", d.source("long", "Long"), []news.Content{text2content("en", "Long", "", strings.Repeat("x", tt.n)+"y")}, time.Minute)
		got, err := d.site.try(context.Background(), news.Ignore{Pattern: "y"}, "long")
		if err != nil || (got.Blocks == 1) != tt.want {
			t.Errorf("a match after %d bytes: %+v, %v", tt.n, got, err)
		}
		d = newDesk(t, nil)
	}
	if got := clip("aü", 2); got != "a" {
		t.Errorf("clip cuts a character: %q", got)
	}
}

func TestRenderOfAdmin(t *testing.T) {
	d := newDesk(t, nil)
	d.source("courier", "The Lessing Courier")
	c := d.enter()
	for mode, want := range map[string]string{"dom": "dom", "screenshot": "screenshot", "off": ""} {
		if a := d.post(c, "/admin/sources/courier/render", url.Values{"mode": {mode}}); a.StatusCode != 303 {
			t.Errorf("%s = %d", mode, a.StatusCode)
		}
		if src, err := d.store.Source(context.Background(), "courier"); err != nil || src.Render != want {
			t.Errorf("%s: %q, %v", mode, src.Render, err)
		}
	}
	if a := d.post(c, "/admin/sources/courier/render", url.Values{"mode": {"always"}}); a.StatusCode != 400 {
		t.Errorf("another mode = %d", a.StatusCode)
	}
	if a := d.post(c, "/admin/sources/none/render", url.Values{"mode": {"dom"}}); a.StatusCode != 404 {
		t.Errorf("no such source = %d", a.StatusCode)
	}
}

// FuzzSelector: no rule is kept that extraction refuses, because such a rule
// stops the visits of its source.
func FuzzSelector(f *testing.F) {
	if MaxSelector != extract.MaxSelector || MaxParts != extract.MaxParts || TrialText != extract.MaxIgnoredText {
		f.Fatal("the limits are not those of extraction")
	}
	for _, s := range []string{
		"p", "aside.related > p, li", `a[href="x y"]`, ":not(.a,.b)", "p:NOT(p)", "p:not(p q)", "a:hover", "[a=']']", `a\ b`, "a >> b", "*|x", "p:not(:not(a))",
		"[a~=b i]", `"`, "(", "a,", "#1", `.\31 a`, "a:not([b=c])", "p:not(a)b", "\f", "a\x00b", "é.ü",
	} {
		f.Add(s, "x")
	}
	f.Add("", "(?P<n>a)|b")
	f.Add("", "(")
	f.Fuzz(func(t *testing.T, selector, pattern string) {
		selector, pattern = strings.TrimSpace(selector), strings.TrimSpace(pattern)
		if wrongSelector(selector) != "" || wrongPattern(selector, pattern) != "" {
			return
		}
		if _, err := extract.ParseIgnore(selector, pattern); err != nil {
			t.Errorf("extraction refuses what is kept: %v", err)
		}
		if err := (news.Ignore{Selector: selector, Pattern: pattern}).Check(); err != nil {
			t.Errorf("the store refuses what is kept: %v", err)
		}
	})
}
