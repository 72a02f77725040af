package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A browser is Debian's Chromium without a window, and one tab of it.
type browser struct {
	t   *testing.T
	ctx context.Context
	url string

	mu         sync.Mutex // protects complaints
	complaints []string
}

func openBrowser(t *testing.T, h http.Handler) *browser {
	t.Helper()
	var found string
	for _, name := range []string{"/usr/bin/chromium", "chromium"} {
		if p, err := exec.LookPath(name); err == nil {
			found = p
			break
		}
	}
	if found == "" {
		t.Skip("skipped: no chromium")
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(found), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, url: server.URL}
	b.must(chromedp.Listen(ctx, b.hear))
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cdplog.Enable, cdp.Empty{})
		return err
	}))
	return b
}

// hear keeps what the console, the policy and scripts complain about.
func (b *browser) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *cdplog.EventEntryAdded:
		b.complaints = append(b.complaints, fmt.Sprint(e.Entry.Level, ": ", e.Entry.Text))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, "exception: "+e.ExceptionDetails.Text)
	}
}

func (b *browser) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.complaints
	b.complaints = nil
	return out
}

func (b *browser) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) do(a ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, a...))
}

// look sets width and colours, "light" or "dark".
func (b *browser) look(width int64, colours string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}},
		})
		return err
	}))
}

func (b *browser) scripts(on bool) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

func (b *browser) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// eval runs a script and gives its value.
func eval[T any](b *browser, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	b.must(err)
	return v
}

// shoot keeps a picture, for people, when STET_SHOTS names a folder.
func (b *browser) shoot(name string) {
	dir := os.Getenv("STET_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

// pageTypes are one address of each page, by name.
func pageTypes(d *desk) []struct{ name, path string } {
	return []struct{ name, path string }{
		{"list", "/"},
		{"changes", "/versions?changes=1&page=2"},
		{"search", "/versions/search?q=bridge"},
		{"nothing-found", "/versions/search?q=unfindable"},
		{"articles", "/articles"},
		{"article", d.path("/articles/%d", "bridge")},
		{"article-gone", d.path("/articles/%d", "gone")},
		{"article-long", d.path("/articles/%d", "long")},
		{"article-alternating", d.path("/articles/%d", "alternating")},
		{"version", d.path("/articles/%d/versions/2", "bridge")},
		{"version-arabic", d.path("/articles/%d/versions/1", "arabic")},
		{"diff", d.path("/articles/%d/diff/0/1", "bridge")},
		{"diff-moved", d.path("/articles/%d/diff/1/2", "bridge")},
		{"diff-split", d.path("/articles/%d/diff/1/2?view=split", "bridge")},
		{"diff-plain", d.path("/articles/%d/diff/1/2?view=plain", "bridge")},
		{"diff-arabic", d.path("/articles/%d/diff/0/1", "arabic")},
		{"diff-arabic-split", d.path("/articles/%d/diff/0/1?view=split", "arabic")},
		{"diff-chinese", d.path("/articles/%d/diff/0/1", "chinese")},
		{"diff-hostile", d.path("/articles/%d/diff/0/1", "hostile")},
		{"diff-same", d.path("/articles/%d/diff/1/1", "bridge")},
		{"diff-long", d.path("/articles/%d/diff/30/31", "long")},
		{"sources", "/sources"},
		{"source", "/sources/courier"},
		{"lookup", "/lookup"},
		{"about", "/about"},
		{"about-bot", "/about-bot"},
	}
}

func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: short")
	}
	d := filled(t, nil).harbour().meanings().appraised(nil)
	b := openBrowser(t, d.h)
	axe := findAxe()
	for _, p := range slices.Concat(pageTypes(d), harbourPages(d), meaningPages(d)) {
		t.Run(p.name, func(t *testing.T) {
			b.t = t
			b.inspect(p.name, p.path, axe)
		})
	}
	t.Run("admin", func(t *testing.T) {
		b.t = t
		d.must(addWatched(d))
		b.open(d.site.AdminLink())
		b.inspect("admin", "/admin", axe)
		b.inspect("request", "/admin/requests/1", axe)
		b.inspect("ignores", "/admin/ignores", axe)
		b.send("ignores-tried", axe, `pattern.value = "^Ship number"; source.value = "harbour"`)
		b.send("ignores-wrong", axe, `pattern.value = "("; selector.value = "p:has(a)"`)
	})
	t.Run("problem", func(t *testing.T) {
		b.t = t
		b.open("/nowhere")
		b.heard() // the browser itself reports the 404
		b.check("problem", axe, allRules)
	})
	t.Run("selection is clean", func(t *testing.T) { b.t = t; b.selection(d) })
	t.Run("keys", func(t *testing.T) { b.t = t; b.keys(d) })
	t.Run("without scripts", func(t *testing.T) { b.t = t; b.scriptless(d) })
}

// inspect opens a page, and all that is folded away in it, on a phone in light
// colours, then wide and dark.
func (b *browser) inspect(name, path, axe string) {
	b.look(390, "light")
	b.open(path)
	eval[chromedp.Void](b, `for (const d of document.querySelectorAll("details")) d.open = true`)
	b.shoot(name + "-phone-light")
	b.check(name+" (phone, light)", axe, allRules)
	b.look(1200, "dark")
	b.shoot(name + "-wide-dark")
	b.check(name+" (wide, dark)", axe, contrast)
	if os.Getenv("STET_SHOTS") != "" {
		b.look(1200, "light")
		b.shoot(name + "-wide-light")
		b.look(390, "dark")
		b.shoot(name + "-phone-dark")
	}
}

// send fills the form of the ignore rules by a script, sends it and inspects the
// answer.
func (b *browser) send(name, axe, script string) {
	b.look(390, "light")
	b.open("/admin/ignores")
	_, err := chromedp.RunResponse(b.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](`{const {pattern, source, selector} = document.querySelector("form.form").elements; `+script+`;
			document.querySelector("button[value=try]").click()}`)(ctx, t)
		return err
	}))
	b.must(err)
	b.heard() // the browser itself reports an answer of 400
	b.shoot(name + "-phone-light")
	b.check(name+" (phone, light)", axe, allRules)
	b.look(1200, "dark")
	b.shoot(name + "-wide-dark")
	b.check(name+" (wide, dark)", axe, contrast)
}

// Rules of axe-core: all of WCAG 2.2 A and AA with best practice, and the one
// that other colours can break.
const (
	allRules = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]`
	contrast = `{type: "rule", values: ["color-contrast", "link-in-text-block"]}`
)

// check says what is wrong with the page that is open.
func (b *browser) check(what, axe, rules string) {
	b.t.Helper()
	for _, c := range b.heard() {
		b.t.Errorf("%s: the browser complains: %s", what, c)
	}
	if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		b.t.Errorf("%s: scrolls sideways by %d pixels", what, over)
	}
	if eval[bool](b, `!!(window.pwned || document.querySelector("main script, main img, main svg:not(.spark), [onload], [onerror], [onmouseover]"))`) {
		b.t.Errorf("%s: a payload became part of the page", what)
	}
	if axe == "" {
		return
	}
	if !eval[bool](b, `"axe" in window`) {
		eval[chromedp.Void](b, axe)
	}
	found := eval[string](b, `axe.run(document, {runOnly: `+rules+`}).then(r =>
		JSON.stringify(r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.html).slice(0, 3).join(" | "))))`)
	var violations []string
	b.must(json.Unmarshal([]byte(found), &violations))
	for _, v := range violations {
		b.t.Errorf("%s: axe: %s", what, v)
	}
}

// findAxe gives the source of axe-core, or nothing when it is not installed.
func findAxe() string {
	for _, dir := range []string{os.Getenv("STET_AXE"), "../../.cache/node_modules/axe-core"} {
		if src, err := os.ReadFile(filepath.Join(dir, "axe.min.js")); dir != "" && err == nil {
			return string(src) + ";undefined"
		}
	}
	return ""
}

func TestAxeIsThere(t *testing.T) {
	if findAxe() == "" {
		t.Skip("skipped: no axe-core")
	}
}

// selection: who copies a diff copies its words and no helping ones.
func (b *browser) selection(d *desk) {
	b.open(d.path("/articles/%d/diff/0/1", "bridge"))
	got := eval[string](b, `(() => { const s = getSelection(); s.selectAllChildren(document.querySelector("main")); return s.toString(); })()`)
	if strings.Contains(got, "[removed") || strings.Contains(got, "[added") {
		b.t.Errorf("the selection holds helping words: %q", got)
	}
	if !strings.Contains(got, "12") || !strings.Contains(got, "15 lorries were turned back") {
		b.t.Errorf("the selection lacks the words of the diff: %q", got)
	}
}

func (b *browser) keys(d *desk) {
	path := d.path("/articles/%d/diff/1/2", "bridge")
	press := func(key string) {
		eval[chromedp.Void](b, `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "`+key+`", bubbles: true}))`)
	}
	b.open(path)
	first := eval[string](b, `document.querySelector("[data-change]").id`)
	press("j")
	if got := eval[string](b, `location.hash`); got != "#"+first {
		b.t.Errorf("j leads to %q, want the first change %q", got, first)
	}
	press("?")
	if !eval[bool](b, `document.querySelector("dialog").open`) {
		b.t.Error("? shows no help")
	}
	for _, c := range b.heard() {
		b.t.Errorf("the keys make the browser complain: %s", c)
	}
	for key, want := range map[string]string{
		"h": d.path("/articles/%d/diff/0/1", "bridge"), "l": d.path("/articles/%d/diff/2/3", "bridge"), "s": path + "?view=split",
	} {
		b.open(path)
		_, err := chromedp.RunResponse(b.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := chromedp.Evaluate[chromedp.Void](`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "`+key+`", bubbles: true}))`)(ctx, t)
			return err
		}))
		b.must(err)
		if got := eval[string](b, `location.pathname + location.search`); got != want {
			b.t.Errorf("%s leads to %s, want %s", key, got, want)
		}
	}
}

// scriptless: without scripts the diff is all there, and folds open.
func (b *browser) scriptless(d *desk) {
	b.scripts(false)
	defer b.scripts(true)
	b.open(d.path("/articles/%d/diff/0/1", "bridge"))
	if n := eval[int](b, `document.querySelectorAll("del, ins, [data-change]").length`); n < 6 {
		b.t.Errorf("without scripts the diff has %d marks", n)
	}
	if !eval[bool](b, `(() => { document.querySelector("details.fold summary").click(); return document.querySelector("details.fold").open; })()`) {
		b.t.Error("a fold does not open without scripts")
	}
}
